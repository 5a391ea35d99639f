"""Writing firms, with the names and seats that they get."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from rest_framework.request import Request

from companies.models import Company, CompanyName, Residency, Seat
from companies.refusals import UnknownFirm, read_code
from companies.views import CompanyDetailView, CompanyListView
from companies.writing.bodies import CompanyBody, CompanyChangeBody, CompanyEndBody
from registry import scope
from registry.api.refusals import Mistake
from registry.writing.refusals import Conflict
from registry.writing.views import WritingView, assign
from registry.writing.writers import Writer

DATED = {"names": CompanyName, "seats": Seat}
OF_A_NEW_FIRM = ("names", "seats", "residencies", "is_another_firm")


def write_new_firm(writer: Writer, given: dict[str, Any], at: str = "") -> Company:
    """A firm with its names, seats and stays, and Conflict where the register may hold it already."""
    beside = {name: given.pop(name, []) for name in OF_A_NEW_FIRM}
    firm = Company()
    assign(firm, given, {})
    if not beside["is_another_firm"]:
        _ask_for_twins(writer, given["uscc"], beside["names"], at)
    writer.save(firm, at)
    _add_dated(writer, firm, beside, at)
    for place, stay in enumerate(beside["residencies"]):
        row: Any = Residency(company=firm)
        assign(row, stay, {})
        writer.save(row, f"{at}/residencies/{place}")
    return firm


def write_changes(writer: Writer, firm: Company, given: dict[str, Any], at: str = "") -> None:
    """The firm's own members, and names and seats that begin; what was open until then ends."""
    beside = {name: given.pop(name, []) for name in DATED}
    if given:
        assign(firm, given, {})
        writer.save(firm, at)
    _add_dated(writer, firm, beside, at)


def _add_dated(writer: Writer, firm: Company, beside: dict[str, Any], at: str) -> None:
    for member, model in DATED.items():
        rows: Sequence[dict[str, Any]] = beside[member]
        for place, given in sorted(enumerate(rows), key=lambda row: row[1]["valid_from"]):
            pointer = f"{at}/{member}/{place}"
            _end_open(writer, model, firm, given["valid_from"], pointer)
            row: Any = model(company=firm)  # type: ignore[misc]
            assign(row, given, {})
            writer.save(row, pointer)


def _end_open(writer: Writer, model: Any, firm: Company, day: Any, pointer: str) -> None:
    """The one that has no end and began earlier ends on the first day of the next."""
    before = model.objects.filter(company=firm, valid_until=None, valid_from__lt=day).select_for_update(no_key=True)
    for row in before:
        row.valid_until = day
        writer.save(row, pointer)


def _ask_for_twins(writer: Writer, code: str, names: Sequence[dict[str, Any]], at: str) -> None:
    """As the admin asks once before another firm is entered; a firm with the very code is another rule's to refuse."""
    from companies.entering.twins import twins

    found = twins(writer.user, code=code, names=[name["name_zh"] for name in names])
    alike = [twin for twin in found if twin.is_strong and twin.uscc != code]
    if alike:
        told = "; ".join(f"{twin.uscc} {twin.name} ({twin.why})" for twin in alike)
        detail = _("The register may hold this firm already: %s. If it is another, send is_another_firm.") % told
        raise Conflict([Mistake("possible_twin", detail, pointer=f"{at}/uscc", nearest=alike[0].uscc)])


class FirmRows:
    """Firms in the city or not, and drafts to whom they belong."""

    user: Any

    def rows(self, day: Any) -> QuerySet[Any]:
        public: QuerySet[Any] = super().rows(day)  # type: ignore[misc]
        if not self.user.is_authenticated:
            return public
        own = scope.scope(Company.objects.all(), self.user)
        firms: QuerySet[Any] = Company.objects.for_day(day).filter(
            Q(pk__in=own.values("pk")) | Q(pk__in=public.values("pk"))
        )
        return firms


class CompanyCollectionView(WritingView, CompanyListView):
    """Firms seated in the city on the day; `seated=any` for all."""

    http_method_names = ["get", "head", "options", "post"]  # noqa: RUF012
    bodies: ClassVar[Any] = {"POST": CompanyBody}

    def post(self, request: Request) -> HttpResponse:
        """Enters a firm with its first name."""
        return self.create_once(request)

    def create(self, writer: Writer, given: dict[str, Any]) -> int:
        return int(write_new_firm(writer, given).pk)

    def address_of(self, key: int) -> str:
        return f"{self.request.path}{Company.objects.values_list('uscc', flat=True).get(pk=key)}/"


class CompanyEntryView(FirmRows, WritingView, CompanyDetailView):
    """One firm by its credit code, seated or not. A 404 says by `errors[0].code` whether the code is mistyped
    (`bad_check_digit`, `wrong_length`, `wrong_character`, `not_a_credit_code`), sound and not in the register
    (`unknown_uscc`), or in it only since a moment after `known_at` (`known_later`)."""

    http_method_names = ["get", "head", "options", "patch", "delete"]  # noqa: RUF012
    bodies: ClassVar[Any] = {"PATCH": CompanyChangeBody}

    def patch(self, request: Request, **kwargs: Any) -> HttpResponse:
        """Changes a firm's own members, and gives it further names and seats."""
        return self.change_read(request)

    def delete(self, request: Request, **kwargs: Any) -> HttpResponse:
        """Deletes a firm that was entered by mistake; one that ceased is dissolved."""
        return self.delete_read(request)

    def found(self, writer: Writer, asked: set[int]) -> Company:
        code = self.kwargs["uscc"]
        try:
            firm: Company = writer.locked(Company.objects.all(), asked, uscc=read_code(code))
        except Http404:
            raise UnknownFirm(code) from None
        return firm

    def change(self, writer: Writer, given: dict[str, Any], asked: set[int]) -> int:
        firm = self.found(writer, asked)
        write_changes(writer, firm, given)
        return int(firm.pk)


class CompanyEndView(CompanyEntryView):
    """Dissolves a firm; `successor` is the firm that absorbed it."""

    http_method_names = ["options", "post"]  # noqa: RUF012
    bodies: ClassVar[Any] = {"POST": CompanyEndBody}

    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        """Dissolves a firm; `successor` is the firm that absorbed it."""
        return self.end_once(request)

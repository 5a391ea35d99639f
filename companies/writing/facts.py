"""Writing stays, certificates and financings: facts about firms, each at its own address."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from rest_framework.request import Request

from companies.models import Certification, Financing, FinancingParty, FinancingStatusEvent, Residency
from companies.rows import PUBLIC_FACT
from companies.views import (
    PARTIES,
    CertificationListView,
    CertificationRows,
    FinancingListView,
    FinancingRows,
    ResidencyListView,
    ResidencyRows,
)
from companies.writing.bodies import (
    CertificationBody,
    CertificationChangeBody,
    CertificationEndBody,
    FinancingBody,
    FinancingChangeBody,
    FinancingEndBody,
    ResidencyBody,
    ResidencyChangeBody,
    ResidencyEndBody,
)
from registry import scope
from registry.api.refusals import BodyProblem, Mistake
from registry.api.views import RegisterDetailView
from registry.writing.views import WritingView, assign
from registry.writing.writers import Writer

LARGEST_ID = 2**63 - 1


class FactCollectionView(WritingView):
    """A list of facts to which one can be added."""

    http_method_names = ["get", "head", "options", "post"]  # noqa: RUF012
    model: ClassVar[type[Model]]
    entry_view: ClassVar[type[FactEntryView]]

    def post(self, request: Request) -> HttpResponse:
        """Adds one."""
        return self.create_once(request)

    def create(self, writer: Writer, given: dict[str, Any]) -> int:
        row = self.model()
        assign(row, given, {})
        writer.save(row)
        return int(row.pk)

    def address_of(self, key: int) -> str:
        return f"{self.request.path}{key}/"

    def entry(self, key: int) -> bytes:
        """Also one that the list, which is for everyone, leaves out."""
        return self.entries([key], self.entry_view.answered)


class FactEntryView(WritingView, RegisterDetailView):
    """One fact by its id, which never changes; one that is not public to whom it belongs."""

    http_method_names = ["get", "head", "options", "patch", "delete"]  # noqa: RUF012
    lookup_field = "id"
    model: ClassVar[type[Model]]

    def rows(self, day: Any) -> QuerySet[Any]:
        every: QuerySet[Any] = self.model._default_manager.all()
        public = every.filter(self.public())
        if not self.user.is_authenticated:
            return public
        own = scope.scope(every, self.user)
        return every.filter(Q(pk__in=own.values("pk")) | Q(pk__in=public.values("pk")))

    def public(self) -> Q:
        return PUBLIC_FACT

    def row(self, value: Any) -> tuple[int, int]:
        if int(value) > LARGEST_ID:
            raise Http404
        return super().row(value)

    def patch(self, request: Request, **kwargs: Any) -> HttpResponse:
        """Corrects it; what is not given stays."""
        return self.change_read(request)

    def delete(self, request: Request, **kwargs: Any) -> HttpResponse:
        """Deletes what was entered by mistake; what is over is ended."""
        return self.delete_read(request)

    def found(self, writer: Writer, asked: set[int]) -> Any:
        if self.kwargs["id"] > LARGEST_ID:
            raise Http404
        return writer.locked(self.model._default_manager.all(), asked, pk=self.kwargs["id"])

    def change(self, writer: Writer, given: dict[str, Any], asked: set[int]) -> int:
        row = self.found(writer, asked)
        self.correct(writer, row, given)
        return int(row.pk)

    def correct(self, writer: Writer, row: Any, given: dict[str, Any]) -> None:
        assign(row, given, {})
        writer.save(row)


class EndView(FactEntryView):
    """Ends it; it stays in the register."""

    http_method_names = ["options", "post"]  # noqa: RUF012

    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        """Ends it; it stays in the register."""
        return self.end_once(request)


# --- Stays
class ResidencyEntryView(FactEntryView, ResidencyRows):
    """One stay."""

    model = Residency
    bodies: ClassVar[Any] = {"PATCH": ResidencyChangeBody}


class ResidencyCollectionView(FactCollectionView, ResidencyListView):
    """Stays of firms in incubators, open or ended."""

    model = Residency
    entry_view = ResidencyEntryView
    bodies: ClassVar[Any] = {"POST": ResidencyBody}


class ResidencyEndView(EndView, ResidencyEntryView):
    """Ends a stay: the firm graduated, left, moved or closed."""

    bodies: ClassVar[Any] = {"POST": ResidencyEndBody}


# --- Certificates
def resolve_predecessor(given: dict[str, Any], user: Any) -> None:
    """The certificate that is renewed, by its id."""
    if (key := given.get("predecessor")) is not None:
        found = scope.scope(Certification.objects.all(), user).filter(pk=key).first()
        if found is None:
            detail = _("You see no certificate with the id %d.") % key
            raise BodyProblem([Mistake("unknown_certification", detail, pointer="/predecessor")])
        given["predecessor"] = found


class CertificationEntryView(FactEntryView, CertificationRows):
    """One certificate."""

    model = Certification
    bodies: ClassVar[Any] = {"PATCH": CertificationChangeBody}

    def correct(self, writer: Writer, row: Any, given: dict[str, Any]) -> None:
        resolve_predecessor(given, self.user)
        super().correct(writer, row, given)


class CertificationCollectionView(FactCollectionView, CertificationListView):
    """Certificates, with their state on the day and the seat on the day of issue."""

    model = Certification
    entry_view = CertificationEntryView
    bodies: ClassVar[Any] = {"POST": CertificationBody}

    def create(self, writer: Writer, given: dict[str, Any]) -> int:
        resolve_predecessor(given, self.user)
        return super().create(writer, given)


class CertificationEndView(EndView, CertificationEntryView):
    """Revokes a certificate, from a day that may lie before the decision."""

    bodies: ClassVar[Any] = {"POST": CertificationEndBody}


# --- Financings
def write_parties(writer: Writer, financing: Financing, parties: list[dict[str, Any]]) -> None:
    """The parties become those given; one that stays keeps its row."""
    kept = {(part.partner_id, part.role): part for part in financing.parties.select_for_update(no_key=True)}
    for place, given in enumerate(parties):
        row = kept.pop((given["partner"].pk, given["role"]), None) or FinancingParty(financing=financing)
        assign(row, {"risk_share": None, **given}, {})
        writer.save(row, f"/parties/{place}")
    for row in kept.values():
        writer.delete(row)


class FinancingEntryView(FactEntryView, FinancingRows):
    """One financing: published by its parties, or the caller's own."""

    model = Financing
    bodies: ClassVar[Any] = {"PATCH": FinancingChangeBody}

    def public(self) -> Q:
        return PUBLIC_FACT & Q(pk__in=Financing.objects.published().values("pk"))

    @classmethod
    def facts(cls, day: Any) -> QuerySet[Any]:
        """Of whatever confidentiality: which of them the caller may see is told by `rows`."""
        found: QuerySet[Any] = Financing.objects.with_firm_at_agreement().prefetch_related(PARTIES)
        return found

    def correct(self, writer: Writer, row: Any, given: dict[str, Any]) -> None:
        parties = given.pop("parties", None)
        if given:
            super().correct(writer, row, given)
        if parties is not None:
            write_parties(writer, row, parties)


class FinancingCollectionView(FactCollectionView, FinancingListView):
    """Financings that their parties have published, agreed by the day."""

    model = Financing
    entry_view = FinancingEntryView
    bodies: ClassVar[Any] = {"POST": FinancingBody}

    def create(self, writer: Writer, given: dict[str, Any]) -> int:
        parties = given.pop("parties")
        key = super().create(writer, given)
        write_parties(writer, Financing.objects.get(pk=key), parties)
        return key


class FinancingEndView(EndView, FinancingEntryView):
    """Tells what became of a financing on a day: repaid, written off, converted, exited."""

    bodies: ClassVar[Any] = {"POST": FinancingEndBody}

    def correct(self, writer: Writer, row: Any, given: dict[str, Any]) -> None:
        event = FinancingStatusEvent(financing=row)
        assign(event, given, {})
        writer.save(event)

"""Many firms in one request: each item is judged alone, and all are written or, if asked so, those that can be."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

from django.db import transaction
from django.db.models import TextChoices
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions, serializers
from rest_framework.request import Request

from companies.models import Company
from companies.refusals import UnknownFirm, read_code
from companies.views import CompanyDetailView
from companies.writing.bodies import CompanyBody, CompanyChangeBody
from companies.writing.firms import write_changes, write_new_firm
from registry.api.problems import mistakes_in
from registry.api.refusals import CODES, BodyProblem, Mistake, Problem
from registry.api.renderers import RegisterJSONRenderer
from registry.history.acting import seal_now
from registry.writing.fields import Choice, Flag, Number, fail
from registry.writing.views import WriteBody, WritingView
from registry.writing.writers import Writer

MOST_ITEMS = 1_000


class Op(TextChoices):
    CREATE = "create", gettext_lazy("enter a firm")
    CHANGE = "change", gettext_lazy("change a firm")


class Items(serializers.ListField):
    """Read one by one, so that each is refused for itself."""

    def to_internal_value(self, data: Any) -> list[Any]:
        if not isinstance(data, list):
            raise fail("not_a_list", _("This is a list."))
        if not 0 < len(data) <= MOST_ITEMS:
            raise fail("too_many_items", _("This has 1 to %d items.") % MOST_ITEMS)
        return data


OP = gettext_lazy("What is done: `create` or `change`.")


class CreateItemBody(CompanyBody):
    op = Choice(Op, required=True, help_text=OP)


class ChangeItemBody(CompanyChangeBody):
    """`uscc` names the firm, `version` the one that was read."""

    op = Choice(Op, required=True, help_text=OP)
    version = Number(required=True, help_text=gettext_lazy("The version that was read, as `If-Match` names it."))


class BatchBody(WriteBody):
    """`atomic`, which is the default, writes all or nothing."""

    atomic = Flag(help_text=gettext_lazy("Whether one failure stops all; true unless given."))
    items = Items(
        child=serializers.DictField(),
        write_only=True,
        help_text=gettext_lazy(
            "Up to 1,000: the members of a single write, with `op` and to change `uscc`, `version`."
        ),
    )


class ItemSerializer(serializers.Serializer[Any]):
    """What became of one item."""

    index = serializers.IntegerField(help_text=gettext_lazy("The place of the item, from 0 on."))
    status = serializers.IntegerField(help_text=gettext_lazy("As if it had been sent alone."))
    uscc = serializers.CharField(required=False, help_text=gettext_lazy("The firm that was written."))
    id = serializers.IntegerField(required=False, help_text=gettext_lazy("Its id, which never changes."))
    version = serializers.IntegerField(required=False, help_text=gettext_lazy("Its version from now on."))
    code = serializers.CharField(required=False, help_text=gettext_lazy("Why it was not written, as a stable word."))
    errors = serializers.ListField(
        required=False, child=serializers.DictField(), help_text=gettext_lazy("Each mistake.")
    )  # type: ignore[assignment]


class BatchMetaSerializer(serializers.Serializer[Any]):
    written = serializers.IntegerField(help_text=gettext_lazy("How many items were written."))
    failed = serializers.IntegerField(help_text=gettext_lazy("How many were not."))


class BatchSerializer(serializers.Serializer[Any]):
    """What became of each item, in their order."""

    vars()["data"] = ItemSerializer(many=True)
    meta = BatchMetaSerializer()


class CompanyBatchView(WritingView, CompanyDetailView):
    """Enters and changes up to 1,000 firms. Items have the members of a single write, `op`, and to change one its
    `uscc` and `version`."""

    http_method_names = ["options", "post"]  # noqa: RUF012
    bodies: ClassVar[Any] = {"POST": BatchBody}
    answer_serializer = BatchSerializer

    def post(self, request: Request) -> HttpResponse:
        """Enters and changes up to 1,000 firms; 207 where some could not be written and `atomic` is false."""
        return self.create_once(request)

    def create_and_answer(self, given: dict[str, Any]) -> HttpResponse:
        self.writer(given)
        done = [self.one(index, item) for index, item in enumerate(given["items"])]
        failed = [one for one in done if one["status"] >= 400]
        if failed and given.get("atomic", True):
            raise BodyProblem([mistake for one in failed for mistake in one["mistakes"]], "invalid_items")
        seal_now()
        for one in failed:
            one["errors"] = [mistake.as_json() for mistake in one.pop("mistakes")]
        meta = {"written": len(done) - len(failed), "failed": len(failed)}
        content = RegisterJSONRenderer().render({"data": done, "meta": meta})
        media_type = RegisterJSONRenderer.media_type
        return HttpResponse(content, status=207 if failed else 200, content_type=media_type)

    def one(self, index: int, item: Any) -> dict[str, Any]:
        """What became of the item; nothing of it stays where it was refused."""
        try:
            with transaction.atomic():
                firm, status = self.write_item(item)
        except (exceptions.APIException, Http404) as refusal:
            return {"index": index, **_told(refusal, f"/items/{index}")}
        return {"index": index, "status": status, "uscc": firm.uscc, "id": firm.pk, "version": firm.version}

    def write_item(self, item: Any) -> tuple[Company, int]:
        is_change = isinstance(item, dict) and item.get("op") == Op.CHANGE
        body = (ChangeItemBody if is_change else CreateItemBody)(data=item, context={"user": self.user})
        body.is_valid(raise_exception=True)
        given: dict[str, Any] = dict(body.validated_data)
        given.pop("op")
        if given.pop("reason", None) is not None:
            raise BodyProblem([Mistake("reason_of_an_item", _("One reason stands for all items."), pointer="/reason")])
        writer = Writer(self.user)
        if is_change:
            firm = self.found_firm(writer, given)
            write_changes(writer, firm, given)
        else:
            firm = write_new_firm(writer, given)
        writer.finish()
        firm.refresh_from_db(fields=["version", "uscc"])
        return firm, 200 if is_change else 201

    def found_firm(self, writer: Writer, given: dict[str, Any]) -> Company:
        code = given.pop("uscc", "")
        if not code:
            raise BodyProblem([Mistake("required", _("Which firm is changed is told by its uscc."), pointer="/uscc")])
        try:
            firm: Company = writer.locked(Company.objects.all(), {given.pop("version")}, uscc=read_code(code))
        except Http404:
            raise UnknownFirm(code) from None
        return firm


def _told(refusal: Exception, at: str) -> dict[str, Any]:
    """Status, code and mistakes of one item, which point below it."""
    if isinstance(refusal, Problem):
        status, code, found = refusal.status_code, refusal.code, refusal.mistakes
    elif isinstance(refusal, exceptions.ValidationError):
        status, code, found = 400, "invalid_body", list(mistakes_in(refusal.detail))
    else:
        status = getattr(refusal, "status_code", 404)
        code = CODES[status]
        found = [Mistake(code, str(refusal) or code)]
    mistakes = [replace(one, parameter=None, pointer=at + (one.pointer or "")) for one in found]
    return {"status": status, "code": code, "mistakes": mistakes}

"""The bases of every endpoint that writes. What a body holds, and what is done with it, the views themselves say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.db.models import ProtectedError
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.request import Request

from registry import scope
from registry.api.callers import caller_of
from registry.api.kinds import TextKind
from registry.api.parameters import LANG, Parameter
from registry.api.refusals import BodyProblem, BodyTooLarge, Mistake
from registry.api.views import EntryView
from registry.history.acting import seal_now, tell_reason
from registry.middleware import SAFE_METHODS
from registry.writing.fields import Body, Text
from registry.writing.once import once
from registry.writing.refusals import Conflict, MayNotWrite
from registry.writing.versions import asked_versions
from registry.writing.writers import Writer

MOST_OF_A_REASON = 500
MOST_BYTES: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 2_621_440
REASON = Parameter(
    "reason",
    TextKind(),
    gettext_lazy("Why the entry was a mistake; kept in its history."),
    most_characters=MOST_OF_A_REASON,
)


class WriteBody(Body):
    """What every body may say beside its members."""

    reason = Text(MOST_OF_A_REASON, help_text=gettext_lazy("Why; kept in the history beside who wrote."))


class WritingView(EntryView):
    """Writes of one kind of entry; `bodies` gives the body of each unsafe method, none for DELETE.

    Answers as the detail does: the entry as everyone may read it, with its new tag.
    """

    bodies: ClassVar[Mapping[str, type[WriteBody]]] = {}

    @classmethod
    def parameters_of(cls, method: str) -> tuple[Parameter, ...]:
        if method in SAFE_METHODS:
            return cls.parameters()
        return (REASON, LANG) if method == "DELETE" else (LANG,)

    @property
    def user(self) -> Any:
        return self.request.user

    # --- What a view says of its own
    def create(self, writer: Writer, given: dict[str, Any]) -> int:
        """The key of what was made."""
        raise NotImplementedError

    def change(self, writer: Writer, given: dict[str, Any], asked: set[int]) -> int:
        """The key of what was changed, which the caller has read in one of the asked versions."""
        raise NotImplementedError

    def found(self, writer: Writer, asked: set[int]) -> Any:
        """The row of the address, locked."""
        raise NotImplementedError

    def address_of(self, key: int) -> str:
        """The path of the entry, for Location."""
        raise NotImplementedError

    # --- The methods
    def create_once(self, request: Request) -> HttpResponse:
        return self.done_once(request, lambda: self.create_and_answer(self.read_body(request)))

    def end_once(self, request: Request) -> HttpResponse:
        return self.done_once(request, lambda: self.change_read(request))

    def done_once(self, request: Request, write: Callable[[], HttpResponse]) -> HttpResponse:
        self.require_writer()
        if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
            raise BodyTooLarge
        body = request._request.body  # before the parser reads it away
        return once(request._request, caller_of(request), body, write)

    def create_and_answer(self, given: dict[str, Any]) -> HttpResponse:
        writer = self.writer(given)
        return self.written(writer, self.create(writer, given), 201)

    def change_read(self, request: Request) -> HttpResponse:
        self.require_writer()
        asked = asked_versions(request._request)
        given = self.read_body(request)
        writer = self.writer(given)
        return self.written(writer, self.change(writer, given, asked), 200)

    def delete_read(self, request: Request) -> HttpResponse:
        self.require_writer(delete=True)
        writer = self.writer({"reason": self.asked.values.get("reason", "")})
        row = self.found(writer, asked_versions(request._request))
        try:
            writer.delete(row)
        except ProtectedError as error:
            words = {"what": ", ".join(sorted({str(one._meta.verbose_name_plural) for one in error.protected_objects}))}
            detail = _("Other entries hang on it and must go first: %(what)s.") % words
            raise Conflict([Mistake("has_dependents", detail)]) from None
        writer.finish()
        return self.empty()

    def empty(self) -> HttpResponse:
        response = HttpResponse(status=204, headers={"Content-Length": "0"})
        del response.headers["Content-Type"]
        return response

    # --- Parts of them
    def read_body(self, request: Request) -> dict[str, Any]:
        """The members of the body; BodyProblem or DRF's ValidationError name what is wrong with it."""
        body = self.bodies[request.method or ""](data=request.data, context={"user": self.user})
        body.is_valid(raise_exception=True)
        given: dict[str, Any] = dict(body.validated_data)
        if not given.keys() - {"reason"}:
            raise BodyProblem([Mistake("nothing_given", _("The body gives nothing to write."), pointer="")])
        return given

    def require_writer(self, *, delete: bool = False) -> None:
        """Before anything is read: who may not write here at all need not hear what is wrong with the body."""
        if not (scope.may_delete if delete else scope.may_write)(self.user, self.queryset.model):
            raise MayNotWrite

    def writer(self, given: dict[str, Any]) -> Writer:
        tell_reason(given.pop("reason", ""))
        return Writer(self.user)

    def written(self, writer: Writer, key: int, status: int) -> HttpResponse:
        """The answer to what was written, as it will be read after the commit."""
        writer.finish()
        seal_now()
        version = self.queryset.model._base_manager.values_list("version", flat=True).get(pk=key)
        response = self.answer(key, version)
        response.status_code = status
        if status == 201:
            response["Location"] = self.request.build_absolute_uri(self.address_of(key))
        return response


def assign(row: Any, given: Mapping[str, Any], members: Mapping[str, str]) -> None:
    """Sets the fields of the row that the body gives; `members` are names of members by field where they differ."""
    fields = {member: field for field, member in members.items()}
    for member, value in given.items():
        setattr(row, fields.get(member, member), value)

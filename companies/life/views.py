"""`companies/{uscc}/history/`: a firm's life, oldest change first."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from companies.life.changes import Change, changes_of
from companies.life.subjects import SUBJECTS
from companies.refusals import public_firm_of
from registry.api.cursors import Position, Question
from registry.api.kinds import DayKind
from registry.api.parameters import CURSOR, KNOWN_AT, LANG, LIMIT, Parameter
from registry.api.renderers import RegisterJSONRenderer
from registry.api.snapshots import in_one_snapshot
from registry.api.views import RegisterView, json_answer

HELD_ON = Parameter(
    "valid_on",
    DayKind(),
    _("Only changes of what held on this day (YYYY-MM-DD, in Shanghai), before the change or after it."),
)
KINDS = ("create", "correct", "end", "delete", "withdraw")
REASON_CLASSES = ("entered", "loaded")
VALUES = {"type": "object", "additionalProperties": {"type": ["string", "null"]}}


@extend_schema_field(VALUES)
class ValuesField(serializers.DictField):
    """What an entry showed, by member."""


class ChangeSerializer(serializers.Serializer[Any]):
    """One public change."""

    sequence = serializers.IntegerField(help_text=_("The number of the change; the changes of one writing share it."))
    recorded_at = serializers.DateTimeField(help_text=_("The moment at which the register learned it."))
    subject = serializers.ChoiceField([subject.name for subject in SUBJECTS], help_text=_("What was changed."))
    id = serializers.IntegerField(help_text=_("The immutable id of the entry."))
    kind = serializers.ChoiceField(
        KINDS,
        help_text=_(
            "create: it is there for the first time; correct: it said something else before; end: it came to its end; "
            "delete: it was a mistake; withdraw: it is no longer among what everyone may read of the firm."
        ),
    )
    reason_class = serializers.ChoiceField(
        REASON_CLASSES, help_text=_("entered: by a person, in a form; loaded: from a file or by a program.")
    )
    true_from = serializers.DateField(
        allow_null=True, help_text=_("The first day on which the entry holds; null when that is not known.")
    )
    true_until = serializers.DateField(
        allow_null=True, help_text=_("The first day on which the entry no longer holds; null when no end is known.")
    )
    changed = serializers.ListField(
        child=serializers.CharField(), help_text=_("The members that changed; empty for what came or went whole.")
    )
    old = ValuesField(allow_null=True, help_text=_("What it showed before; null when it was not there."))
    new = ValuesField(allow_null=True, help_text=_("What it shows since; null when it is gone."))


class HistoryMetaSerializer(serializers.Serializer[Any]):
    """The clocks of a history."""

    valid_on = serializers.DateField(allow_null=True, help_text=_("The day that was asked for; null for all."))
    known_at = serializers.DateTimeField(
        allow_null=True, help_text=_("The moment up to which the changes are told: that given, or of the last change.")
    )
    digest = serializers.CharField(
        required=False, help_text=_("With `known_at`: sha256 over the question and the data, which stay as they are.")
    )


class HistorySerializer(serializers.Serializer[Any]):
    """A firm's life, oldest change first."""

    vars()["data"] = ChangeSerializer(many=True)
    next = serializers.URLField(allow_null=True, help_text=_("The address of the next page; null on the last."))
    meta = HistoryMetaSerializer()


class CompanyHistoryView(RegisterView):
    """Every public change of one firm and of its public facts: what, when true, when recorded, old and new."""

    answer_serializer = HistorySerializer

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        return (HELD_ON, KNOWN_AT, LANG, LIMIT, CURSOR)

    @in_one_snapshot
    def get(self, request: Request, uscc: str) -> HttpResponse:
        firm = public_firm_of(uscc, self.asked.known_at)
        question, limit = self.question(), self.asked.values["limit"]
        after = self.after(question)
        changes = changes_of(firm, self.asked.known_at, self.asked.values.get("valid_on"))
        left = [change for change in changes if after is None or _place(change) > after]
        data: bytes = RegisterJSONRenderer().render(left[:limit])
        meta = {**self.clocks(), **self.digest(data, after=str(after))}
        following = self.next_url(question, _position(left[limit - 1])) if len(left) > limit else None
        return json_answer(data, {"next": following, "meta": meta})

    @property
    def stays(self) -> bool:
        return self.asked.known_at is not None

    def clocks(self) -> dict[str, str | None]:
        return super().clocks() | {"valid_on": self.asked.texts.get("valid_on")}

    def question(self) -> Question:
        clocks = self.clocks()
        known_at = clocks["known_at"] if self.asked.known_at else None
        return Question(self.request.path, "sequence", {}, clocks["valid_on"] or "", known_at, "public")

    def after(self, question: Question) -> tuple[int, int, int] | None:
        position = self.position(question)
        if position is None:
            return None
        sequence, place = map(int, position.value.split("."))
        return sequence, place, position.key


PLACES = {subject.name: place for place, subject in enumerate(SUBJECTS)}


def _position(change: Change) -> Position:
    sequence, place, key = _place(change)
    return Position(f"{sequence}.{place}", key)


def _place(change: Change) -> tuple[int, int, int]:
    """The order of the changes."""
    return change["sequence"], PLACES[change["subject"]], change["id"]

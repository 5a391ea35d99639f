"""`changes/` and `changes/checkpoint/`."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.request import Request

from registry.api.callers import caller_of
from registry.api.cursors import Position, Question
from registry.api.kinds import IntegerKind
from registry.api.parameters import CURSOR, LANG, Parameter
from registry.api.refusals import Mistake, ParameterProblem
from registry.api.renderers import RegisterJSONRenderer
from registry.api.snapshots import in_one_snapshot
from registry.api.views import RegisterView, json_answer
from registry.feed.types import Circle
from registry.feed.walking import Place, Span, digests, moment_of
from registry.history import last_sequence

LARGEST = 2**62
MOST_EVENTS = 1_000
LONGEST_WALK = 24 * 3600  # seconds


class SequenceKind(IntegerKind):
    """The number of a change; whether it has been given yet, the view asks."""


AFTER = Parameter(
    "after",
    SequenceKind(0, LARGEST),
    gettext_lazy("The number that you have: `meta.sequence` of the walk before. 0, which is the default, begins anew."),
    "0",
)
EVENTS = Parameter("limit", IntegerKind(1, MOST_EVENTS), gettext_lazy("How many events a page holds at most."), "500")
AT = Parameter(
    "at",
    SequenceKind(0, LARGEST),
    gettext_lazy("The number whose state is digested; that of the last change when not given."),
)


def circle_of(request: Request) -> Circle:
    """Partners with the scope `read:partner` see more than everyone."""
    return Circle.PARTNER if getattr(request.user, "reads_partner_fields", False) else Circle.PUBLIC


class EventSerializer(serializers.Serializer[Any]):
    """One entry that is other than it was."""

    seq = serializers.IntegerField(help_text=gettext_lazy("The number of the change."))
    type = serializers.CharField(help_text=gettext_lazy("What kind of entry it is."))
    id = serializers.IntegerField(help_text=gettext_lazy("Its id, which never changes."))
    op = serializers.ChoiceField(
        ("create", "update", "delete"),
        help_text=gettext_lazy("Whether it is new to you, other than you have it, or not to be seen any more."),
    )
    vars()["data"] = serializers.DictField(
        allow_null=True, help_text=gettext_lazy("Its stored facts by name; null where it is gone.")
    )


class ChangesMetaSerializer(serializers.Serializer[Any]):
    after = serializers.IntegerField(help_text=gettext_lazy("The number from which the walk began."))
    sequence = serializers.IntegerField(
        help_text=gettext_lazy("The number to which it leads: what you have when `next` is null.")
    )
    recorded_at = serializers.DateTimeField(
        allow_null=True, help_text=gettext_lazy("When the register took that number.")
    )
    circle = serializers.ChoiceField(list(Circle), help_text=gettext_lazy("For whom the feed is."))


class ChangesSerializer(serializers.Serializer[Any]):
    """What changed."""

    vars()["data"] = EventSerializer(many=True)
    next = serializers.URLField(
        allow_null=True, help_text=gettext_lazy("The address of the next page; null on the last.")
    )
    meta = ChangesMetaSerializer()


class TypeDigestSerializer(serializers.Serializer[Any]):
    type = serializers.CharField(help_text=gettext_lazy("What kind of entry it is."))
    count = serializers.IntegerField(help_text=gettext_lazy("How many entries there are."))
    digest = serializers.CharField(help_text=gettext_lazy("XOR over the entries; see the documentation of the feed."))


class CheckpointSerializer(serializers.Serializer[Any]):
    """By which a mirror proves that it is complete."""

    vars()["data"] = TypeDigestSerializer(many=True)
    meta = ChangesMetaSerializer()


class FeedView(RegisterView):
    """What both have in common."""

    def told_of(self, after: int, sequence: int, circle: Circle) -> dict[str, Any]:
        moment = moment_of(sequence) if sequence else None
        return {
            "after": after,
            "sequence": sequence,
            "recorded_at": localtime(moment).isoformat() if moment else None,
            "circle": circle.value,
        }

    def refuse_ahead(self, name: str, number: int, last: int) -> None:
        if number > last:
            words = {"name": name, "number": number, "last": last}
            detail = _("%(name)s: %(number)d lies ahead; the last number is %(last)d.") % words
            raise ParameterProblem([Mistake("not_yet_known", detail, parameter=name, nearest=str(last))])


@dataclass(frozen=True)
class Walk:
    """A walk that has begun: to which number, when (seconds of the epoch), and where it is."""

    sequence: int
    began: int
    place: Place

    def position(self) -> Position:
        place = f"{int(self.place.is_gone)}:{self.place.rank}"
        return Position(value=f"{self.sequence}:{self.began}:{place}", key=self.place.last)

    @classmethod
    def read(cls, position: Position) -> Walk:
        sequence, began, is_gone, rank = map(int, str(position.value).split(":"))
        return cls(sequence, began, Place(bool(is_gone), rank, position.key))


class ChangesView(FeedView):
    """What changed after a number, up to the last: parents before children, then what is gone, children first. When
    `next` is null you have the state of `meta.sequence`, and go on from there. With `If-None-Match` 304 while nothing
    changed."""

    answer_serializer = ChangesSerializer

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        return (AFTER, EVENTS, CURSOR, LANG)

    @in_one_snapshot
    def get(self, request: Request) -> HttpResponseBase:
        last, circle = last_sequence(), circle_of(request)
        tag = self.tag(last, circle)
        told = HttpResponse(headers={"ETag": tag})
        unchanged = get_conditional_response(request._request, etag=tag, response=told)
        if unchanged is not None and unchanged is not told:
            return unchanged
        after: int = self.asked.values["after"]
        self.refuse_ahead("after", after, last)
        question = self.question(circle)
        position = self.position(question)
        walk = Walk(last, int(time.time()), Place()) if position is None else Walk.read(position)
        self.refuse_old(walk)
        sequence = walk.sequence
        events, following = Span(circle, after, sequence).page(walk.place, self.asked.values["limit"])
        meta = self.told_of(after, sequence, circle)
        url = None if following is None else self.next_url(question, replace(walk, place=following).position())
        response = json_answer(
            b"[%s]" % ",".join(event.as_json() for event in events).encode(), {"next": url, "meta": meta}
        )
        response["ETag"] = tag
        return response

    def tag(self, last: int, circle: Circle) -> str:
        """By the last number and the question alone: whether anything changed is told by one row."""
        asked = self.request.get_full_path() + circle
        return f'"{last}.{hashlib.sha256(asked.encode()).hexdigest()[:16]}"'

    def question(self, circle: Circle) -> Question:
        filters = {"after": self.asked.texts["after"], "circle": circle.value}
        caller = caller_of(self.request)
        return Question(self.request.path, order="", filters=filters, valid_on="", known_at=None, caller=caller)

    def refuse_old(self, walk: Walk) -> None:
        """Who was public then, and is not now, is left out of a walk; after a day it is not worth going on."""
        if time.time() - walk.began > LONGEST_WALK:
            detail = _("This walk began more than a day ago; begin again from the number that you had before it.")
            raise ParameterProblem([Mistake("walk_too_old", detail, parameter="cursor")])


class CheckpointView(FeedView):
    """For each type how many entries the state of a number has, and a digest over them that does not depend on their
    order: a mirror that has the same has all of it."""

    answer_serializer = CheckpointSerializer

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        return (AT, LANG)

    @property
    def statement_seconds(self) -> int:
        """Every entry is read: some seconds for a million."""
        return 60

    @in_one_snapshot
    def get(self, request: Request) -> HttpResponse:
        last, circle = last_sequence(), circle_of(request)
        at: int = self.asked.values.get("at", last)
        self.refuse_ahead("at", at, last)
        found = [{"type": one.type, "count": one.count, "digest": one.digest} for one in digests(circle, at)]
        return json_answer(RegisterJSONRenderer().render(found), {"meta": self.told_of(at, at, circle)})

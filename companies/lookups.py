"""Many firms by their codes in one request: a reading, sent as a POST since a thousand codes fit no address."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.request import Request

from companies.models import Company
from companies.refusals import MISTYPED
from companies.resources import CompanySerializer
from companies.rows import answered_companies, public_companies
from registry import credit_code
from registry.api.first_known import KnownLater, refuse_known_later
from registry.api.refusals import BodyProblem, Mistake
from registry.api.snapshots import in_one_snapshot
from registry.api.views import RowsView, json_answer
from registry.names import shown
from registry.writing.fields import Body, fail

MOST_CODES = 1_000


class Codes(serializers.ListField):
    """1 to 1,000 texts, none of them twice."""

    def to_internal_value(self, data: Any) -> list[str]:
        if not isinstance(data, list):
            raise fail("not_a_list", _("This is a list."))
        if not 0 < len(data) <= MOST_CODES:
            raise fail("too_many_items", _("This has 1 to %d items.") % MOST_CODES)
        return data


class CodesBody(Body):
    """The firms that are asked for."""

    uscc = Codes(
        child=serializers.CharField(),
        write_only=True,
        help_text=gettext_lazy("Credit codes: 1 to 1,000, none of them twice."),
    )


class MissingSerializer(serializers.Serializer[Any]):
    """A code that leads to no firm."""

    uscc = serializers.CharField(help_text=gettext_lazy("The code as it was sent."))
    code = serializers.CharField(help_text=gettext_lazy("Why there is no firm, as a stable word."))
    detail = serializers.CharField(help_text=gettext_lazy("Why, as a sentence in the caller's language."))
    nearest = serializers.CharField(required=False, help_text=gettext_lazy("A sound code that is one slip away."))


class LookupFlagSerializer(serializers.Serializer[Any]):
    """What is to be known of the answer as a whole."""

    code = serializers.CharField(help_text=gettext_lazy("What is to be known, as a stable word."))
    detail = serializers.CharField(
        help_text=gettext_lazy("What is to be known, as a sentence in the caller's language.")
    )


class LookupMetaSerializer(serializers.Serializer[Any]):
    valid_on = serializers.DateField(help_text=gettext_lazy("The day on which the answer is true."))
    known_at = serializers.DateTimeField(
        allow_null=True,
        help_text=gettext_lazy(
            "The moment at which the register knew it: that given, or that of the last committed change."
        ),
    )
    flags = LookupFlagSerializer(
        many=True, required=False, help_text=gettext_lazy("Only where there is something to be known.")
    )
    digest = serializers.CharField(
        required=False,
        help_text=gettext_lazy(
            "With both clocks given: sha256 over the question and the data, which no later change alters."
        ),
    )


class LookupSerializer(serializers.Serializer[Any]):
    """The firms in the order asked, and the codes that lead to none."""

    vars()["data"] = CompanySerializer(many=True)
    missing = MissingSerializer(many=True, help_text=gettext_lazy("Each code that leads to no firm, with the reason."))
    meta = LookupMetaSerializer()


class CompanyLookupView(RowsView):
    """Up to 1,000 firms by their codes, in the order asked; a code that leads to none is told with its reason."""

    http_method_names = ["options", "post"]  # noqa: RUF012
    permission_classes = ()  # it reads
    is_lookup = True
    queryset = Company.objects.all()
    serializer_class = CompanySerializer
    answer_serializer = LookupSerializer
    bodies: ClassVar[Any] = {"POST": CodesBody}

    def rows(self, day: datetime.date) -> QuerySet[Company]:
        companies: QuerySet[Company] = public_companies(day)
        return companies

    @classmethod
    def answered(cls, day: datetime.date) -> QuerySet[Company]:
        return answered_companies(day)

    @in_one_snapshot
    def post(self, request: Request) -> HttpResponse:
        """Up to 1,000 firms by their codes, in the order asked; a code that leads to none is told with its reason."""
        asked = read_codes(request.data)
        sound = {text: code for text in asked if (code := sound_code(text)) is not None}
        refuse_twice(asked, sound)
        rows = self.rows(self.valid_on).filter(uscc__in=sound.values())
        keys: dict[str, int] = dict(rows.values_list("uscc", "pk"))
        found = [keys[sound[text]] for text in asked if sound.get(text) in keys]
        missing = [self.why_not(text) for text in asked if sound.get(text) not in keys]
        data = b"[%s]" % self.entries(found)
        return json_answer(data, {"missing": missing, "meta": self.clocks() | self.noted() | self.digest(data)})

    def why_not(self, text: str) -> dict[str, str]:
        try:
            code = credit_code.check(text)
        except credit_code.CreditCodeError as error:
            nearest = next(iter(credit_code.suggest(text)), None)
            told = {"uscc": text, "code": MISTYPED.get(str(error.code), "not_a_credit_code"), "detail": str(error)}
            return told | ({"nearest": nearest} if nearest else {})
        try:
            refuse_known_later(Company.objects.public().filter(uscc=code), text, self.asked.known_at)
        except KnownLater as later:
            return {"uscc": text, "code": "known_later", "detail": later.mistakes[0].detail}
        detail = _("The register has no firm with the credit code “%s”.") % shown(text)
        return {"uscc": text, "code": "unknown_uscc", "detail": detail}


def read_codes(sent: Any) -> list[str]:
    """The texts in a body; BodyProblem for what is none."""
    body = CodesBody(data=sent)
    body.is_valid(raise_exception=True)
    codes: list[Any] = body.validated_data["uscc"]
    wrong = [place for place, code in enumerate(codes) if not isinstance(code, str) or not 0 < len(code) <= 60]
    if wrong:
        raise BodyProblem([Mistake("not_a_code", _("This is a code."), pointer=f"/uscc/{place}") for place in wrong])
    return codes


def sound_code(text: str) -> str | None:
    try:
        return credit_code.check(text)
    except credit_code.CreditCodeError:
        return None


def refuse_twice(asked: list[str], sound: dict[str, str]) -> None:
    seen: set[str] = set()
    twice = []
    for place, text in enumerate(asked):
        code = sound.get(text, text)
        if code in seen:
            twice.append(Mistake("repeated_item", _("This code stands here twice."), pointer=f"/uscc/{place}"))
        seen.add(code)
    if twice:
        raise BodyProblem(twice)

"""The projection and the renewal cliff over REST."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from companies.filters import CompanyFilterSet
from companies.statistics import flags
from companies.statistics.downloads import tables
from companies.statistics.downloads.answering import answered
from companies.statistics.projection import answers, cliff, projecting
from companies.statistics.projection.paths import Levers
from companies.statistics.views import TARGETS, HighTechFirmsFigure
from registry.api.kinds import ChoiceKind, DecimalKind, IntegerKind
from registry.api.known_days import before_first_record, future_day
from registry.api.parameters import KNOWN_AT, LANG, VALID_ON, Parameter
from registry.api.renderers import RegisterJSONRenderer
from registry.api.snapshots import in_one_snapshot
from registry.downloads.formats import FORMAT
from registry.downloads.tables import Column
from registry.downloads.views import Downloadable

MOST_FIRMS = 1_000_000
LEVERS = (
    Parameter(
        "grants_per_year",
        IntegerKind(0, MOST_FIRMS),
        gettext_lazy("What if so many certificates a year went to firms that hold none: first ones, or after a gap."),
    ),
    Parameter(
        "renewal_rate",
        DecimalKind(Decimal(0), Decimal(1), 4),
        gettext_lazy(
            "What if this share, from 0 to 1, of the firms whose validity ends within a year renewed by its end."
        ),
    ),
    Parameter(
        "moves_in",
        IntegerKind(0, MOST_FIRMS),
        gettext_lazy("What if so many firms a year moved in with a certificate."),
    ),
)


class ProjectionView(Downloadable):
    """The way to one target: the projected stock with its intervals, and what if."""

    answer_serializer = answers.ProjectionAnswerSerializer

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        return (*LEVERS, *super().parameters())

    def file_title(self) -> str:
        return _("Projection of a target")

    def file_columns(self) -> Sequence[Column]:
        shapes = answers.ProjectionMetaSerializer(), answers.ProjectionSerializer()
        return tables.of_projection({name: none for shape in shapes for name, none in tables.blank(shape).items()})[0]

    @in_one_snapshot
    def get(self, request: Request, code: str) -> HttpResponseBase:
        target = TARGETS.prefetch_related("area__members").filter(code=code).first()
        if target is None:
            raise NotFound
        if not projecting.is_projected(target):
            raise NotFound(_("%s is only observed; the register has no cohorts to project it from.") % code)
        known_on = self.asked.known_on
        data = projecting.answer(target, projecting.base_of(self.valid_on, known_on), self.levers())
        data["flags"] += before_first_record(self.asked.known_at) + future_day(self.valid_on, known_on)
        numbers = {name: data[name] for name in ("base", "stock", "path", "reached", "needed", "rates", "back_test")}
        meta = {**self.clocks(), **self.digest(RegisterJSONRenderer().render(numbers))}
        return answered(
            self,
            _("%s: projection") % code,
            {**data, **meta},
            lambda: tables.of_projection({**data, **meta}),
            lambda cited: Response({"data": data, "meta": {**meta, "citation": cited}}),
        )

    def levers(self) -> Levers:
        asked = self.asked.values
        rate = asked.get("renewal_rate")
        return Levers(asked.get("grants_per_year"), None if rate is None else float(rate), asked.get("moves_in"))


BY = Parameter(
    "by",
    ChoiceKind(tuple(cliff.MONTHS)),
    gettext_lazy("The length of a period."),
    "month",
)
ENDS = ("expiring_before", "expiring_from")
"""The filters that a period is opened by."""


class RenewalCliffView(HighTechFirmsFigure):
    """When the validity of the high-tech firms of the day ends, unless they renew: what ends when."""

    answer_serializer = answers.CliffSerializer

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        filters = [parameter for parameter in cls.metric.filters() if parameter.name not in ENDS]
        return (*filters, BY, VALID_ON, KNOWN_AT, FORMAT, LANG)

    def file_title(self) -> str:
        return _("%s: renewal cliff") % self.metric.name

    def file_columns(self) -> Sequence[Column]:
        return tables.of_cliff(tables.blank(answers.CliffSerializer()))[0]

    @in_one_snapshot
    def get(self, request: Request) -> HttpResponseBase:
        filterset = self.filterset()
        assert isinstance(filterset, CompanyFilterSet)
        found = cliff.buckets(filterset.qs, filterset.wanted_certificates(), self.valid_on, self.asked.values["by"])
        buckets = [self.bucket(request, filterset.texts, bucket) for bucket in found]
        numbers = [{**bucket, "list": None} for bucket in buckets]
        answer = {
            "metric": self.metric.code,
            "definition": request.build_absolute_uri(reverse("metrics")) + f"#{self.metric.code}",
            **self.days(),
            "filters": filterset.texts | self.metric.implied,
            "by": self.asked.values["by"],
            "total": sum(bucket.firms for bucket in found),
            "buckets": buckets,
            "flags": flags.of_figure(self.metric, self.asked, filterset.qs, [], []),
            **self.digest(RegisterJSONRenderer().render(numbers)),
        }
        return answered(self, self.file_title(), answer, lambda: tables.of_cliff(answer))

    def bucket(self, request: Request, texts: dict[str, str], bucket: cliff.Bucket) -> dict[str, Any]:
        query = {**self.metric.implied, **texts, "valid_on": self.valid_on.isoformat()}
        if "known_at" in self.asked.given:
            query["known_at"] = self.asked.texts["known_at"]
        if bucket.first > self.valid_on:
            query["expiring_from"] = bucket.first.isoformat()
        if bucket.until is not None:
            query["expiring_before"] = bucket.until.isoformat()
        address = reverse("list-companies") + "?" + urlencode(query, safe=",:")
        return {
            "from": bucket.first.isoformat(),
            "to": None if bucket.until is None else (bucket.until - cliff.ONE_DAY).isoformat(),
            "firms": bucket.firms,
            "certificates": bucket.certificates,
            "list": request.build_absolute_uri(address),
        }

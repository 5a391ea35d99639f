"""One figure over REST: the total of a metric and its groups, each leading to the list of its entries."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework.request import Request

from companies.statistics import counting, flags, groups, standing
from companies.statistics.answers import of_metric
from companies.statistics.dimensions import Dimension
from companies.statistics.downloads import tables
from companies.statistics.downloads.answering import answered
from companies.statistics.metrics import Metric
from companies.statistics.parameters import FROM, NO_DAY, OF_GROUPS, TO, group_by
from registry.api.filtersets import StrictFilterSet
from registry.api.kinds import Refused
from registry.api.languages import language_of
from registry.api.parameters import KNOWN_AT, LANG, VALID_ON, Parameter
from registry.api.periods import refuse_out_of_order
from registry.api.refusals import Mistake, ParameterProblem
from registry.api.renderers import RegisterJSONRenderer
from registry.api.snapshots import in_one_snapshot
from registry.downloads.formats import FORMAT
from registry.downloads.tables import Column
from registry.downloads.views import Downloadable


class FigureView(Downloadable):
    """One metric's figure: the total, and with `group_by` its groups, `unknown` included, nothing cut."""

    metric: ClassVar[Metric]

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        names = [dimension.name for dimension in cls.metric.dimensions]
        clocks = (FROM, TO, NO_DAY, KNOWN_AT) if cls.metric.is_flow else (VALID_ON, KNOWN_AT)
        return (*cls.metric.filters(), group_by(names), *OF_GROUPS, *clocks, FORMAT, LANG)

    def file_title(self) -> str:
        return str(self.metric.name)

    def file_columns(self) -> Sequence[Column]:
        names = [dimension.name for dimension in self.metric.dimensions]
        return tables.of_figure(self.metric, names, tables.blank(of_metric(self.metric)()))[0]

    @in_one_snapshot
    def get(self, request: Request) -> HttpResponseBase:
        self.refuse_groups_without_dimensions()
        filterset = self.filterset()
        dimensions = [self.metric.dimension(name) for name in self.asked.values.get("group_by", ())]
        found = self.count(filterset, dimensions)
        answer: dict[str, Any] = {
            "metric": self.metric.code,
            "name": str(self.metric.name),
            "definition": request.build_absolute_uri(reverse("metrics")) + f"#{self.metric.code}",
            "unit": str(self.metric.unit),
            **self.days(),
            "filters": filterset.texts | self.metric.implied,
            "total": shown(found.total),
            "list": self.address(filterset, {}),
        }
        left_out: list[groups.Group] = []
        if dimensions:
            every = groups.named(found.groups, dimensions, language_of(request._request))
            kept = groups.within(every, self.asked.values.get("having"))
            left_out = [group for group in every if group not in kept]
            answer["groups"] = self.shown_groups(groups.in_order(kept, self.asked.values["order"]), filterset)
        answer["flags"] = flags.of_figure(self.metric, self.asked, filterset.qs, dimensions, left_out)
        answer |= self.digest(self.counted(answer))
        names = [dimension.name for dimension in dimensions]
        return answered(self, answer["name"], answer, lambda: tables.of_figure(self.metric, names, answer))

    def count(self, filterset: StrictFilterSet, dimensions: list[Dimension]) -> counting.Counted:
        """From the ledger where it can answer, from the list's own rows otherwise."""
        if kept := standing.counted(self.metric, filterset, dimensions):
            return kept
        day, asked = filterset.valid_on, filterset.resolved()
        return counting.counted(filterset.qs, dimensions, day, asked, self.metric.sums)

    def counted(self, answer: dict[str, Any]) -> bytes:
        """The numbers of the answer: what its digest is about beside the question."""
        found = [{"key": group["key"], "value": group["value"]} for group in answer.get("groups", ())]
        counted: bytes = RegisterJSONRenderer().render({"total": answer["total"], "groups": found})
        return counted

    def refuse_groups_without_dimensions(self) -> None:
        alone = [
            name for name in ("having", "order") if name in self.asked.given and "group_by" not in self.asked.given
        ]
        if alone:
            words = _("%s is about groups: it needs the parameter group_by.")
            raise ParameterProblem(
                [Mistake("needs_groups", words % name, parameter=name, nearest="group_by") for name in alone]
            )

    def filterset(self) -> StrictFilterSet:
        """The list's own filter set, asked what the caller gave and what the metric implies."""
        implied = dict(self.metric.implied)
        values = dict(self.asked.values)
        if self.metric.period:
            implied |= dict(zip(self.metric.period, self.period(), strict=True))
            values["valid_on"] = self.asked.values["to"]  # the last day of the period: all of it has happened by then
        kinds = {parameter.name: parameter.kind for parameter in self.metric.filterset.parameters()}
        read = {name: kinds[name].parse(text) for name, text in implied.items()}
        asked = replace(self.asked, values=values)
        rows = self.metric.rows(asked.valid_on)
        if self.asked.known_at is not None and not self.is_known(read, asked.valid_on):
            rows, read = rows.none(), {}
        asked = replace(asked, values={**values, **read})
        return self.metric.filterset(asked, rows, request=self.request._request)

    def is_known(self, implied: dict[str, Any], day: datetime.date) -> bool:
        """Whether the register knew the codes that make the metric; before, nothing could be counted by them."""
        filters = self.metric.filterset.base_filters
        try:
            for name, value in implied.items():
                filters[name].resolve(value, day)
        except Refused:
            return False
        return True

    def period(self) -> tuple[str, str]:
        missing = [name for name in ("from", "to") if name not in self.asked.given]
        if missing:
            detail = _("A flow needs both `from` and `to`; missing: %s.") % ", ".join(missing)
            raise ParameterProblem([Mistake("missing_parameter", detail, parameter=missing[0])])
        refuse_out_of_order(self.asked, "from", "to")
        return self.asked.texts["from"], self.asked.texts["to"]

    def days(self) -> dict[str, Any]:
        clocks = self.clocks()
        if self.metric.is_flow:
            del clocks["valid_on"]
            period = {name: self.asked.values[name].isoformat() for name in ("from", "to")}
            return {**period, **clocks}
        return dict(clocks)

    def shown_groups(self, kept: list[groups.Group], filterset: StrictFilterSet) -> list[dict[str, Any]]:
        dimensions = [self.metric.dimension(name) for name in self.asked.values["group_by"]]
        of_list = self.opener(dimensions, filterset)
        return [
            {"key": group.key, "label": group.label, "value": shown(group.value), "list": of_list(group.key)}
            for group in kept
        ]

    def opener(self, dimensions: list[Dimension], filterset: StrictFilterSet) -> Callable[[dict[str, Any]], str | None]:
        filters = set(filterset.filters)

        def of_list(key: dict[str, Any]) -> str | None:
            own = groups.opened(key, dimensions, filters, set(self.asked.given))
            return None if own is None else self.address(filterset, own)

        return of_list

    def address(self, filterset: StrictFilterSet, own: dict[str, str]) -> str:
        """The list of the entries that are counted: every filter that holds, then those of a group."""
        period: dict[str, str] = {}
        if self.metric.period:
            period = dict(zip(self.metric.period, self.period(), strict=True))
        question = {**filterset.texts, **self.metric.implied, **period, **own}
        question["valid_on"] = filterset.valid_on.isoformat()
        if "known_at" in self.asked.given:
            question["known_at"] = self.asked.texts["known_at"]
        path = reverse(f"list-{self.metric.counts}")
        return self.request.build_absolute_uri(f"{path}?{urlencode(question, safe=',:')}")


def shown(value: counting.Number) -> int | str:
    """A count as a number; a sum as a text, as amounts are everywhere."""
    return value if isinstance(value, int) else str(value)

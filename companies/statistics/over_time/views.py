"""What series, bridges and revisions have in common: one metric that the ledger keeps, its filters, its flags."""

from __future__ import annotations

import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from companies.models import Company
from companies.statistics import flags, ledger
from companies.statistics.metrics import Metric
from companies.statistics.over_time import in_force
from companies.statistics.over_time.parameters import StandingFilterSet
from registry.api.cursors import Question
from registry.api.known_days import Flag
from registry.api.parameters import Parameter
from registry.api.periods import refuse_out_of_order
from registry.api.refusals import Mistake, ParameterProblem, Unavailable
from registry.api.renderers import RegisterJSONRenderer
from registry.downloads.formats import FORMAT
from registry.downloads.views import Downloadable

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class StandingView(Downloadable):
    """One reading of the ledger; `metric` is given with the address, the rest by `own` parameters."""

    metric: Any = None
    filterset_class = StandingFilterSet
    own: ClassVar[tuple[Parameter, ...]] = ()
    required: ClassVar[tuple[str, ...]] = ("from", "to")
    """Parameters without a default that the question needs; the first and the last of two in their order."""

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        return (*cls.filterset_class.parameters(), *cls.own, FORMAT)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.refuse_what_is_missing()
        refuse_out_of_order(self.asked, "from", "to")

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, ledger.LedgerCannotAnswer):
            words = _("This figure is being derived anew; please try again later.")
            return super().handle_exception(Unavailable(words, "being_derived"))
        return super().handle_exception(exc)

    def refuse_what_is_missing(self) -> None:
        missing = [name for name in self.required if name not in self.asked.given]
        if missing:
            detail = _("This needs %(all)s; missing: %(missing)s.")
            words = {"all": ", ".join(self.required), "missing": ", ".join(missing)}
            raise ParameterProblem([Mistake("missing_parameter", detail % words, parameter=name) for name in missing])

    title: ClassVar[StrOrPromise]
    """What its files are called; `name` is that of the metric."""

    def file_title(self) -> str:
        return str(self.title) % {"name": self.metric.name}

    @cached_property
    def filterset(self) -> StandingFilterSet:
        return self.filterset_class(self.asked, Company.objects.none(), request=self.request._request)

    @cached_property
    def narrowing(self) -> dict[str, Any]:
        """What every question to the ledger takes."""
        return {**self.filterset.keys(), "known_at": self.asked.known_at}

    def clocks(self) -> dict[str, Any]:
        period = {name: self.asked.values[name].isoformat() for name in ("from", "to")}
        return period | {"known_at": super().clocks()["known_at"]}

    def after(self, question: Question) -> tuple[Any, int] | None:
        """The last entry of the page before, as the ledger takes it."""
        position = self.position(question)
        return (position.value, position.key) if position else None

    def heading(self) -> dict[str, Any]:
        """What stands before every answer."""
        metric: Metric = self.metric
        return {
            "metric": metric.code,
            "name": str(metric.name),
            "definition": self.request.build_absolute_uri(reverse("metrics")) + f"#{metric.code}",
            "unit": str(metric.unit),
            **self.clocks(),
            "filters": self.filterset.texts | metric.implied,
        }

    def flags(self) -> list[Flag]:
        last = self.asked.values.get("to", self.valid_on)
        counts_invented = ledger.counts_invented(self.metric.code, last, **self.narrowing)
        return [
            *flags.of_entries(self.metric, self.asked, counts_invented),
            *in_force.of_filters(self.filterset, self.days()),
        ]

    def days(self) -> list[datetime.date]:
        """The days of which the answer tells the stock."""
        return [self.asked.values["from"], self.asked.values["to"]]


def rendered(data: Any) -> bytes:
    content: bytes = RegisterJSONRenderer().render(data)
    return content

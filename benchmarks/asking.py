"""Asks the lists of the API for their querysets, in process, as a caller's request would."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.size import DAY


@dataclass(frozen=True)
class Asked:
    """One value of one filter, with how many rows of the list it keeps by itself."""

    name: str
    value: str
    rows: int

    def __str__(self) -> str:
        return f"{self.name}={self.value} ({self.rows:,})"


def views() -> dict[str, Any]:
    from companies import views as companies

    return {
        "companies": companies.CompanyListView,
        "certifications": companies.CertificationListView,
        "residencies": companies.ResidencyListView,
        "financings": companies.FinancingListView,
    }


def opened(view_class: Any, **given: str) -> Any:
    """The view as it stands after its parameters were read."""
    from django.http import QueryDict

    from registry.api.parameters import read_parameters

    query = QueryDict(mutable=True)
    query.update({"valid_on": DAY.isoformat()} | given)
    view = view_class()
    view.kwargs = {}
    view.asked = read_parameters(query, view_class.parameters())
    return view


def rows_of(view_class: Any, **given: str) -> Any:
    """The filtered queryset of the list."""
    view = opened(view_class, **given)
    filterset = view.filterset_class(view.asked, view.queryset)
    return filterset.on(view.valid_on, view.rows(view.valid_on))


def counted_of(view_class: Any, **given: str) -> Any:
    """The rows that a count of the list counts."""
    view = opened(view_class, **given)
    return view.counted(view.filterset_class(view.asked, view.queryset))


class Stopwatch:
    """Milliseconds of processor time that the database spent on statements, planning included.

    Processor time and not the clock: other work on the machine then adds little. Parallel workers would hide theirs,
    so the benches ask without them.
    """

    def __init__(self) -> None:
        self.milliseconds = 0.0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        process = context["connection"].connection.info.backend_pid
        start = processor_time(process)
        try:
            return execute(sql, params, many, context)
        finally:
            self.milliseconds += (processor_time(process) - start) / 1e6


def processor_time(process: int) -> int:
    """Nanoseconds that a process has run."""
    return int(Path(f"/proc/{process}/schedstat").read_text().split()[0])


def values_of(view_class: Any) -> Iterator[Asked]:
    """For each filter of the list its most frequent value and a rare one, by counting what each value keeps."""
    for name, declared in view_class.filterset_class.base_filters.items():
        counted = [
            Asked(name, value, rows_of(view_class, **{name: value}).order_by().count())
            for value in candidates(declared, name)
        ]
        found = sorted((asked for asked in counted if asked.rows), key=lambda asked: asked.rows)
        if found:
            yield found[-1]
        if len(found) > 1:
            yield found[0]


def candidates(declared: Any, name: str) -> list[str]:
    from registry.api import kinds

    kind = declared.kind
    if name in KNOWN:
        return KNOWN[name]()
    if isinstance(kind, kinds.BooleanKind):
        return ["true", "false"]
    if isinstance(kind, kinds.ChoiceKind):
        return list(kind.choices)
    if isinstance(kind, kinds.ListKind) and isinstance(kind.item, kinds.ChoiceKind):
        return list(kind.item.choices)
    if isinstance(kind, kinds.ListKind):
        return codes(declared)
    raise LookupError(f"The bench knows no values for the filter {name}.")


def codes(declared: Any) -> list[str]:
    rows = declared.rows()
    if not declared.of_any_day and hasattr(rows, "on"):
        rows = rows.on(DAY)
    found = list(rows.order_by("pk").values_list(declared.code_field, flat=True).distinct())
    step = max(1, len(found) // 45)
    return found[::step] + found[-1:]


def some_code() -> list[str]:
    from companies.models import Certification

    return list(Certification.objects.order_by("pk").values_list("company__uscc", flat=True)[500:502])


def some_number() -> list[str]:
    from companies.models import Certification

    return list(Certification.objects.order_by("pk").values_list("number", flat=True)[500:501])


KNOWN: dict[str, Any] = {
    "company": some_code,
    "number": some_number,
    "near": lambda: ["29.56,106.55,30", "29.56,106.55,0.5", "31.9,109,3"],
    "updated_since": lambda: ["2025-06-01T00:00:00Z", "2026-11-19T15:50:00Z"],
    "expiring_before": lambda: ["2029-11-20", "2026-11-25"],
    "expiring_from": lambda: ["2026-11-25", "2029-11-20"],
    "q": lambda: ["科技", "重庆", "磬磲", "华"],
    **dict.fromkeys(
        ["established_from", "issued_from", "entered_from", "agreed_from", "left_from"],
        lambda: ["2010-01-01", "2026-10-01"],
    ),
    **dict.fromkeys(
        ["established_to", "issued_to", "entered_to", "agreed_to", "left_to"],
        lambda: ["2024-01-01", "1999-06-01", "2009-03-01", "2016-03-01"],
    ),
}

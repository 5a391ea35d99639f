"""The ledger equals the lists' own counts through random histories, on every day that matters and on both clocks."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from companies.models import Company, Residency, Seat, UniversityLink
from companies.statistics import counting, ledger
from companies.statistics.codes import STANDING
from companies.statistics.ledger.reading import Stock
from companies.statistics.metrics import BY_CODE
from incubators.models import Incubator
from registry.api.parameters import Asked
from registry.credit_code import complete
from registry.days import add_years
from registry.history import last_recorded_at
from registry.history.known import as_known
from registry.models import District, Hub, TechnologyField, University
from tests.companies.ledger_stories import certify, rows, seal

# Few days, near each other, so that periods touch, overlap and end together; a leap day and a boundary change.
DAYS = [datetime.date(2024, 2, 28) + datetime.timedelta(days=step) for step in range(4)]
DAYS += [datetime.date(2025, 11, 5), datetime.date(2025, 11, 6), datetime.date(2027, 3, 1)]
FIRMS, CHOICES = range(3), range(2)
BASE = ("district", "reporting_unit", "hub", "strategic_field", "incubator")

Step = Callable[["Cast"], None]


@dataclass
class Cast:
    """Firms and codes that a history draws on; a firm that was deleted is made again when it is next written to."""

    firms: dict[int, Company]

    def firm(self, place: int) -> Company:
        if place not in self.firms:
            code = complete("91500106", f"H{place:07d}")
            self.firms[place] = Company.objects.create(uscc=code, established_on=DAYS[0])
        return self.firms[place]


def code(model: type[Any], place: int) -> Any:
    return model.objects.order_by("pk")[place]


@st.composite
def periods(draw: Any) -> list[tuple[datetime.date, datetime.date | None]]:
    """Up to three periods after one another, touching or not; the last may be open."""
    marks = sorted(draw(st.sets(st.sampled_from(DAYS), min_size=1, max_size=4)))
    kept = draw(st.lists(st.booleans(), min_size=len(marks), max_size=len(marks)))
    ends: list[datetime.date | None] = [*marks[1:], None]
    return [period for period, keep in zip(zip(marks, ends, strict=True), kept, strict=True) if keep]


firms, choices = st.sampled_from(FIRMS), st.sampled_from(CHOICES)
days, perhaps = st.sampled_from(DAYS), st.none() | st.sampled_from(DAYS)


def seated(place: int, spans: list[Any], district: int) -> Step:
    def write(cast: Cast) -> None:
        Seat.objects.filter(company=cast.firm(place)).delete()
        for number, (first, until) in enumerate(spans):
            where = code(District, district + number % 2) if number < 2 else None
            Seat.objects.create(company=cast.firm(place), district=where, valid_from=first, valid_until=until)

    return write


def hosted(place: int, spans: list[Any], host: int, outcome: str) -> Step:
    def write(cast: Cast) -> None:
        Residency.objects.filter(company=cast.firm(place)).delete()
        for number, (first, until) in enumerate(spans):
            Residency.objects.create(
                company=cast.firm(place),
                incubator=code(Incubator, (host + number) % 2),
                entered_on=first,
                left_on=until,
                outcome=outcome if until else "",
            )

    return write


def linked(place: int, spans: list[Any]) -> Step:
    def write(cast: Cast) -> None:
        UniversityLink.objects.filter(company=cast.firm(place)).delete()
        for first, until in spans:
            UniversityLink.objects.create(
                company=cast.firm(place),
                university=code(University, 0),
                basis="licence",
                valid_from=first,
                valid_until=until,
            )

    return write


def certified(place: int, issued: datetime.date, until: datetime.date | None, technology: int | None) -> Step:
    def write(cast: Cast) -> None:
        firm = cast.firm(place)
        firm.certifications.filter(issued_on=issued).delete()
        held = technology if technology is None else code(TechnologyField, technology).pk
        certify(firm, issued.isoformat(), until.isoformat() if until and until > issued else None, None, held)

    return write


def revoked(place: int, effect: datetime.date | None) -> Step:
    def write(cast: Cast) -> None:
        cast.firm(place).certifications.update(revoked_from=effect, revoked_on=effect)

    return write


def changed(place: int, **values: Any) -> Step:
    def write(cast: Cast) -> None:
        given = {
            name: code(Hub, value) if name == "hub" and value is not None else value for name, value in values.items()
        }
        Company.objects.filter(pk=cast.firm(place).pk).update(**given)

    return write


def sole_trader(place: int, is_one: bool) -> Step:
    return changed(place, uscc=complete("92500106" if is_one else "91500106", f"H{place:07d}"))


def deleted(place: int) -> Step:
    def write(cast: Cast) -> None:
        firm = cast.firms.pop(place, None)
        if firm is not None:
            for fact in (firm.certifications, firm.residencies):
                fact.all().delete()
            firm.delete()

    return write


STEPS: st.SearchStrategy[Step] = st.one_of(
    st.builds(seated, firms, periods(), choices),
    st.builds(certified, firms, days, perhaps, st.none() | choices),
    st.builds(hosted, firms, periods(), choices, st.sampled_from(["", "graduated", "left"])),
    st.builds(linked, firms, periods()),
    st.builds(revoked, firms, perhaps),
    st.builds(lambda place, day: changed(place, dissolved_on=day), firms, st.none() | st.sampled_from(DAYS[1:])),
    st.builds(lambda place, hub: changed(place, hub=hub), firms, st.none() | choices),
    st.builds(lambda place, shown: changed(place, is_published=shown), firms, st.booleans()),
    st.builds(sole_trader, firms, st.booleans()),
    st.builds(deleted, firms),
)
Truth = Mapping[tuple[str, datetime.date, tuple[str, ...]], Stock]


def days_that_matter() -> list[datetime.date]:
    """Those on which something of a history can begin or end; between them nothing does."""
    expiries = {add_years(day, 3) for day in DAYS}
    return sorted({DAYS[0] - datetime.timedelta(days=1), *DAYS, *expiries})


def slow_truth() -> Truth:
    """By the lists' own queries: each metric on each day, in total, by each dimension, and by all of them at once."""
    truth: dict[tuple[str, datetime.date, tuple[str, ...]], Stock] = {}
    for metric in STANDING:
        declared = BY_CODE[metric]
        kinds = {parameter.name: parameter.kind for parameter in declared.filterset.parameters()}
        implied = {name: kinds[name].parse(text) for name, text in declared.implied.items()}
        dimensions = [declared.dimension(name) for name in BASE]
        for day in days_that_matter():
            listed = declared.filterset(Asked({"valid_on": day, **implied}), declared.rows(day))
            found = list(listed.qs.values_list("pk", *(dimension.path for dimension in dimensions)))
            assert len({pk for pk, *_keys in found}) == len(found)
            truth[metric, day, ()] = {(): len(found)}
            truth[metric, day, BASE] = dict(Counter(tuple(keys) for _pk, *keys in found))
            for place, name in enumerate(BASE, 1):
                truth[metric, day, (name,)] = dict(Counter((row[place],) for row in found))
            if metric == "high-tech-firms":
                fields = [declared.dimension("technology_field")]
                truth[metric, day, ("technology_field",)] = counting.count_by(  # type: ignore[assignment]
                    listed.qs, fields, day, listed.resolved()
                )
    return truth


def told(known_at: datetime.datetime | None, asked: Truth) -> Truth:
    """What the ledger says to the same questions."""
    said: dict[tuple[str, datetime.date, tuple[str, ...]], Stock] = {}
    for metric, by in sorted({(metric, by) for metric, _day, by in asked}):
        for day, stock in ledger.series(metric, days_that_matter(), known_at=known_at, by=by).items():
            said[metric, day, by] = stock
    return said


def bridges_add_up(known_at: datetime.datetime | None) -> None:
    marks = days_that_matter()
    for metric in STANDING:
        for opening, closing in zip(marks[::2], marks[3::2], strict=False):
            for keys in ({}, {"district": [code(District, 0).pk]}, {"incubator": [None]}, {"hub": [code(Hub, 1).pk]}):
                told = ledger.bridge(metric, opening, closing, known_at=known_at, **keys)
                assert told.opening + sum(part.value for part in told.parts) == told.closing


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(history=st.lists(st.lists(STEPS, min_size=1, max_size=4), min_size=1, max_size=3))
def test_a_random_history(db: None, history: list[list[Step]]) -> None:
    point = transaction.savepoint()
    cast, remembered = Cast({}), []
    try:
        for change_set in history:
            for step in change_set:
                step(cast)
            seal()
            truth, known_at = slow_truth(), last_recorded_at()
            assert told(None, truth) == truth
            remembered.append(known_at)
        for known_at in remembered:
            if known_at is not None:  # what was withdrawn since, the past no longer shows
                with as_known(known_at):
                    truth = slow_truth()
                assert told(known_at, truth) == truth
        bridges_add_up(remembered[0])
        bridges_add_up(None)
        assert rows("SELECT count(*) FROM history.pending") == [(0,)]
    finally:
        connection.needs_rollback = False
        transaction.savepoint_rollback(point)

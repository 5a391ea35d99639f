"""The simulation without a database: the curve, and the lives that meet it on any day of loading."""

import datetime
import math
import re
from collections import Counter
from pathlib import Path

import pytest

import companies.demonstration
from companies.demonstration.cohorts import VALID_YEARS, Cohorts
from companies.demonstration.curve import Curve
from companies.demonstration.lives import Grant, Life, granted, stock
from companies.demonstration.population import populate
from companies.demonstration.published import published_curve
from companies.models import Observation

SEED = 20_000
TODAY = datetime.date(2026, 11, 22)
LATER_DAYS = (datetime.date(2026, 11, 23), datetime.date(2027, 8, 1), datetime.date(2029, 3, 15))
CITY = Curve({2014: 800.0, 2016: 1250.0, 2017: 1500.0, 2019: 2100.0, 2020: 2350.0}, {2015: 900.0}, {2019: 800.0})
LATER = datetime.date(2023, 6, 30)


def last_day(year: int) -> datetime.date:
    return datetime.date(year, 12, 31)


def test_the_curve_goes_through_its_figures() -> None:
    assert {year: CITY.stock(year) for year in CITY.stocks} == CITY.stocks


def test_the_curve_bends_between_figures_and_keeps_above_a_lower_bound() -> None:
    assert CITY.stock(2015) == round(math.sqrt(800 * 1250))  # one neighbour before: the rate of growth
    assert 1500 < CITY.stock(2018) < 2100
    assert CITY.stock(2018) > math.sqrt(1500 * 2100), "growth slows, so it lies above an even rate"
    assert Curve(CITY.stocks, {2015: 1100.0}).stock(2015) == 1100


def test_the_curve_goes_on_by_what_it_gained_last() -> None:
    assert [CITY.stock(year) for year in (2021, 2022, 2023)] == [2600, 2850, 3100]
    assert CITY.stock(2012) == round(800 / 1.25**2)


def test_one_figure_makes_no_curve() -> None:
    with pytest.raises(ValueError, match="two years"):
        Curve({2014: 100.0})


@pytest.fixture(scope="module")
def lives() -> list[Life]:
    return Cohorts(CITY, SEED, LATER).live()


def test_year_ends_meet_the_curve_exactly(lives: list[Life]) -> None:
    years = range(CITY.first_year + 1, LATER.year)
    assert {year: stock(lives, last_day(year)) for year in years} == {year: CITY.stock(year) for year in years}


def test_published_grants_are_met_exactly(lives: list[Life]) -> None:
    assert granted(lives, datetime.date(2019, 1, 1), last_day(2019)) == CITY.flow(2019)


@pytest.mark.parametrize("flow", [700.0, 900.0])
def test_more_or_fewer_published_grants_are_met_without_leaving_the_curve(flow: float) -> None:
    curve = Curve(CITY.stocks, CITY.floors, {2019: flow})
    found = Cohorts(curve, SEED, LATER).live()
    assert granted(found, datetime.date(2019, 1, 1), last_day(2019)) == flow
    assert stock(found, last_day(2019)) == CITY.stock(2019)


def test_grants_come_back_after_three_years(lives: list[Life]) -> None:
    """A year's grants are what the curve gains and what was granted three years before, give or take a tenth."""
    for year in range(2012, LATER.year):
        grants = granted(lives, datetime.date(year, 1, 1), last_day(year))
        echo = granted(lives, datetime.date(year - VALID_YEARS, 1, 1), last_day(year - VALID_YEARS))
        gain = CITY.stock(year) - CITY.stock(year - 1)
        assert abs(grants - gain - echo) < 0.1 * CITY.stock(year), year


def test_every_kind_of_life_occurs(lives: list[Life]) -> None:
    renewals = Counter[str]()
    for life in lives:
        for before, after in zip(life.grants, life.grants[1:], strict=False):
            gap = (after.issued_on - before.valid_until).days
            renewals["ahead" if gap < -150 else "before" if gap < 0 else "on the day" if gap == 0 else "late"] += 1
            renewals["a year later" if gap > 250 else "other"] += 1
    assert {"ahead", "before", "on the day", "late", "a year later"} <= renewals.keys()
    assert renewals["on the day"] + renewals["before"] > 2 * renewals["late"]
    for name in ("entered_on", "moved_on", "left_on", "returned_on", "ended_on", "is_absorbed"):
        assert any(getattr(life, name) for life in lives), name
    revoked = [grant for life in lives for grant in life.grants if grant.revoked_from]
    assert all(grant.issued_on < grant.revoked_from < grant.revoked_on <= LATER for grant in revoked)  # type: ignore[operator]
    assert any(life.grants[0].revoked_from and len(life.grants) > 1 for life in lives)
    assert {life.place for life in lives} == {"known", "unknown", "nowhere"}
    assert {life.status for life in lives} == {"ordinary", "unpublished"}


def test_days_of_a_life_come_in_order(lives: list[Life]) -> None:
    for life in lives:
        first = life.entered_on or life.born_on
        days = [day for day in (life.moved_on, life.left_on, life.returned_on, life.ended_on) if day]
        assert days == sorted(days) and all(first < day <= LATER for day in days)
        issued = [grant.issued_on for grant in life.grants]
        assert issued == sorted(set(issued))
        assert (issued[0] - life.born_on).days >= 365
        assert life.ended_on is None or issued[-1] < life.ended_on


def test_a_revoked_certificate_is_not_renewed() -> None:
    """Its firm is certified again in one of the two years after the decision, or never."""
    lives = Cohorts(CITY.scaled(10), SEED, LATER).live()
    assert [life for life in lives for grant in life.grants if could_be_renewed_ahead(life, grant)]
    for life in lives:
        for before, after in zip(life.grants, life.grants[1:], strict=False):
            if before.revoked_on is not None:
                assert 1 <= after.issued_on.year - before.revoked_on.year <= 2, (before, after)


def could_be_renewed_ahead(life: Life, grant: Grant) -> bool:
    """Were it not revoked, and that decided after the season in which certificates are renewed a year ahead."""
    new_year = datetime.date(grant.valid_until.year, 1, 1)
    if grant.revoked_on is None or grant.revoked_on < new_year or not life.is_counted:
        return False
    return all(life.is_seated(day) for day in (new_year - datetime.timedelta(92), new_year - datetime.timedelta(1)))


def test_the_same_seed_lives_the_same_lives() -> None:
    small = CITY.scaled(0.1)
    assert Cohorts(small, 1, LATER).live() == Cohorts(small, 1, LATER).live()
    assert Cohorts(small, 1, LATER).live() != Cohorts(small, 2, LATER).live()


@pytest.mark.parametrize("size", [40, 300, 900])
def test_a_smaller_set_scales_the_curve_down(size: int) -> None:
    found = populate(CITY, SEED, LATER, size)
    assert len(found) == size
    stocks = {year: stock(found, last_day(year)) for year in CITY.stocks}
    last = stocks[CITY.last_known_year]
    assert 0.5 * size < last < 0.85 * size
    for year, value in stocks.items():
        assert abs(value - CITY.stocks[year] * last / CITY.stocks[CITY.last_known_year]) <= 1.5, year


def published() -> list[Observation]:
    """The city's official or remembered figures of year-ends."""
    rows = Observation.objects.filter(area__code="city", indicator__code="high_tech_firms", is_lower_bound=False)
    return list(rows.filter(mark__in="VDM", as_of__month=12, as_of__day=31))


def test_only_uncertain_figures_and_lower_bounds_do_not_bind(db: None) -> None:
    curve, binding = published_curve(), {row.as_of.year: row.value for row in published()}
    assert curve.stocks == binding
    loose = set(Observation.objects.filter(indicator__code="high_tech_firms", as_of__month=12)) - set(published())
    assert {row.as_of.year for row in loose if row.as_of.year in curve.stocks} == set()
    for row in loose:
        assert not row.is_lower_bound or curve.stock(row.as_of.year) >= row.value


@pytest.mark.parametrize("today", LATER_DAYS, ids=str)
def test_on_a_later_day_the_city_has_gone_on_along_the_curve(db: None, today: datetime.date) -> None:
    curve = published_curve()
    found = Cohorts(curve, SEED, today).live()
    years = range(curve.first_year + 1, today.year)
    assert {year: stock(found, last_day(year)) for year in years} == {year: curve.stock(year) for year in years}
    before, after = curve.stock(today.year - 1), curve.stock(today.year)
    assert 0.98 * before < stock(found, today) < 1.01 * after
    assert not [life for life in found if max(grant.issued_on for grant in life.grants) > today]
    check_months(found, today)


def check_months(found: list[Life], today: datetime.date) -> None:
    """Over the last 24 months: grants in the season, a stock that never falls off a cliff."""
    months = [datetime.date(today.year - 2 + n // 12, n % 12 + 1, 1) for n in range(today.month - 1, today.month + 23)]
    stocks = [stock(found, day) for day in months]
    for day, one, following in zip(months, stocks, stocks[1:], strict=False):
        assert 0.98 * one < following < 1.14 * one, day
    in_month = Counter(grant.issued_on.month for life in found for grant in life.grants if grant.issued_on >= months[0])
    season = sum(in_month[month] for month in (10, 11, 12))
    assert season > 0.9 * sum(in_month.values())
    assert all(in_month[month] for month in range(1, 13))


def test_no_published_figure_stands_in_a_module(db: None) -> None:
    figures = {str(int(row.value)) for row in Observation.objects.filter(area__code="city") if row.value >= 1000}
    assert len(figures) > 10
    for module in Path(companies.demonstration.__file__).parent.glob("*.py"):
        numbers = set(re.findall(r"\d+", module.read_text().replace("_", "").replace(",", "")))
        assert not numbers & figures, module.name

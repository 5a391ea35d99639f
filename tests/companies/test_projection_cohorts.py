"""The cohorts read from the register against firms worked out by hand, and against the figure itself."""

import datetime
from collections import Counter

import pytest
from django.test import Client

from companies.models import CertificationKind, Company, TargetArea
from companies.statistics.projection.cohorts import Cohorts, read_cohorts
from tests.companies import cohort_table

pytestmark = pytest.mark.django_db

LAST = 2022
JOINED = ("granted_first", "granted_again", "moved_in")
LEFT = ("lapsed", "revoked", "dissolved", "moved_out")


def told(cohorts: Cohorts) -> Counter[tuple[int, str, int, int]]:
    return Counter(
        {(year, what, *cell): firms for (year, what), cells in cohorts.moves.items() for cell, firms in cells.items()}
    )


def test_each_firm_does_what_the_table_says() -> None:
    cohort_table.load()
    expected = Counter(row for firm in cohort_table.TABLE for row in firm.happens)
    assert told(read_cohorts(None, LAST)) == expected


def test_a_certificate_without_an_end_and_one_that_ends_late_never_come_due() -> None:
    cohort_table.load()
    kind = CertificationKind.objects.get(code="high_tech")
    firm = Company.objects.get(names__name_zh="moved in")
    cohort_table.certify(firm, kind, "2019-05-01", "2200-01-01", None)
    moved = told(read_cohorts(None, LAST))
    assert moved[2020, "kept", 4, 2] == moved[2022, "kept", 4, 2] == 1


def test_a_move_leaves_one_district_and_enters_another() -> None:
    cohort_table.load()
    beibei = read_cohorts(TargetArea.objects.get(code="beibei"), LAST)
    assert told(beibei) == {(2020, "moved_in", 2, 1): 1, (2021, "kept", 2, 1): 1, (2022, "lapsed", 1, 1): 1}
    central = read_cohorts(TargetArea.objects.get(code="central_urban"), LAST)
    assert told(central) == told(read_cohorts(None, LAST))


def test_stocks_are_the_figure_of_the_last_day_of_each_year_and_follow_from_each_other() -> None:
    cohort_table.load()
    cohorts = read_cohorts(None, LAST)
    for year in range(2015, LAST + 1):
        address = f"/api/v1/statistics/high-tech-firms/?valid_on={datetime.date(year, 12, 31)}"
        assert cohorts.stock(year) == Client().get(address).json()["total"], year
        joined, left = cohorts.moved(year, *JOINED), cohorts.moved(year, *LEFT)
        assert cohorts.stock(year) == cohorts.stock(year - 1) + joined - left, year


def test_the_first_years_of_a_register_lack_cohorts() -> None:
    cohort_table.load()
    cohorts = read_cohorts(None, LAST)
    assert min(cohorts.stocks) == 2016
    assert cohorts.whole_years(LAST) == [2019, 2020, 2021, 2022]
    assert Cohorts({}, {}).whole_years(LAST) == []

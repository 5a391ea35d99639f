"""Firms without a name on a day stand last in the order of names; `named_from` finds them without asking all firms."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from companies.models import Company, CompanyName, SearchText, Seat
from tests.samples import saved

pytestmark = pytest.mark.django_db

NEVER = datetime.date(9999, 12, 31)
Years = tuple[int, int | None]


def firm_named(*years: Years) -> Company:
    """A firm seated since 2010, with names from the first days of the years to those of the others."""
    firm: Company = saved(Company)
    saved(Seat, company=firm, valid_from=datetime.date(2010, 1, 1), valid_until=None)
    for place, (begin, end) in enumerate(years):
        until = None if end is None else datetime.date(end, 1, 1)
        name = f"重庆甲{'乙丙丁'[place]}有限公司"
        saved(CompanyName, company=firm, name_zh=name, valid_from=datetime.date(begin, 1, 1), valid_until=until)
    return firm


def named_from(firm: Company) -> datetime.date:
    day: datetime.date = SearchText.objects.get(company=firm).named_from
    return day


@pytest.mark.parametrize(
    ("years", "day"),
    [
        ((), NEVER),
        (((2012, None),), datetime.date(2012, 1, 1)),
        (((2012, 2015), (2015, None)), datetime.date(2012, 1, 1)),
        (((2012, 2015), (2016, None)), datetime.date(2016, 1, 1)),
        (((2012, 2013), (2014, 2016), (2016, None)), datetime.date(2014, 1, 1)),
        (((2012, 2015), (2015, 2018)), NEVER),
    ],
)
def test_a_firm_is_named_from_the_day_after_which_no_day_is_without_a_name(
    years: tuple[Years, ...], day: datetime.date
) -> None:
    assert named_from(firm_named(*years)) == day


def raw(sql: str, *given: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)


def end_by_update(name: CompanyName) -> None:
    CompanyName.objects.filter(pk=name.pk).update(valid_until="2020-01-01")


def end_by_save(name: CompanyName) -> None:
    name.valid_until = datetime.date(2020, 1, 1)
    name.save()


def end_by_raw_sql(name: CompanyName) -> None:
    raw("UPDATE companies_companyname SET valid_until = '2020-01-01' WHERE id = %s", name.pk)


def delete(name: CompanyName) -> None:
    name.delete()


@pytest.mark.parametrize("way", [end_by_update, end_by_save, end_by_raw_sql, delete])
def test_every_way_of_ending_a_name_is_seen(way: Callable[[CompanyName], None]) -> None:
    firm = firm_named((2012, 2015), (2015, None))
    way(CompanyName.objects.get(company=firm, valid_until=None))
    assert named_from(firm) == NEVER


@pytest.mark.parametrize("order", ["name", "-name"])
@pytest.mark.parametrize("limit", [1, 2, 100])
def test_the_nameless_of_a_day_come_last_and_once(client: Client, order: str, limit: int) -> None:
    firms = {
        "always": firm_named((2010, None)),
        "gap": firm_named((2012, 2015), (2016, None)),
        "later": firm_named((2018, None)),
        "ended": firm_named((2010, 2014)),
        "never": firm_named(),
    }
    codes = {firm.uscc: name for name, firm in firms.items()}

    def listed(day: str) -> list[str]:
        address, found = f"/api/v1/companies/?order={order}&limit={limit}&valid_on={day}&fields=uscc", []
        while address:
            page = client.get(address).json()
            found += [codes[row["uscc"]] for row in page["data"]]
            address = page["next"]
        return found

    nameless = {
        "2013-06-01": ["later", "never"],
        "2015-06-01": ["gap", "later", "ended", "never"],
        "2020-06-01": ["ended", "never"],
    }
    for day, last in nameless.items():
        found = listed(day)
        assert sorted(found) == sorted(codes.values()), day
        assert found[-len(last) :] == (last if order == "name" else last[::-1]), day

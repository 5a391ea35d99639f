"""Groups with `unknown` = total = count of the list, for every metric, filter and kind of caller there is."""

from __future__ import annotations

from decimal import Decimal
from urllib.parse import urlencode

import pytest
from django.test import Client

from companies.statistics.metrics import BY_CODE, Metric
from incubators.models import Incubator, StaffMembership
from registry.models import User
from registry.models.users import Role
from tests.api.addresses import BASE, answer, busy_incubator, walk
from tests.api.asked_well import good_value
from tests.api.test_figures import number

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

DAY = {"valid_on": "2026-03-31"}
PERIOD = {"from": "2020-01-01", "to": "2026-03-31"}
# Values that keep some entries and drop others; of any other code list its first two codes.
VALUES = {
    "q": "科技",
    "seated": "any",
    "district": "500106,500107",
    "university": "4150010611,4150010635",
    "university_adjacent": "false",
    "technology_field": "1,2",
    "certified": "technology_sme,innovative_sme",
    "expiring_before": "2027-03-31",
    "expiring_from": "2027-03-31",
    "established_from": "2016-01-01",
    "established_to": "2021-12-31",
    "entered_from": "2018-01-01",
    "entered_to": "2025-01-01",
    "left_from": "2018-01-01",
    "near": "29.56,106.55,40",
    "outcome": "graduated",
    "ground": "revenue,equity",
}


def callers() -> dict[str, Client]:
    """A stranger, each role, and one who may do anything; the staff are an incubator's."""
    found = {"stranger": Client()}
    for role in [*Role.values, "superuser"]:
        rights = {"role": role} if role in Role.values else {"is_superuser": True}
        user = User.objects.create(username=role, is_staff=True, **rights)
        if role == Role.STAFF:
            host = Incubator.objects.get(code=busy_incubator())
            StaffMembership.objects.create(user=user, incubator=host, valid_from="2020-01-01")
        found[role] = Client()
        found[role].force_login(user)
    return found


def asked_of(metric: Metric) -> list[tuple[str, str]]:
    """Each filter of the metric with a value; a firm or a number is that of the first entry."""
    first = answer(Client(), f"{BASE}{metric.counts}/?limit=1&valid_on={DAY['valid_on']}")["data"][0]
    own = VALUES | {name: first[name] for name in ("company", "number") if name in first}
    declared = metric.filterset.base_filters
    values = {one.name: own.get(one.name) or good_value(one, declared[one.name]) for one in metric.filters()}
    return [(name, str(value)) for name, value in values.items()]


@pytest.mark.parametrize("code", BY_CODE)
def test_groups_make_the_total_which_is_the_count_of_the_list(code: str) -> None:
    """Callers and dimensions take turns over the filters, in another order for each metric."""
    metric, turn = BY_CODE[code], list(BY_CODE).index(code)
    clients = list(callers().items())
    met, totals = set(), set()
    for place, (name, value) in enumerate(asked_of(metric)):
        who, caller = clients[(place + turn) % len(clients)]
        dimension = metric.dimensions[(place + turn) % len(metric.dimensions)]
        query = {**(PERIOD if metric.period else DAY), name: value, "group_by": dimension.name}
        found = answer(caller, f"{BASE}statistics/{code}/?{urlencode(query, safe=',')}")
        total, groups = number(found["total"]), [number(group["value"]) for group in found["groups"]]
        told = (who, name, dimension.name)
        assert sum(groups) >= total if dimension.is_multi_valued else sum(groups) == total, told
        assert counted(caller, metric, found["list"]) == total, told
        met.add(who)
        totals.add(total)
    assert met == {who for who, _caller in clients}
    assert len(totals) > 4, "the values tell too few questions apart"


def counted(caller: Client, metric: Metric, address: str) -> int | Decimal:
    if metric.sums is None:
        return int(answer(caller, f"{address}&count=exact&limit=1")["meta"]["count"])
    return sum((Decimal(row[metric.sums]) for row in walk(caller, f"{address}&limit=500")), Decimal(0))

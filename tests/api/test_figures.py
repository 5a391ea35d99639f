"""Every figure is the count of its list: on the demonstration set, over filters, days and groups."""

import itertools
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from companies.statistics.metrics import BY_CODE, METRICS, Metric
from tests.api.addresses import BASE, FIGURES, answer, walk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

DAYS = ("2022-06-30", "2025-11-05", "2025-11-06", "2026-11-22")  # the divisions changed on the third
OF_FIRMS: tuple[dict[str, str], ...] = (
    {},
    {"zone": "central_urban"},
    {"district": "500106,500107", "hub": "H1,H2"},
    {"technology_field": "1,2,3,4", "strategic_field": "F01,F02,F03,F04,F05,F06,F07,F08"},
    {"university": "4150010611,4150010635", "adjacency_basis": "spin_off,distance,licence"},
    {"corridor": "western_science_city", "established_from": "2015-01-01"},
    {"financed": "true", "graduated": "false"},
    {"certification": "technology_sme", "near": "29.56,106.55,40"},
)
OF_CERTIFICATES: tuple[dict[str, str], ...] = (
    {},
    {"kind": "high_tech"},
    {"kind": "high_tech,technology_sme", "technology_field": "1,2,3"},
    {"zone": "central_urban"},
    {"district": "500106,500107,500108"},
    {"hub": "H1", "strategic_field": "F01,F02,F03"},
    {"reporting_unit": "cq_hightech_zone"},
)
OF_INCUBATORS: tuple[dict[str, str], ...] = (
    {},
    {"kind": "incubator,maker_space"},
    {"incubator_level": "municipal,national"},
    {"zone": "central_urban"},
    {"district": "500106"},
    {"reporting_unit": "cq_hightech_zone"},
    {"university": "4150010611"},
)
OF_STAYS: tuple[dict[str, str], ...] = (
    {},
    {"zone": "central_urban"},
    {"ground": "revenue,equity"},
    {"incubator_level": "municipal,national"},
    {"hub": "H1,H2", "strategic_field": "F01,F02,F03,F04"},
    {"entered_from": "2020-01-01"},
    {"university": "4150010611,4150010635"},
)
OF_FINANCINGS: tuple[dict[str, str], ...] = (
    {},
    {"zone": "central_urban"},
    {"instrument": "KVL,BVL,GROW,IPP"},
    {"pilot_zone": "cq_tech_finance_pilot"},
    {"hub": "H1", "corridor": "western_science_city"},
    {"reporting_unit": "cq_hightech_zone"},
    {"incubator_level": "municipal,national"},
)
FILTERS = {
    "companies": OF_FIRMS,
    "certifications": OF_CERTIFICATES,
    "incubators": OF_INCUBATORS,
    "residencies": OF_STAYS,
    "financings": OF_FINANCINGS,
}
PERIODS = (("2020-01-01", "2022-06-30"), ("2025-11-05", "2025-11-05"), ("2025-11-06", "2026-11-22"))


def query(**given: str) -> str:
    return "?" + "&".join(f"{name}={value}" for name, value in given.items())


def moments(metric: Metric) -> list[tuple[dict[str, str], dict[str, str]]]:
    """The days to ask about: as the figure takes them, and as its list does."""
    if metric.period is None:
        return [({"valid_on": day}, {"valid_on": day}) for day in DAYS]
    first, last = metric.period
    return [({"from": a, "to": b}, {first: a, last: b}) for a, b in PERIODS]


def figure(client: Client, metric: Metric, **given: str) -> Any:
    return answer(client, f"{BASE}statistics/{metric.code}/{query(**given)}")


def number(value: int | str) -> int | Decimal:
    return value if isinstance(value, int) else Decimal(value)


def measured(client: Client, metric: Metric, count: int, question: dict[str, str]) -> int | Decimal:
    """What a list makes of a metric: its count, or the sum of a field over all its entries."""
    if metric.sums is None:
        return count
    rows = walk(client, f"{BASE}{metric.counts}/" + query(**metric.implied, **question, limit="500"))
    assert len(rows) == count
    return sum((Decimal(row[metric.sums]) for row in rows), Decimal(0))


def asked(metric: Metric) -> list[dict[str, str]]:
    """The sample of filters, without those that the metric implies."""
    sample = [given for given in FILTERS[metric.counts] if not given.keys() & metric.implied.keys()]
    return sample[:6] if "university_adjacent" in metric.implied else sample  # that one is slow


def test_every_metric_is_an_endpoint_and_every_endpoint_a_metric() -> None:
    assert [endpoint.view.metric for endpoint in FIGURES] == list(METRICS)
    assert {metric.counts for metric in METRICS} <= FILTERS.keys()


@pytest.mark.parametrize("code", BY_CODE)
def test_a_figure_is_the_count_of_its_list(client: Client, code: str) -> None:
    metric, totals = BY_CODE[code], set()
    for given, (day, listed) in itertools.product(asked(metric), moments(metric)):
        found = figure(client, metric, **given, **day)
        page = answer(
            client, f"{BASE}{metric.counts}/" + query(**metric.implied, **given, **listed, count="exact", limit="1")
        )
        assert number(found["total"]) == measured(client, metric, page["meta"]["count"], {**given, **listed}), (
            given,
            day,
        )
        assert given.items() <= found["filters"].items()
        assert answer(client, found["list"] + "&count=exact&limit=1")["meta"]["count"] == page["meta"]["count"]
        totals.add(found["total"])
    assert len(totals) > 4, "the sample tells too few questions apart"


@pytest.mark.parametrize("code", BY_CODE)
def test_groups_with_unknown_add_up_to_the_total(client: Client, code: str) -> None:
    metric = BY_CODE[code]
    for dimension, (day, _listed) in itertools.product(metric.dimensions, moments(metric)):
        found = figure(client, metric, group_by=dimension.name, **day)
        values = [number(group["value"]) for group in found["groups"]]
        keys = [group["key"][dimension.name] for group in found["groups"]]
        assert len(keys) == len(set(keys)), "a group stands once"
        assert min(values, default=1) > 0
        if dimension.is_multi_valued:
            assert sum(values) >= number(found["total"])
        else:
            assert sum(values) == number(found["total"]), (dimension.name, day)
        flagged = {flag["dimension"] for flag in found["flags"] if flag["code"] == "multi_valued"}
        assert flagged == ({dimension.name} if dimension.is_multi_valued else set())


OF_AN_EVENT = {"corridor", "university"}
MULTI_VALUED = {
    "companies": {"corridor", "technology_field", "university", "certification_kind", "instrument"},
    "certifications": OF_AN_EVENT,
    "residencies": OF_AN_EVENT,
    "financings": OF_AN_EVENT,
    "incubators": set(),
}


def test_dimensions_of_several_values_are_told_in_the_definition(client: Client) -> None:
    for entry in answer(client, f"{BASE}statistics/")["data"]:
        told = {dimension["name"] for dimension in entry["dimensions"] if dimension["is_multi_valued"]}
        assert told == MULTI_VALUED[entry["counts"]], entry["code"]


@pytest.mark.parametrize("code", ["firms", "high-tech-firms"])
def test_a_firm_is_counted_once_in_each_of_its_groups(client: Client, code: str) -> None:
    """A firm with three certificates of a kind is one firm of the kind."""
    metric = BY_CODE[code]
    found = figure(client, metric, group_by="certification_kind", valid_on=DAYS[-1])
    firms = walk(client, f"{BASE}companies/" + query(**metric.implied, valid_on=DAYS[-1], limit="500"))
    asked_for = {metric.implied["certified"]} if "certified" in metric.implied else None
    expected: dict[str, int] = {}
    for firm in firms:
        held = {row["kind"]["code"] for row in firm["certifications"] if row["state"] == "valid"}
        for kind in (held & asked_for if asked_for else held) or {"unknown"}:
            expected[kind] = expected.get(kind, 0) + 1
    assert {group["key"]["certification_kind"]: group["value"] for group in found["groups"]} == expected


# Dimensions of which the list has no filter, and filters beside which a group cannot be opened.
WITHOUT_FILTER = {
    "certifications": {"established_year"},
    "residencies": {"established_year"},
    "financings": {"established_year"},
}
PARTED = {"adjacency_basis", "expiring_before"}


@pytest.mark.parametrize("code", BY_CODE)
def test_every_group_opens_to_its_list(client: Client, code: str) -> None:
    """By the address in the answer, alone and beside the filters of the sample."""
    metric, opened = BY_CODE[code], set()
    samples = asked(metric)
    (day, _listed) = moments(metric)[2]
    for place, dimension in enumerate(metric.dimensions):
        for given in ({}, samples[place % len(samples)]):
            found = figure(client, metric, group_by=dimension.name, **given, **day)["groups"]
            for group in found:
                is_without = dimension.name in WITHOUT_FILTER.get(metric.counts, ())
                is_closed = group["key"][dimension.name] == "unknown" or is_without or PARTED & given.keys()
                assert group["list"] or is_closed, group
            for group in largest_middle_and_smallest([group for group in found if group["list"]]):
                assert entries_behind(client, metric, group["list"]) == number(group["value"]), (given, group)
                opened.add(dimension.name)
    assert opened == {dimension.name for dimension in metric.dimensions} - WITHOUT_FILTER.get(metric.counts, set())


def largest_middle_and_smallest(groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of one dimension: its addresses are made alike, and each costs a count."""
    by_value = sorted(groups, key=lambda group: number(group["value"]))
    return [by_value[place] for place in sorted({0, len(groups) // 2, len(groups) - 1})] if groups else []


def entries_behind(client: Client, metric: Metric, address: str) -> int | Decimal:
    if metric.sums is None:
        return int(answer(client, f"{address}&count=exact&limit=1")["meta"]["count"])
    return sum((Decimal(row[metric.sums]) for row in walk(client, f"{address}&limit=500")), Decimal(0))


@pytest.mark.parametrize(
    ("code", "dimensions"),
    [
        ("high-tech-firms", ("certification_kind", "technology_field", "district")),
        ("graduates", ("incubator", "hub", "zone")),
        ("financing-amount", ("instrument", "zone")),
    ],
)
def test_a_group_of_several_dimensions_opens_to_its_list(
    client: Client, code: str, dimensions: tuple[str, ...]
) -> None:
    metric = BY_CODE[code]
    (day, _listed) = moments(metric)[0]
    found = figure(client, metric, group_by=",".join(dimensions), **day)
    opening = [group for group in found["groups"] if group["list"]]
    assert len(opening) >= 2
    for group in opening[:: len(opening) // 10 + 1]:
        assert entries_behind(client, metric, group["list"]) == number(group["value"]), group


def test_groups_within_a_range_are_kept_and_the_flag_tells_how_many_are_left_out(client: Client) -> None:
    metric = BY_CODE["high-tech-firms"]
    every = figure(client, metric, group_by="district", valid_on=DAYS[-1])["groups"]
    values = sorted({group["value"] for group in every})
    for having, kept in (
        (f"{values[1]}..", values[1:]),
        (f"..{values[1]}", values[:2]),
        (f"{values[1]}..{values[1]}.5", values[1:2]),
    ):
        found = figure(client, metric, group_by="district", having=having, valid_on=DAYS[-1])
        assert found["groups"] == [group for group in every if group["value"] in kept]
        assert found["total"] == sum(group["value"] for group in every)
        (flag,) = [flag for flag in found["flags"] if flag["code"] == "groups_left_out"]
        assert (
            flag["detail"].startswith(str(len(every) - len(found["groups"])))
            or str(len(every) - len(found["groups"])) in flag["detail"]
        )
    whole = figure(client, metric, group_by="district", having="0..", valid_on=DAYS[-1])
    assert whole["groups"] == every
    assert "groups_left_out" not in {flag["code"] for flag in whole["flags"]}


def test_an_amount_is_held_to_its_range_as_a_number(client: Client) -> None:
    metric = BY_CODE["financing-amount"]
    (day, _listed) = moments(metric)[-1]
    every = figure(client, metric, group_by="instrument", **day)["groups"]
    middle = sorted(Decimal(group["value"]) for group in every)[len(every) // 2]
    found = figure(client, metric, group_by="instrument", having=f"{middle}..", order="-value", **day)["groups"]
    values = [Decimal(group["value"]) for group in found]
    assert values == sorted((Decimal(g["value"]) for g in every if Decimal(g["value"]) >= middle), reverse=True)
    assert 0 < len(found) < len(every)


def test_groups_come_by_value_when_asked(client: Client) -> None:
    def asked_in(order: str) -> list[tuple[int, str]]:
        found = figure(client, BY_CODE["firms"], group_by="district", order=order, valid_on=DAYS[-1])
        return [(group["value"], group["key"]["district"]) for group in found["groups"]]

    def last(key: str) -> tuple[bool, str]:
        return key == "unknown", key

    groups = asked_in("key")
    assert groups[-1][1] == "unknown"
    assert asked_in("value") == sorted(groups, key=lambda group: (group[0], last(group[1])))
    assert asked_in("-value") == sorted(groups, key=lambda group: (-group[0], last(group[1])))
    assert asked_in("-key") == [*reversed(groups[:-1]), groups[-1]]


@pytest.mark.parametrize(
    ("code", "dimensions"),
    [
        ("firms", ("zone", "hub", "established_year")),
        ("firms", ("district", "reporting_unit")),
        ("high-tech-firms", ("zone", "industry", "incubator_level")),
        ("incubated-firms", ("incubator", "incubator_level", "zone")),
        ("university-adjacent-firms", ("zone", "hub")),
        ("certifications-granted", ("certification_kind", "technology_field", "zone")),
        ("incubators", ("incubator_kind", "incubator_level", "district")),
        ("graduates", ("incubator", "incubator_level", "established_year")),
        ("financing-amount", ("instrument", "pilot_zone", "district")),
        ("financing-occurrences", ("incubator", "incubator_level", "industry")),
        ("financed-firms", ("zone", "established_year")),
    ],
)
def test_crossed_groups_fold_into_single_ones(client: Client, code: str, dimensions: tuple[str, ...]) -> None:
    metric = BY_CODE[code]
    (day, _listed) = moments(metric)[-1]
    crossed = figure(client, metric, group_by=",".join(dimensions), **day)
    assert sum(number(group["value"]) for group in crossed["groups"]) == number(crossed["total"])
    for dimension in dimensions:
        folded: dict[Any, int | Decimal] = {}
        for group in crossed["groups"]:
            assert list(group["key"]) == list(group["label"]) == list(dimensions)
            key = group["key"][dimension]
            folded[key] = folded.get(key, 0) + number(group["value"])
        single = figure(client, metric, group_by=dimension, **day)
        assert {group["key"][dimension]: number(group["value"]) for group in single["groups"]} == folded


def test_groups_come_in_the_order_of_their_keys_with_unknown_last(client: Client) -> None:
    found = figure(client, BY_CODE["firms"], group_by="district,hub", valid_on=DAYS[-1])
    keys = [tuple(group["key"].values()) for group in found["groups"]]
    assert keys == sorted(keys, key=lambda key: [(part == "unknown", part) for part in key])
    assert keys[-1] == ("unknown", "unknown") or keys[-1][0] == "unknown"


def test_a_boundary_change_moves_firms_between_groups_and_loses_none(client: Client) -> None:
    def firms(districts: str, day: str) -> set[str]:
        found = walk(client, f"{BASE}companies/" + query(district=districts, valid_on=day, order="uscc", limit="500"))
        return {firm["uscc"] for firm in found}

    def groups(day: str) -> dict[str, int]:
        found = figure(client, BY_CODE["firms"], group_by="district", valid_on=day)
        return {group["key"]["district"]: group["value"] for group in found["groups"]}

    old, new = firms("500105,500112", "2025-11-05"), firms("500157", "2025-11-06")
    assert old and old <= new
    before, after = groups("2025-11-05"), groups("2025-11-06")
    assert "500157" not in before and not {"500105", "500112"} & after.keys()
    assert (before["500105"] + before["500112"], after["500157"]) == (len(old), len(new))


def test_labels_follow_the_language(client: Client) -> None:
    labels = set()
    for language in ("zh", "en", "it"):
        found = figure(client, BY_CODE["firms"], group_by="zone", valid_on=DAYS[-1], lang=language)
        assert found["groups"][0]["key"] == {"zone": "central_urban"}
        labels.add(found["groups"][0]["label"]["zone"])
        assert found["groups"][-1]["key"] == {"zone": "unknown"}
    assert len(labels) == 3


def test_flags_tell_what_is_left_out(client: Client) -> None:
    def codes(**given: str) -> list[str]:
        return [flag["code"] for flag in figure(client, BY_CODE["firms"], valid_on=DAYS[-1], **given)["flags"]]

    assert "sole_traders_left_out" in codes()
    assert "published_financings_only" not in codes()
    for given in ({"financed": "true"}, {"instrument": "KVL"}, {"group_by": "instrument"}):
        assert "published_financings_only" in codes(**given)

"""Every figure is the count of its list: on the demonstration set, over filters, days and groups."""

import itertools
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
FILTERS = {"companies": OF_FIRMS, "certifications": OF_CERTIFICATES, "incubators": OF_INCUBATORS}
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
        assert found["total"] == page["meta"]["count"], (given, day)
        assert given.items() <= found["filters"].items()
        totals.add(found["total"])
    assert len(totals) > 4, "the sample tells too few questions apart"


@pytest.mark.parametrize("code", BY_CODE)
def test_groups_with_unknown_add_up_to_the_total(client: Client, code: str) -> None:
    metric = BY_CODE[code]
    for dimension, (day, _listed) in itertools.product(metric.dimensions, moments(metric)):
        found = figure(client, metric, group_by=dimension.name, **day)
        values = [group["value"] for group in found["groups"]]
        keys = [group["key"][dimension.name] for group in found["groups"]]
        assert len(keys) == len(set(keys)), "a group stands once"
        assert min(values, default=1) > 0
        if dimension.is_multi_valued:
            assert sum(values) >= found["total"]
        else:
            assert sum(values) == found["total"], (dimension.name, day)
        flagged = {flag["dimension"] for flag in found["flags"] if flag["code"] == "multi_valued"}
        assert flagged == ({dimension.name} if dimension.is_multi_valued else set())


MULTI_VALUED = {"corridor", "technology_field", "university", "certification_kind", "instrument"}


def test_dimensions_of_several_values_are_told_in_the_definition(client: Client) -> None:
    for entry in answer(client, f"{BASE}statistics/")["data"]:
        told = {dimension["name"] for dimension in entry["dimensions"] if dimension["is_multi_valued"]}
        assert told == (MULTI_VALUED if entry["counts"] == "companies" else set()), entry["code"]


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


# Dimensions whose values are also a filter of the list.
AS_FILTER = {"certification_kind": "kind", "incubator_kind": "kind"}
OPENED_FIRMS = ("district", "reporting_unit", "zone", "corridor", "hub", "strategic_field", "technology_field",
                "incubator", "incubator_level", "university", "instrument")  # fmt: skip


@pytest.mark.parametrize("code", BY_CODE)
def test_every_group_opens_to_its_list(client: Client, code: str) -> None:
    metric = BY_CODE[code]
    names = {parameter.name for parameter in metric.filterset.parameters()}
    opened = 0
    for dimension in metric.dimensions:
        name = AS_FILTER.get(dimension.name, dimension.name)
        if name not in names:
            continue
        for day, listed in moments(metric)[2:3]:
            opened += 1
            found = figure(client, metric, group_by=dimension.name, **day)
            for group in [group for group in found["groups"] if group["key"][dimension.name] != "unknown"]:
                given = metric.implied | listed | {name: group["key"][dimension.name], "count": "exact", "limit": "1"}
                page = client.get(f"{BASE}{metric.counts}/" + query(**given)).json()
                assert page.get("meta", page).get("count") == group["value"], (dimension.name, group, day, page)
    assert opened >= 5


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
    ],
)
def test_crossed_groups_fold_into_single_ones(client: Client, code: str, dimensions: tuple[str, ...]) -> None:
    metric = BY_CODE[code]
    (day, _listed) = moments(metric)[-1]
    crossed = figure(client, metric, group_by=",".join(dimensions), **day)
    assert sum(group["value"] for group in crossed["groups"]) == crossed["total"]
    for dimension in dimensions:
        folded: dict[Any, int] = {}
        for group in crossed["groups"]:
            assert list(group["key"]) == list(group["label"]) == list(dimensions)
            key = group["key"][dimension]
            folded[key] = folded.get(key, 0) + group["value"]
        single = figure(client, metric, group_by=dimension, **day)
        assert {group["key"][dimension]: group["value"] for group in single["groups"]} == folded


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

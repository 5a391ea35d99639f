"""What a district, a zone or an address in a row says of the seat."""

from collections.abc import Callable
from pathlib import Path

import pytest

from companies.models import Seat
from registry.models import ReportingUnit
from tests.companies.imports.lists import (
    ON,
    Rows,
    Value,
    commit,
    day,
    district,
    firm,
    places,
    plan,
    reasons,
    rolled_back,
    row,
    told,
    verdicts,
)
from tests.samples import saved, uscc


@rolled_back
def test_name_and_seat_of_a_new_firm_begin_on_the_first_day_that_the_file_knows(sheet: Callable[..., Path]) -> None:
    rows: Rows = [
        ["企业名称", "信用代码", "所属区县", "证书编号", "发证日期"],
        ["重庆甲有限公司", uscc(1), "九龙坡", "GR202351100001", "2023-10-16"],
        ["重庆甲有限公司", uscc(1), "重庆市九龙坡区", "GR202051100001", "2020-10-09"],
        ["重庆乙有限公司", uscc(2), "500107", "", ""],
    ]
    assert commit(sheet(rows)).is_clean
    seats = Seat.objects.order_by("company__uscc").values_list("company__uscc", "district__name_zh", "valid_from")
    assert list(seats) == [(uscc(1), "九龙坡区", day("2020-10-09")), (uscc(2), "九龙坡区", ON)]


@pytest.mark.parametrize(
    ("written", "since", "expected"),
    [
        ("渝北区", "2015-03-01", [("渝北区", "2015-03-01", "2025-11-06"), ("两江新区", "2025-11-06", None)]),
        ("渝北区", "2025-11-06", [("两江新区", "2025-11-06", None)]),
        ("渝北区", "2025-11-05", [("渝北区", "2025-11-05", "2025-11-06"), ("两江新区", "2025-11-06", None)]),
        ("两江新区", "2015-03-01", [(None, "2015-03-01", "2025-11-06"), ("两江新区", "2025-11-06", None)]),
        ("石柱县", "2015-03-01", [("石柱土家族自治县", "2015-03-01", None)]),
        ("渝中", "2015-03-01", [("渝中区", "2015-03-01", None)]),
    ],
)
@rolled_back
def test_abolished_district_is_followed_by_its_successor_and_told(
    sheet: Callable[..., Path], written: str, since: str, expected: list[tuple[str | None, str, str | None]]
) -> None:
    rows: Rows = [["企业名称", "信用代码", "所属区县", "成立日期"], ["重庆甲有限公司", uscc(1), written, since]]
    found = commit(sheet(rows))
    seats = Seat.objects.values_list("district__name_zh", "valid_from", "valid_until")
    assert [(name, str(start), str(end) if end else None) for name, start, end in seats] == expected
    assert any("2025-11-06" in note for note in found.notes) == ("两江新区" in [name for name, _f, _u in expected])
    assert verdicts(commit(sheet(rows))) == [(2, "same")]


MERGED = "2011-10-22"


@pytest.mark.parametrize(
    ("written", "since", "expected"),
    [
        ("万盛区", "2005-01-01", [("万盛区", "万盛区", "2005-01-01"), ("綦江区", "万盛经开区", MERGED)]),
        ("万盛", "2015-01-01", [("綦江区", "万盛经开区", "2015-01-01")]),
        ("大足县", "2005-01-01", [("大足县", None, "2005-01-01"), ("大足区", None, MERGED)]),
        ("双桥区", "2015-01-01", [("大足区", None, "2015-01-01")]),
        ("大足", "2015-01-01", [("大足区", None, "2015-01-01")]),
        ("500110", "2015-01-01", [("綦江区", None, "2015-01-01")]),
        ("綦江区", "2005-01-01", [(None, None, "2005-01-01"), ("綦江区", None, MERGED)]),
    ],
)
@rolled_back
def test_a_district_that_gave_its_code_away_is_followed_by_what_it_became(
    sheet: Callable[..., Path], written: str, since: str, expected: list[tuple[str | None, str | None, str]]
) -> None:
    rows: Rows = [["企业名称", "信用代码", "所属区县", "成立日期"], ["重庆甲有限公司", uscc(1), written, since]]
    commit(sheet(rows))
    seats = Seat.objects.values_list("district__name_zh", "reporting_unit__name_zh", "valid_from")
    assert [(district, unit, str(start)) for district, unit, start in seats] == expected
    assert verdicts(commit(sheet(rows))) == [(2, "same")]


@rolled_back
def test_zone_in_the_district_column_is_a_reporting_unit(sheet: Callable[..., Path]) -> None:
    rows: Rows = [["企业名称", "信用代码", "所属区县"], ["重庆甲有限公司", uscc(1), "高新区"]]
    assert commit(sheet(rows)).is_clean
    seat = Seat.objects.get()
    assert seat.district is None
    assert seat.reporting_unit == ReportingUnit.objects.get(code="cq_hightech_zone")


@rolled_back
def test_address_alone_seats_no_firm_in_the_city(sheet: Callable[..., Path]) -> None:
    found = commit(sheet([["企业名称", "信用代码", "地址"], ["重庆甲有限公司", uscc(1), "成都市天府大道1号"]]))
    assert verdicts(found) == [(2, "new")]
    assert not Seat.objects.exists()
    assert [note for note in found.notes if "address" in note]


@rolled_back
def test_district_that_the_firm_has_left_changes_nothing(sheet: Callable[..., Path]) -> None:
    company, moved = firm(1, "重庆甲有限公司"), day("2024-07-01")
    saved(Seat, company=company, district=district("渝中区"), valid_from=day("2015-03-01"), valid_until=moved)
    saved(Seat, company=company, district=district("江津区"), valid_from=moved)
    found = plan(sheet([["企业名称", "信用代码", "区县"], ["重庆甲有限公司", uscc(1), "渝中区"]]))
    assert verdicts(found) == [(2, "same")]
    assert [note for note in found.notes if "has since left" in note]


@rolled_back
def test_another_district_is_ambiguous_because_a_move_needs_its_day(sheet: Callable[..., Path]) -> None:
    company = firm(1, "重庆甲有限公司")
    saved(Seat, company=company, district=district("渝中区"), valid_from=day("2015-03-01"))
    head: list[Value] = ["企业名称", "信用代码", "所属区县", "地址"]
    found = plan(sheet([head, ["重庆甲有限公司", uscc(1), "江津区", ""]]))
    assert verdicts(found) == [(2, "ambiguous")]
    assert (places(found), str(district("渝中区")) in reasons(row(found, 2))) == ([(2, "所属区县")], True)
    found = plan(sheet([head, ["重庆甲有限公司", uscc(1), "渝中区", "民权路1号"]]))
    assert list(told(row(found, 2)).values()) == [("", "民权路1号")]


@rolled_back
def test_successor_of_the_seats_district_hands_the_seat_over(sheet: Callable[..., Path]) -> None:
    company = firm(1, "重庆甲有限公司")
    saved(Seat, company=company, district=district("渝北区"), valid_from=day("2015-03-01"))
    rows: Rows = [["企业名称", "信用代码", "所属区县"], ["重庆甲有限公司", uscc(1), "两江新区"]]
    assert verdicts(commit(sheet(rows))) == [(2, "changed")]
    seats = list(company.seats.values_list("district__name_zh", "valid_from", "valid_until"))
    abolished = day("2025-11-06")
    assert seats == [("渝北区", day("2015-03-01"), abolished), ("两江新区", abolished, None)]

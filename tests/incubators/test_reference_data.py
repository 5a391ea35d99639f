"""The known incubators as loaded, and the levels that were seen in print."""

import datetime

from incubators.models import Designation, Incubator, IncubatorKind, IncubatorSeat
from registry.days import today


def seats_of(code: str) -> list[tuple[object, ...]]:
    columns = ("district__code", "reporting_unit__code", "valid_from", "valid_until")
    return list(IncubatorSeat.objects.filter(incubator__code=code).values_list(*columns))


def test_the_chain_has_its_kinds(db: None) -> None:
    assert set(IncubatorKind.objects.values_list("code", "name_zh")) == {
        ("maker_space", "众创空间"),
        ("incubator", "科技企业孵化器"),
        ("accelerator", "加速器"),
        ("university_science_park", "大学科技园"),
        ("park", "创新创业园区"),
    }


def test_a_science_park_knows_its_university_and_place(db: None) -> None:
    park = Incubator.objects.get(code="INC-007")
    assert park.name_zh == "重庆大学国家大学科技园"
    assert park.university is not None and park.university.name_zh == "重庆大学"
    assert seats_of("INC-007") == [("500106", "500106", None, None)]
    assert not park.is_invented


def test_an_incubator_of_the_high_tech_zone_has_a_reporting_unit_but_no_assumed_district(db: None) -> None:
    assert seats_of("INC-001") == [(None, "cq_hightech_zone", None, None)]


def test_an_incubator_of_an_abolished_district_goes_on_in_its_successor(db: None) -> None:
    reform = datetime.date(2025, 11, 6)
    assert seats_of("INC-018") == [("500112", "500112", None, reform), ("500157", "500157", reform, None)]


def test_every_known_incubator_has_a_seat_today(db: None) -> None:
    assert set(IncubatorSeat.objects.on(today()).values_list("incubator__code", flat=True)) == set(
        Incubator.objects.values_list("code", flat=True)
    )


def test_no_seat_is_in_a_district_or_unit_outside_its_period(db: None) -> None:
    for seat in IncubatorSeat.objects.select_related("district", "reporting_unit"):
        for place in filter(None, (seat.district, seat.reporting_unit)):
            assert place.valid_from is None or seat.valid_from is None or place.valid_from <= seat.valid_from
            assert place.valid_until is None or (seat.valid_until and seat.valid_until <= place.valid_until)


def test_levels_begin_on_the_day_that_they_were_seen(db: None) -> None:
    nationals = Designation.objects.filter(level__code="national")
    assert set(nationals.values_list("incubator__code", "valid_from")) == {
        ("INC-001", datetime.date(2016, 1, 1)),
        ("INC-002", datetime.date(2016, 1, 1)),
        ("INC-003", datetime.date(2016, 1, 1)),
        ("INC-004", datetime.date(2021, 1, 1)),
        ("INC-005", datetime.date(2020, 12, 31)),
        ("INC-007", datetime.date(2022, 3, 21)),
    }


def test_a_level_without_a_day_is_told_in_the_source_only(db: None) -> None:
    without = Incubator.objects.filter(designations__isnull=True)
    said = {row.code: "said to be national" in row.source for row in without}
    assert said == {
        "INC-006": True,
        "INC-008": True,
        "INC-009": False,
        "INC-010": False,
        "INC-011": False,
        "INC-018": True,
    }


def test_a_park_from_memory_is_not_official(db: None) -> None:
    assert [Incubator.objects.get(code=code).is_official for code in ("INC-007", "INC-009")] == [True, False]

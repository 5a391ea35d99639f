"""The city's lists as loaded, and what a load may and may not do to them."""

import datetime
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from config.management.commands.load_reference import TABLES
from incubators.models import Designation, Incubator, IncubatorLevel
from registry.history import acting
from registry.models import (
    Campus,
    ChangeSet,
    CircleSite,
    Clock,
    CorridorArea,
    CorridorNode,
    District,
    ReportingUnit,
    Role,
    StrategicField,
    University,
    User,
    Zone,
)
from registry.reference import BrokenReferenceError, Table, Tally, load
from registry.reference.files import read

BEFORE_REFORM = datetime.date(2025, 11, 5)
REFORM = datetime.date(2025, 11, 6)
MERGER = datetime.date(2011, 10, 22)
IN_FORCE = {
    *(str(code) for code in range(500101, 500121)),
    *(str(code) for code in range(500151, 500158)),
    *("500229", "500230", "500231", "500233", "500235", "500236", "500237", "500238"),
    *("500240", "500241", "500242", "500243"),
} - {"500105", "500112"}
WITHOUT_CHECKED_CAMPUS = {
    *("西南大学", "重庆中医药学院", "重庆外语外事学院", "重庆航天职业技术学院", "重庆幼儿师范高等专科学校"),
    *("重庆科技职业学院", "重庆资源与环境保护职业学院", "重庆工信职业学院", "重庆五一职业技术学院"),
    *("重庆数字产业职业技术学院", "重庆现代制造职业学院", "重庆农业职业学院", "重庆安防职业学院"),
}


def with_changed_file(folder: Path, name: str, old: str, new: str, tables: Iterable[Table] = TABLES) -> list[Table]:
    """The tables, one of them read from a copy in which `old`, which stands there once, is `new`."""
    changed = []
    for table in tables:
        if table.path.name == name:
            text = table.path.read_text(encoding="utf-8")
            assert text.count(old) == 1
            copy = folder / name
            copy.write_text(text.replace(old, new), encoding="utf-8")
            table = replace(table, path=copy)
        changed.append(table)
    assert [table for table in changed if table.path.parent == folder]
    return changed


def sequence() -> int:
    return Clock.objects.get().sequence


def tally_of(tallies: list[Tally], name: str) -> Tally:
    return next(tally for tally in tallies if tally.table.path.name == name)


@pytest.fixture
def registrar(committed_db: str) -> User:
    return User.objects.create(username="registrar-of-reference", role=Role.REGISTRAR)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.path.stem)
def test_every_row_of_every_file_is_in_the_register(db: None, table: Table) -> None:
    looked_up = [f"{column}__code" if table.is_reference(column) else column for column in table.columns]
    told = [
        tuple(
            row.cells[column] or None if table.is_reference(column) else row.plain_value(column)
            for column in table.columns
        )
        for row in read(table)
    ]
    assert sorted(table.model._default_manager.values_list(*looked_up), key=repr) == sorted(told, key=repr)


def test_the_districts_in_force_are_those_after_the_reform(db: None) -> None:
    assert set(District.objects.on(REFORM).values_list("code", flat=True)) == IN_FORCE
    assert len(IN_FORCE) == 37
    before = set(District.objects.on(BEFORE_REFORM).values_list("code", flat=True))
    assert before == IN_FORCE - {"500157"} | {"500105", "500112"}
    assert len(before) == 38


def test_districts_have_their_names_zones_and_first_days(db: None) -> None:
    rows = District.objects.filter(code__in=["500108", "500157", "500241"]).values_list(
        "code", "name_zh", "name_en", "zone__code", "valid_from"
    )
    assert set(rows) == {
        ("500108", "南岸区", "Nan'an District", "central_urban", datetime.date(1997, 3, 14)),
        ("500157", "两江新区", "Liangjiang New Area (district)", "central_urban", REFORM),
        (
            "500241",
            "秀山土家族苗族自治县",
            "Xiushan Tujia and Miao Autonomous County",
            "southeast_cluster",
            datetime.date(1997, 3, 14),
        ),
    }


@pytest.mark.parametrize("model", [District, ReportingUnit])
def test_abolished_units_end_where_their_successor_begins(db: None, model: type[District | ReportingUnit]) -> None:
    ended = model.objects.filter(successor__isnull=False)
    merged = {("万盛区", "綦江区"), ("綦江县", "綦江区"), ("双桥区", "大足区"), ("大足县", "大足区")}
    reformed = {("江北区", "两江新区"), ("渝北区", "两江新区")}
    if model is ReportingUnit:
        merged = merged - {("万盛区", "綦江区")} | {("万盛区", "万盛经开区")}
        reformed |= {("两江新区（管委会口径）", "两江新区")}
    assert set(ended.values_list("name_zh", "successor__name_zh", "valid_until", "successor__valid_from")) == {
        *((*names, MERGER, MERGER) for names in merged),
        *((*names, REFORM, REFORM) for names in reformed),
    }


@pytest.mark.parametrize("model", [District, ReportingUnit])
def test_a_code_that_was_given_again_means_the_unit_of_the_day(db: None, model: type[District | ReportingUnit]) -> None:
    def names(day: datetime.date) -> set[tuple[str, str]]:
        in_force = model.objects.on(day).filter(code__in=["500110", "500111", "500222", "500225"])
        return set(in_force.values_list("code", "name_zh"))

    before = {("500110", "万盛区"), ("500111", "双桥区"), ("500222", "綦江县"), ("500225", "大足县")}
    assert names(MERGER - datetime.timedelta(days=1)) == before
    assert names(MERGER) == {("500110", "綦江区"), ("500111", "大足区")}


def test_a_reporting_unit_is_the_district_of_its_own_days(db: None) -> None:
    units = ReportingUnit.objects.filter(district__isnull=False)
    assert set(units.values_list("code", "name_zh", "valid_from", "valid_until")) == set(
        units.values_list("district__code", "district__name_zh", "district__valid_from", "district__valid_until")
    )


def test_what_has_no_day_refers_to_the_last_unit_of_a_code(db: None) -> None:
    campus = Campus.objects.get(name_zh="重庆电信职业学院龙水湖校区")
    assert campus.district is not None and campus.district.name_zh == "大足区"
    area = CorridorArea.objects.get(node__code="chengdu_chongqing_link", district__code="500111")
    assert area.district.name_zh == "大足区"


def test_reporting_units_beyond_the_districts_are_the_development_zones(db: None) -> None:
    found = ReportingUnit.objects.filter(district__isnull=True).values_list("code", flat=True)
    assert set(found) == {"liangjiang_new_area", "cq_hightech_zone", "wansheng_etz"}


def test_corridor_areas_change_with_the_reform(db: None) -> None:
    node = CorridorNode.objects.get(code="shuitu")
    assert set(node.areas.values_list("district__code", "valid_from", "valid_until")) == {
        ("500109", None, REFORM),
        ("500157", REFORM, None),
    }


def test_universities_are_the_75_of_the_ministry_s_list(db: None) -> None:
    assert University.objects.count() == 75
    found = University.objects.filter(code__in=["4150010611", "4150010635", "4150014727"])
    assert set(found.values_list("name_zh", "ror", "authority", "level")) == {
        ("重庆大学", "023rhb549", "教育部", "bachelor"),
        ("西南大学", "01kj4z117", "教育部", "bachelor"),
        ("重庆健康职业学院", "", "重庆市教委", "junior_college"),
    }


def test_only_campuses_whose_position_was_checked_are_loaded(db: None) -> None:
    assert set(Campus.objects.values_list("mark", flat=True)) == {"V"}
    assert not Campus.objects.filter(latitude__isnull=True).exists()
    without = University.objects.filter(campuses__isnull=True)
    assert set(without.values_list("name_zh", flat=True)) == WITHOUT_CHECKED_CAMPUS
    campus = Campus.objects.get(name_zh="重庆邮电大学")
    assert (campus.latitude, campus.longitude) == (Decimal("29.53459"), Decimal("106.60419"))


def test_rows_from_memory_or_uncertain_are_not_official(db: None) -> None:
    fields = {field.code: (field.mark, field.is_official) for field in StrategicField.objects.all()}
    assert fields["F01"] == ("V", True)
    assert fields["F06"] == ("M", False)
    assert fields["F02"] == ("U", False)


def test_the_load_is_one_change_without_a_person(committed_db: str) -> None:
    change = ChangeSet.objects.get()
    assert (change.sequence, change.reason, change.actor) == (1, "reference data", None)


def test_a_second_load_leaves_no_version(committed_db: str) -> None:
    before = sequence()
    call_command("load_reference", verbosity=0)
    call_command("load_reference", verbosity=0, refresh=True)
    assert sequence() == before
    assert ChangeSet.objects.count() == 1


def test_a_new_row_is_created_and_nothing_else_changes(committed_db: str, tmp_path: Path) -> None:
    row = "H4,绿色低碳,Green and low-carbon,"
    tables = with_changed_file(tmp_path, "hubs.csv", row, f"H5,未来产业,,,,,U,\n{row}")
    before = sequence()
    tallies = load(tables)
    assert sequence() == before + 1
    assert str(tally_of(tallies, "hubs.csv")) == "hubs.csv: 1 created, 4 same, 0 differs"
    assert sum(tally.created for tally in tallies) == 1


def test_a_former_unit_of_a_code_joins_a_register_that_holds_only_the_later_one(
    committed_db: str, tmp_path: Path
) -> None:
    later = "500120,main_urban_new,璧山区"
    former = "500120,main_urban_new,璧山县,,,1997-03-14,day,2014-05-02,500120,,,U,"
    tally = tally_of(load(with_changed_file(tmp_path, "districts.csv", later, f"{former}\n{later}")), "districts.csv")
    assert (tally.created, tally.same, tally.differs) == (1, 43, 0)
    added = District.objects.get(name_zh="璧山县")
    assert added.successor is not None and added.successor.name_zh == "璧山区"


def test_an_edited_row_survives_every_load(registrar: User) -> None:
    with acting(registrar, reason="better name"):
        Zone.objects.filter(code="central_urban").update(name_en="Central city")
    before = sequence()
    kept = tally_of(load(TABLES), "zones.csv")
    refreshed = tally_of(load(TABLES, refresh=True), "zones.csv")
    assert Zone.objects.get(code="central_urban").name_en == "Central city"
    assert sequence() == before
    assert (kept.same, kept.differs) == (refreshed.same, refreshed.differs) == (3, 1)
    assert refreshed.differences == [
        "zones.csv, line 2: name_en “Central city” → “Central urban area” (kept: edited here)"
    ]


def test_a_row_that_nobody_edited_follows_its_file_only_when_asked(committed_db: str, tmp_path: Path) -> None:
    tables = with_changed_file(tmp_path, "zones.csv", "Central urban area", "Central city")
    before = sequence()
    load(tables)
    assert Zone.objects.get(code="central_urban").name_en == "Central urban area"
    load(tables, refresh=True)
    load(tables, refresh=True)
    assert Zone.objects.get(code="central_urban").name_en == "Central city"
    assert sequence() == before + 1


def test_a_district_whose_first_day_was_corrected_is_not_loaded_again(registrar: User) -> None:
    with acting(registrar):
        District.objects.filter(code="500103").update(valid_from=datetime.date(1997, 6, 18))
    tally = tally_of(load(TABLES), "districts.csv")
    assert (tally.created, tally.same, tally.differs) == (0, 42, 1)
    assert District.objects.get(code="500103").valid_from == datetime.date(1997, 6, 18)


def test_a_row_whose_code_was_changed_is_not_loaded_again(registrar: User) -> None:
    with acting(registrar):
        Zone.objects.filter(code="central_urban").update(code="centre")
    tally = tally_of(load(TABLES), "zones.csv")
    assert (tally.created, tally.same, tally.differs) == (0, 3, 1)
    assert not Zone.objects.filter(code="central_urban").exists()


def test_a_deleted_row_returns_only_when_asked(registrar: User) -> None:
    with acting(registrar, reason="not part of the circle"):
        CircleSite.objects.get(name_zh="重庆国际创客港").delete()
    tally = tally_of(load(TABLES), "circle_sites.csv")
    assert (tally.created, tally.same, tally.removed_here) == (0, 19, 1)
    load(TABLES, refresh=True)
    assert CircleSite.objects.filter(name_zh="重庆国际创客港").exists()


def test_what_hangs_on_a_deleted_row_stays_away_too(registrar: User) -> None:
    with acting(registrar):
        University.objects.get(name_zh="重庆邮电大学").circles.all().delete()
        University.objects.filter(name_zh="重庆传媒职业学院").delete()
    tallies = load(TABLES)
    assert tally_of(tallies, "universities.csv").removed_here == 1
    assert tally_of(tallies, "campuses.csv").removed_here == 1
    assert not Campus.objects.filter(name_zh="重庆传媒职业学院").exists()


BROKEN = {
    "an unknown column": ("zones.csv", "code,name_zh", "codes,name_zh", (1, "codes")),
    "a ragged line": ("hubs.csv", "H2,生命健康,", "H2,生命健康,,", (3, "-")),
    "a day that does not exist": ("districts.csv", "1998-05-22", "1998-02-29", (2, "valid_from")),
    "a code that names nothing": ("districts.csv", "500119,main_urban_new", "500119,x", (22, "zone")),
    "a name that is too long": ("zones.csv", "中心城区", "区" * 201, (2, "name_zh")),
    "an empty name": ("zones.csv", "中心城区", "", (2, "name_zh")),
    "a mark off the list": ("hubs.csv", "Nuovi materiali,,,V", "Nuovi materiali,,,X", (4, "mark")),
    "neither true nor false": (
        "universities.csv",
        "Università di Chongqing,bachelor,教育部,false",
        "Università di Chongqing,bachelor,教育部,no",
        (2, "is_private"),
    ),
    "a position beyond five decimals": ("districts.csv", "30.7068", "30.7068123", (2, "latitude")),
    "a second owner of a ROR id": (
        "universities.csv",
        "4150010617,03dgaqz26",
        "4150099999,023rhb549,新大学,,,bachelor,重庆市,false,,,U,\n4150010617,03dgaqz26",
        (3, "ror"),
    ),
    "a period that ends before it begins": (
        "hubs.csv",
        "H2,生命健康",
        "H5,未来产业,,,2020-01-02,2020-01-01,U,\nH2,生命健康",
        (3, "valid_from, valid_until"),
    ),
    "a level on a day that has one": (
        "designations.csv",
        "INC-007,national",
        "INC-006,national,2020-01-01,,\nINC-006,municipal,2021-01-01,,\nINC-007,national",
        (8, "incubator, valid_from"),
    ),
    "a repeated code": ("hubs.csv", "H3,新材料", "H2,新材料", (4, "code")),
    "a successor of itself": ("districts.csv", "2025-11-06,500157,29.6162", "2025-11-06,500105,29.6162", (6, "-")),
}


@pytest.mark.parametrize(("name", "old", "new", "place"), BROKEN.values(), ids=BROKEN)
def test_a_broken_row_is_named_and_nothing_is_loaded(
    committed_db: str, tmp_path: Path, name: str, old: str, new: str, place: tuple[int, str]
) -> None:
    tables = with_changed_file(tmp_path, name, old, new)
    first = tables[0].path.read_text(encoding="utf-8") + "new_zone,新区,,,,,U,\n"
    (tmp_path / "zones_with_more.csv").write_text(first, encoding="utf-8")
    tables.insert(1, replace(TABLES[0], path=tmp_path / "zones_with_more.csv"))
    before = sequence()
    with pytest.raises(CommandError) as caught:
        call_command("load_reference", verbosity=0, tables=tables)
    line, column = place
    assert f"{name}, line {line}, column {column}: " in str(caught.value)
    assert sequence() == before
    assert not Zone.objects.filter(code="new_zone").exists()


def test_a_refresh_that_breaks_a_rule_is_named_and_changes_nothing(committed_db: str, tmp_path: Path) -> None:
    tables = with_changed_file(tmp_path, "universities.csv", "03dgaqz26", "023rhb549")
    before = sequence()
    with pytest.raises(BrokenReferenceError, match=r"universities\.csv, line 3, column ror: "):
        load(tables, refresh=True)
    assert sequence() == before


def with_levels(folder: Path, *lines: str) -> list[Table]:
    """The tables, with more designations of INC-006, which has none."""
    folder.mkdir(exist_ok=True)
    more = "".join(f"INC-006,{line},\n" for line in lines)
    return with_changed_file(folder, "designations.csv", "INC-007,national", f"{more}INC-007,national")


def levels_of_inc_006() -> list[tuple[str, datetime.date, datetime.date | None]]:
    levels = Designation.objects.filter(incubator__code="INC-006")
    return list(levels.values_list("level__code", "valid_from", "valid_until"))


def test_a_period_that_somebody_recorded_before_the_file_did_stays(registrar: User, tmp_path: Path) -> None:
    incubator, level = Incubator.objects.get(code="INC-006"), IncubatorLevel.objects.get(code="municipal")
    with acting(registrar):
        Designation.objects.create(incubator=incubator, level=level, valid_from=datetime.date(2020, 5, 1))
    tally = tally_of(load(with_levels(tmp_path, "national,2021-01-01,")), "designations.csv")
    assert (tally.created, tally.differs) == (0, 1)
    assert levels_of_inc_006() == [("municipal", datetime.date(2020, 5, 1), None)]


def test_a_refresh_may_move_an_end_and_a_beginning_together(committed_db: str, tmp_path: Path) -> None:
    load(with_levels(tmp_path / "first", "municipal,2020-01-01,2022-01-01", "national,2022-01-01,"))
    load(with_levels(tmp_path / "second", "municipal,2020-01-01,2023-01-01", "national,2023-01-01,"), refresh=True)
    assert levels_of_inc_006() == [
        ("municipal", datetime.date(2020, 1, 1), datetime.date(2023, 1, 1)),
        ("national", datetime.date(2023, 1, 1), None),
    ]

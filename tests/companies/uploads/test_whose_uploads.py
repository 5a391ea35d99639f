"""Who may upload, and which firms a person's upload may match or change."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse

from companies.imports import plan_import
from companies.imports.reach import Reach
from companies.models import Company, Residency
from companies.uploads import urls
from incubators.models import Incubator
from registry.models import Role, User
from registry.sheets.plan import Plan
from registry.sheets.reading import read_tables
from tests.companies.imports.lists import ON, Rows, as_table, day, firm, good_row, places, verdicts
from tests.companies.imports.lists import row as row_of
from tests.companies.uploads.pages import file_of, judged, logged_in, registrar
from tests.samples import saved, uscc

pytestmark = pytest.mark.django_db


def test_staff_without_an_incubator_are_refused_every_page_and_strangers_are_asked_to_log_in(client: object) -> None:
    upload = judged(logged_in(registrar()), file_of(as_table([good_row(1)])))
    staff = logged_in(User.objects.create_user("li", role=Role.STAFF, is_staff=True))
    addresses = [
        reverse(f"uploads:{page.name}", args=[upload.pk] if "pk" in str(page.pattern) else [])
        for page in urls.urlpatterns
    ]
    assert len(addresses) == 10
    for address in addresses:
        assert {staff.get(address).status_code, staff.post(address).status_code} == {403}, address
        assert client.get(address).status_code == 302, address  # type: ignore[attr-defined]


def test_an_upload_that_is_not_there_is_404() -> None:
    assert logged_in(registrar()).get("/admin/uploads/4711/").status_code == 404


@pytest.fixture
def planned(write: Callable[[Rows], Path]) -> Callable[[Rows], Plan]:
    """The plan of a person who may change the firms in residence in their own incubator."""

    def make(rows: Rows) -> Plan:
        own = Incubator.objects.get(name_zh="甲孵化器")
        reach = Reach(Company.objects.filter(residencies__incubator=own), own)
        return plan_import(read_tables(write(rows)), ON, reach=reach)

    return make


@pytest.fixture
def write(tmp_path: Path) -> Callable[[Rows], Path]:
    def make(rows: Rows) -> Path:
        path = tmp_path / "名单.csv"
        path.write_bytes(file_of(rows, "名单.csv").read())
        return path

    return make


@pytest.fixture
def two_incubators(db: None) -> None:
    for number, name in enumerate(("甲孵化器", "乙孵化器"), 1):
        host = saved(Incubator, name_zh=name)
        company = firm(number, f"重庆{name[0]}有限公司")
        saved(Residency, company=company, incubator=host, entered_on=day("2022-01-01"))


UNMET = "No credit code, and no firm of this name is among those that you may change."


def reasons(plan: Plan, number: int) -> list[str]:
    return [problem.reason for problem in row_of(plan, number).problems]


@pytest.mark.usefixtures("two_incubators")
def test_the_firms_of_another_incubator_are_neither_changed_nor_named(planned: Callable[[Rows], Plan]) -> None:
    found = planned(
        [
            ["企业名称", "信用代码", "成立日期"],
            ["重庆甲有限公司", uscc(1), "2012-01-01"],
            ["别的名字有限公司", uscc(2), "2012-01-01"],
            ["重庆乙有限公司", "", "2012-01-01"],
            ["重庆乙有限公司", uscc(3), "2012-01-01"],
            ["重庆乙有限公可", "", "2012-01-01"],
        ]
    )
    assert verdicts(found) == [(2, "changed"), (3, "wrong"), (4, "wrong"), (5, "wrong"), (6, "wrong")]
    assert row_of(found, 5).candidates == ()
    # The fourth row means the firm that the fifth enters; alone it means none.
    assert reasons(found, 4) == reasons(found, 5) == ["A new stay in an incubator needs its first day."]
    assert reasons(found, 6) == [UNMET]
    assert reasons(planned([["企业名称", "信用代码"], ["重庆乙有限公司", ""]]), 2) == [UNMET]
    said = repr([(told.label, told.differences, told.candidates) for told in found.rows[1:]])
    assert "重庆乙有限公司" not in repr(row_of(found, 3))
    assert uscc(2) not in said.replace(repr(row_of(found, 3).label), "")
    assert "重庆乙有限公司" not in "".join(problem.suggestion for told in found.rows for problem in told.problems)


@pytest.mark.usefixtures("two_incubators")
def test_a_new_firm_enters_the_own_incubator_and_no_other(planned: Callable[[Rows], Plan]) -> None:
    head = ["企业名称", "信用代码", "孵化器", "入驻日期"]
    found = planned(
        [
            head,
            ["重庆丙有限公司", uscc(4), "", "2024-01-01"],
            ["重庆丁有限公司", uscc(5), "乙孵化器", "2024-01-01"],
            ["重庆戊有限公司", uscc(6), "", ""],
        ]
    )
    assert verdicts(found) == [(2, "new"), (3, "wrong"), (4, "wrong")]
    assert "甲孵化器" in {difference.after for difference in row_of(found, 2).differences}
    assert places(found) == [(3, "孵化器"), (4, "入驻日期")]
    assert row_of(found, 3).problems[0].suggestion in ("", "甲孵化器")

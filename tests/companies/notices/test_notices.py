"""Official lists: what stays of a line, which firm it means, and what each incubator is told of its firms."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from companies.models import Certification, Company, CompanyName, Notice, NoticeLine
from companies.notices import loading, questions, urls
from registry.days import today
from registry.models import Role
from tests.companies.imports.lists import Rows
from tests.companies.uploads.pages import file_of
from tests.companies.work.house import LONG_AGO, House, ago, certificate, client_of, high_tech, house, person
from tests.samples import saved, uscc

pytestmark = pytest.mark.django_db
YEAR = today().year
HEADINGS = ["序号", "企业名称", "证书编号", "发证日期"]


@pytest.fixture
def registrar() -> Client:
    return client_of(person("wang", Role.REGISTRAR))


def load(client: Client, rows: Rows, **sent: Any) -> Any:
    given = {"kind": "high_tech", "year": str(YEAR), "title": "第一批", "file": file_of(rows)} | sent
    return client.post(reverse("notices:index"), given)


def loaded(client: Client, *lines: tuple[str, ...], **sent: Any) -> Notice:
    """A name-only list, or one with numbers and days."""
    rows: list[list[Any]] = [[number, *line, *[""] * (3 - len(line))] for number, line in enumerate(lines, 1)]
    answer = load(client, [list(HEADINGS), *rows], **sent)
    assert answer.status_code == 302, answer.context["refusal"]
    notice: Notice = Notice.objects.latest("pk")
    return notice


def parts(client: Client, notice: Notice) -> dict[str, list[str]]:
    """Names of the firms, or of the lines, in each part that the person is shown."""
    address = reverse("notices:notice", args=[notice.pk])
    tabs = client.get(address).context["tabs"]
    found = {}
    for tab in tabs:
        page = client.get(address, {"part": tab["key"]}).context["page"]
        rows = [row["name"] if isinstance(row, dict) else row.name for row in page]
        assert len(rows) == tab["count"]
        found[tab["key"]] = sorted(rows)
    return found


# --- Loading
def test_lines_keep_what_was_typed_and_find_their_firm(registrar: Client) -> None:
    a = house("A")
    by_name, former = a.firm("重庆甲科技有限公司"), a.firm("重庆乙科技有限公司")
    CompanyName.objects.filter(company=former).update(valid_until=ago(9))
    saved(CompanyName, company=former, name_zh="重庆丙科技有限公司", valid_from=ago(9))
    by_number = a.firm("重庆丁科技有限公司")
    certificate(by_number, LONG_AGO, number="GR202051100009")
    for _twin in range(2):
        a.firm("重庆双生有限公司")
    notice = loaded(
        registrar,
        (" 重庆甲科技 有限公司（注）",),
        ("重庆甲科技有限公司", "GR202651100001", f"{YEAR}年10月16日"),
        ("重庆乙科技有限公司",),
        ("重庆改名有限公司", "gr202051100009"),
        ("重庆双生有限公司",),
        ("重庆外人有限公司", "", "someday"),
    )
    lines = list(notice.lines.order_by("number"))
    assert [line.company for line in lines] == [None, by_name, former, by_number, None, None]
    assert [len(line.candidates) for line in lines] == [0, 0, 0, 0, 2, 0]
    assert [line.number for line in lines] == [2, 3, 4, 5, 6, 7]
    assert lines[1].issued_on == datetime.date(YEAR, 10, 16) and lines[5].issued_on is None
    assert (lines[0].name, lines[1].certificate_number) == ("重庆甲科技 有限公司（注）", "GR202651100001")
    page = registrar.get(reverse("notices:notice", args=[notice.pk]))
    assert "could not be read in rows 7" in page.content.decode()
    assert not Certification.objects.filter(number="GR202651100001").exists()


def test_a_code_goes_over_a_name_and_an_unknown_one_leaves_a_doubt(registrar: Client) -> None:
    a = house("A")
    one, other = a.firm("重庆甲科技有限公司"), a.firm("重庆乙科技有限公司")
    rows = [
        ["企业名称", "统一社会信用代码"],
        ["重庆甲科技有限公司", other.uscc],
        ["重庆甲科技有限公司", uscc(9_999_999)],
        ["重庆外人有限公司", uscc(9_999_998)],
    ]
    load(registrar, rows)
    lines = list(NoticeLine.objects.order_by("number"))
    assert [(line.company, line.candidates) for line in lines] == [(other, []), (None, [one.uscc]), (None, [])]


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"kind": "nothing"}, "Choose the kind"),
        ({"year": "26"}, "four digits"),
        ({"year": "0999"}, "between 1980 and 2199"),
        ({"title": " "}, "Give the title"),
        ({"file": ""}, "Choose a file"),
    ],
)
def test_what_cannot_be_loaded_is_refused_in_a_sentence(registrar: Client, sent: dict[str, str], told: str) -> None:
    answer = load(registrar, [HEADINGS, [1, "重庆甲科技有限公司", "", ""]], **sent)
    assert answer.status_code == 200 and told in answer.context["refusal"]
    assert not Notice.objects.exists()


def test_a_sheet_without_firms_and_a_notice_loaded_twice_are_refused(registrar: Client) -> None:
    assert "No column is headed" in load(registrar, [["甲", "乙"], ["1", "2"]]).context["refusal"]
    loaded(registrar, ("重庆甲科技有限公司",))
    again = load(registrar, [HEADINGS, [1, "重庆乙科技有限公司", "", ""]])
    assert "already loaded" in again.context["refusal"] and Notice.objects.count() == 1


# --- What an incubator is told
def scene(registrar: Client) -> tuple[House, House, Notice]:
    """Firms of A and B, each named after what it stands for."""
    a, b = house("A"), house("B")
    for owner in (a, b):
        owner.firm(f"{owner.host.code}首次")
        certificate(owner.firm(f"{owner.host.code}续期"), datetime.date(YEAR - 3, 1, 5))
        entered = owner.firm(f"{owner.host.code}已录")
        certificate(entered, datetime.date(YEAR, 1, 2))
        for name, issued in (
            ("失效", datetime.date(YEAR - 3, 1, 1)),
            ("旧失效", datetime.date(YEAR - 4, 1, 1)),
            ("有效", datetime.date(YEAR - 2, 1, 1)),
            ("别批", datetime.date(YEAR - 3, 1, 1)),
        ):
            made = certificate(owner.firm(f"{owner.host.code}{name}"), issued)
            Certification.objects.filter(pk=made.pk).update(valid_until=issued.replace(year=issued.year + 3))
        again = owner.firm(f"{owner.host.code}提前续")
        certificate(again, datetime.date(YEAR - 3, 1, 2), valid_until=datetime.date(YEAR, 1, 2))
        certificate(again, datetime.date(YEAR - 1, 12, 1), valid_until=datetime.date(YEAR + 2, 12, 1))
    listed = [(f"host-{letter}{name}",) for letter in "AB" for name in ("首次", "续期", "已录")]
    notice = loaded(registrar, *listed, ("重庆外人有限公司",))
    loaded(registrar, ("host-A别批",), ("host-B别批",), title="第二批")
    return a, b, notice


def expected(*letters: str) -> dict[str, list[str]]:
    told = {
        "not-entered": ("首次", "续期"),
        "appeared": ("首次", "已录"),
        "renewed": ("续期",),
        "lapsed": ("失效",),
    }
    return {
        part: sorted(f"host-{letter}{name}" for letter in letters for name in found) for part, found in told.items()
    }


def test_each_incubator_sees_its_firms_that_appeared_were_renewed_or_lapsed(registrar: Client) -> None:
    a, b, notice = scene(registrar)
    assert parts(client_of(a.editor), notice) == expected("A")
    assert parts(client_of(b.editor), notice) == expected("B")
    everything = expected("A", "B") | {"doubtful": [], "unknown": ["重庆外人有限公司"]}
    assert parts(registrar, notice) == everything
    assert parts(client_of(person("auditor", Role.AUDITOR)), notice) == everything


def test_the_front_page_tells_what_is_to_be_done_about_the_lists_of_the_year(registrar: Client) -> None:
    a, _b, _notice = scene(registrar)
    rows = {
        "not-entered": questions.not_entered_lately(a.editor, today()),
        "lapsed": questions.lapsed_lately(a.editor, today()),
    }
    found = {key: sorted(firms.values_list("names__name_zh", flat=True)) for key, firms in rows.items()}
    assert found == {"not-entered": ["host-A别批", *expected("A")["not-entered"]], "lapsed": expected("A")["lapsed"]}
    Notice.objects.update(loaded_at=datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC))
    assert not questions.not_entered_lately(a.editor, today()) and not questions.lapsed_lately(a.editor, today())


def test_staff_see_only_lines_of_their_own_firms(registrar: Client) -> None:
    a, _b, notice = scene(registrar)
    page = client_of(a.editor).get(reverse("notices:notice", args=[notice.pk]))
    assert page.context["counted"] == "3 lines"
    text = page.content.decode() + client_of(a.editor).get("/admin/").content.decode()
    assert "host-B首次" not in text and "重庆外人" not in text
    for part in ("unknown", "doubtful", "nothing"):
        assert client_of(a.editor).get(reverse("notices:notice", args=[notice.pk]), {"part": part}).status_code == 404


def test_only_registrars_send_anything(registrar: Client) -> None:
    a, _b, notice = scene(registrar)
    for user in (a.editor, person("auditor", Role.AUDITOR), person("analyst", Role.ANALYST)):
        client = client_of(user)
        for page in urls.urlpatterns:
            address = reverse(f"notices:{page.name}", args=[notice.pk] if "pk" in str(page.pattern) else [])
            assert client.post(address).status_code in (403, 405), (user.username, address)
    assert Notice.objects.count() == 2


# --- Afterwards
def test_a_registrar_chooses_among_candidates_and_looks_again(registrar: Client) -> None:
    a = house("A")
    twins = [a.firm("重庆双生有限公司") for _twin in range(2)]
    notice = loaded(registrar, ("重庆双生有限公司",), ("重庆后来有限公司",))
    registrar.post(reverse("notices:choose", args=[notice.pk]), {"line-2": uscc(9_999_999), "line-x": "1"})
    assert not notice.lines.filter(company__isnull=False).exists()
    registrar.post(reverse("notices:choose", args=[notice.pk]), {"line-2": twins[1].uscc})
    later = a.firm("重庆后来有限公司")
    registrar.post(reverse("notices:match", args=[notice.pk]))
    assert [line.company for line in notice.lines.order_by("number")] == [twins[1], later]
    registrar.post(reverse("notices:remove", args=[notice.pk]))
    assert not NoticeLine.objects.exists() and Company.objects.filter(pk=later.pk).exists()


def test_a_list_of_many_lines_is_matched_in_few_questions(
    registrar: Client, django_assert_max_num_queries: Any
) -> None:
    a = house("A")
    for number in range(30):
        a.firm(f"重庆第{number}号有限公司")
    rows = [["企业名称"], *([f"重庆第{number}号有限公司"] for number in range(30))]
    notice = Notice(kind=high_tech(), year=YEAR, title="众", file_name="众.csv", loaded_by=person("li", Role.REGISTRAR))
    with django_assert_max_num_queries(25):
        loading.load(notice, file_of(rows, "众.csv").read())
    assert notice.lines.filter(company__isnull=False).count() == 30

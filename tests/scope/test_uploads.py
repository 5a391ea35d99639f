"""Uploads as each role: nobody of incubator A finds a trace of B on a page or in a file, or changes a row of B."""

from __future__ import annotations

import datetime
import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from companies.models import Certification, CertificationKind, Company, CompanyName, Residency, Upload, UploadRow
from companies.uploads import urls, working
from incubators.models import StaffMembership
from registry.days import today
from registry.models import PersonalDataReading, Role, User
from tests.companies.imports.lists import Rows
from tests.companies.uploads.pages import (
    REASON,
    committed,
    content_of,
    file_of,
    judged,
    proposed,
    sheet_of,
    step,
    uploaded,
    verdicts,
)
from tests.samples import uscc
from tests.scope.cast import HIDDEN, SINCE, World, as_, digest, person
from tests.scope.test_matrix import OUTSIDERS, leaks

HEAD = ["企业名称", "信用代码", "入驻日期", "退出日期", "孵化器", "证书编号", "发证日期", "联系人"]
NEW = 4001
SOME = {"企业名称": "某某有限公司"}
TAKEN = "A certificate of this kind with this number is already in the register."


def rows(*lines: dict[str, Any]) -> Rows:
    return [HEAD, *[[line.get(title, "") for title in HEAD] for line in lines]]


def names_of(firm: Company) -> str:
    return str(CompanyName.objects.get(company=firm).name_zh)


def uploads_of_b(cast: World) -> list[Upload]:
    """One in each stage; what was found of them names firms, contact persons and mistakes of B."""
    client, firm = as_(cast, "editor_b"), cast.b.firm
    changed = {"企业名称": names_of(firm), "信用代码": firm.uscc, "联系人": f"{HIDDEN}人"}
    wrong = {"企业名称": f"{HIDDEN}企业有限公司", "信用代码": "91500112M"}
    new = {"企业名称": f"重庆{HIDDEN}有限公司", "信用代码": uscc(NEW), "入驻日期": "2024-01-01", "联系人": HIDDEN}
    made = [
        uploaded(client, file_of(rows(changed), f"{HIDDEN}一.csv")),
        judged(client, file_of(rows(changed, wrong), f"{HIDDEN}二.csv")),
        committed(client, file_of(rows(new), f"{HIDDEN}三.csv")),
    ]
    assert [bool(one.committed_id) for one in made] == [False, False, True]
    return made


def pages_of(upload: Upload) -> list[str]:
    return [reverse(f"uploads:{page.name}", args=[upload.pk]) for page in urls.urlpatterns if "pk" in str(page.pattern)]


def sheets_of(content: bytes) -> list[Any]:
    """Every sheet of a workbook, the hidden ones, too."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]


def text_of(answer: Any) -> str:
    if answer.streaming:
        content = content_of(answer)
        return repr(sheets_of(content)) if content[:2] == b"PK" else content.decode(errors="replace")
    return str(answer.content.decode())


# --- Whose uploads
@pytest.mark.parametrize("name", OUTSIDERS)
def test_uploads_of_another_incubator_are_on_no_page_and_take_nothing(cast: World, name: str) -> None:
    made = uploads_of_b(cast)
    before = digest([*cast.b.rows, *made, *UploadRow.objects.all()])
    client, status = as_(cast, name), 404 if name.endswith("_a") else 403
    for address in [*map(reverse, ("uploads:index", "uploads:template")), *(a for one in made for a in pages_of(one))]:
        for answer in (client.get(address), client.post(address, {"reason": "mine", "column-A": "name"})):
            is_own = address.endswith(("/uploads/", "template.xlsx")) and status == 404
            assert answer.status_code in ({200, 405} if is_own else {status, 405}), (address, answer.status_code)
            assert answer.status_code != 405 or text_of(answer) == ""
            assert leaks(text_of(answer), cast) == [], address
    assert digest([*cast.b.rows, *made, *UploadRow.objects.all()]) == before


def test_colleagues_see_an_upload_and_carry_it_on_and_it_is_noted_who_read_it(cast: World) -> None:
    planned = uploads_of_b(cast)[1]
    colleague = person("manager_b")
    StaffMembership.objects.create(user=colleague, incubator=cast.b.host, role="manager", valid_from=SINCE)
    cast.people["manager_b"] = colleague
    client = as_(cast, "manager_b")
    assert HIDDEN in text_of(client.get(reverse("uploads:index")))
    assert HIDDEN in text_of(client.get(reverse("uploads:upload", args=[planned.pk])))
    client.get(reverse("uploads:reasons", args=[planned.pk]))
    read = PersonalDataReading.objects.filter(reader=colleague)
    assert set(read.values_list("table", flat=True)) >= {"companies_upload", "companies_uploadrow"}
    changed = read.get(page=reverse("uploads:reasons", args=[planned.pk]), table="companies_company")
    assert (changed.rows, changed.fields) == ([cast.b.firm.pk], ["contact_email", "contact_name", "contact_phone"])
    step(client, planned, "correct", {"fix-3-uscc": uscc(NEW + 1)})
    assert planned.work_by == colleague and planned.corrections == {"3": {"uscc": uscc(NEW + 1)}}


def test_auditors_read_every_upload_and_send_nothing(cast: World) -> None:
    made = uploads_of_b(cast)
    client, before = as_(cast, "auditor"), digest([*made, *cast.b.rows])
    for upload in made:
        for address in pages_of(upload):
            assert client.get(address).status_code in (200, 302, 404, 405), address
            assert client.post(address, {"reason": "mine"}).status_code in (403, 405), address
        content = text_of(client.get(pages_of(upload)[0])).split('id="content-main"')[1]
        assert "<button" not in content.split("<footer")[0]
    assert client.post(reverse("uploads:index"), {"file": file_of(rows(SOME))}).status_code == 403
    assert digest([*made, *cast.b.rows]) == before


def test_what_a_registrar_uploads_for_nobody_in_particular_is_no_incubators(cast: World) -> None:
    upload = judged(as_(cast, "registrar"), file_of(rows({"企业名称": "x", "信用代码": cast.a.firm.uscc})))
    for name in ("manager_a", "editor_b"):
        assert as_(cast, name).get(reverse("uploads:upload", args=[upload.pk])).status_code == 404


# --- What a row tells
def asked_about_b(cast: World) -> tuple[list[dict[str, Any]], list[str]]:
    """Rows that name things of B in every way, and what they themselves say."""
    published, draft = cast.b.of(Company)
    kind = CertificationKind.objects.get(code="high_tech")
    certificate = Certification.objects.create(company=draft, kind=kind, number="GR202451109999", issued_on=SINCE)
    own = cast.a.firm
    lines: list[dict[str, Any]] = [
        {"企业名称": "某某有限公司", "信用代码": published.uscc, "联系人": "x"},
        {"企业名称": "某某有限公司", "信用代码": draft.uscc, "联系人": "x"},
        {"企业名称": names_of(published), "联系人": "x"},
        {"企业名称": names_of(draft), "联系人": "x"},
        {"企业名称": names_of(own), "信用代码": own.uscc, "证书编号": certificate.number, "发证日期": "2024-05-01"},
        {"企业名称": names_of(own), "信用代码": own.uscc, "孵化器": cast.b.host.name_zh, "入驻日期": "2024-05-01"},
        {"企业名称": names_of(own), "信用代码": own.uscc, "孵化器": cast.b.host.code, "入驻日期": "2024-05-01"},
    ]
    typed = {str(text) for line in lines for text in line.values() if len(str(text)) > 5}
    return lines, sorted(typed, key=len, reverse=True)


def test_rows_that_name_things_of_another_incubator_learn_nothing_but_that_they_are_not_theirs(cast: World) -> None:
    lines, typed = asked_about_b(cast)
    client, before = as_(cast, "editor_a"), digest(cast.b.rows)
    upload = judged(client, file_of(rows(*lines), "问.csv"))
    assert verdicts(upload) == dict.fromkeys(range(2, 9), "wrong")
    assert upload.rows.get(number=6).problems[0]["reason"] == TAKEN
    told = text_of(client.get(reverse("uploads:upload", args=[upload.pk]), {"verdict": "all"}))
    told += text_of(client.get(reverse("uploads:reasons", args=[upload.pk])))
    told += repr(list(upload.rows.values())) + repr(upload.plan)
    for text in typed:
        told = told.replace(text, "")
    assert leaks(told, cast) == []
    assert digest(cast.b.rows) == before


def test_a_name_that_another_incubators_draft_bears_is_answered_as_one_that_nobody_bears(cast: World) -> None:
    draft = cast.b.of(Company)[1]
    answers = []
    for name in (names_of(draft), "无人使用的名称有限公司"):
        for line in ({"企业名称": name}, {"企业名称": name, "信用代码": uscc(NEW), "入驻日期": "2024-01-01"}):
            upload = judged(as_(cast, "editor_a"), file_of(rows(line), "问.csv"))
            found = upload.rows.values_list("verdict", "problems", "candidates")
            answers.append(repr(list(found)).replace(name, "NAME"))
    assert answers[:2] == answers[2:]


def test_a_name_with_a_slip_is_not_mended_with_names_of_another_incubator(cast: World) -> None:
    lines = [{"企业名称": names_of(firm) + "公"} for firm in (cast.b.firm, cast.b.of(Company)[1], cast.a.firm)]
    upload = judged(as_(cast, "editor_a"), file_of(rows(*lines), "问.csv"))
    suggested = [row.problems[0]["suggestion"] for row in upload.rows.order_by("number")]
    assert suggested[:2] == ["", ""] and suggested[2]


def test_a_registrar_who_judges_an_incubators_upload_again_shows_it_no_other_firms(cast: World) -> None:
    firm = cast.b.firm
    line = {"企业名称": names_of(firm), "信用代码": firm.uscc, "联系人": "x"}
    upload = judged(as_(cast, "editor_a"), file_of(rows(line), "问.csv"))
    step(as_(cast, "registrar"), upload, "columns", proposed(upload))
    assert upload.work_by == cast.people["registrar"] and verdicts(upload) == {2: "wrong"}
    assert HIDDEN not in repr(list(upload.rows.values("problems", "differences", "candidates")))


# --- What is written
def test_a_new_firm_gets_its_stay_and_undoing_takes_it_away(cast: World) -> None:
    client, before = as_(cast, "editor_a"), digest([*cast.a.rows, *cast.b.rows])
    new = {"企业名称": "重庆新来有限公司", "信用代码": uscc(NEW), "入驻日期": "2024-01-01"}
    upload = committed(client, file_of(rows(new)))
    stay = Residency.objects.get(company__uscc=uscc(NEW))
    assert (stay.incubator, stay.entered_on) == (cast.a.host, datetime.date(2024, 1, 1))
    step(client, upload, "undo", {"reason": "not ours"})
    assert upload.undone_at and not Company.objects.filter(uscc=uscc(NEW)).exists()
    assert digest([*cast.a.rows, *cast.b.rows]) == before


def test_a_new_firm_that_left_long_ago_is_refused_before_anything_is_written(cast: World) -> None:
    last_week = (today() - datetime.timedelta(9)).isoformat()
    gone = {"企业名称": "重庆早退有限公司", "信用代码": uscc(NEW), "入驻日期": "2020-01-01", "退出日期": "2021-01-01"}
    recent = gone | {"企业名称": "重庆刚退有限公司", "信用代码": uscc(NEW + 1), "退出日期": last_week}
    upload = judged(as_(cast, "editor_a"), file_of(rows(gone, recent)))
    assert verdicts(upload) == {2: "wrong", 3: "new"}
    assert upload.rows.get(number=2).problems[0]["key"] == "left_on"


def moved_on(cast: World) -> Company:
    """A firm of A that is in residence in B now, while A may still write it."""
    firm, left = cast.a.firm, today() - datetime.timedelta(30)
    Residency.objects.filter(company=firm).update(left_on=left)
    Residency.objects.create(company=firm, incubator=cast.b.host, entered_on=left)
    return firm


def test_an_export_of_a_firm_that_moved_on_does_not_tell_where_and_changes_nothing(cast: World) -> None:
    firm, client = moved_on(cast), as_(cast, "editor_a")
    sent = {"action": "export_for_correction", "_selected_action": [one.pk for one in cast.a.of(Company)]}
    content = content_of(client.post(reverse("admin:companies_company_changelist"), sent))
    assert leaks(repr(sheet_of(content)), cast) == [] and firm.uscc in repr(sheet_of(content))
    from django.core.files.uploadedfile import SimpleUploadedFile

    before = digest([*cast.a.rows, *cast.b.rows])
    upload = committed(client, SimpleUploadedFile("更正.xlsx", content))
    assert set(verdicts(upload).values()) == {"same"} and len(verdicts(upload)) == len(cast.a.of(Company))
    assert digest([*cast.a.rows, *cast.b.rows]) == before


def test_an_upload_is_not_undone_over_a_firm_that_is_no_longer_theirs(cast: World) -> None:
    client = as_(cast, "editor_a")
    new = {"企业名称": "重庆新来有限公司", "信用代码": uscc(NEW), "入驻日期": "2024-01-01"}
    upload = committed(client, file_of(rows(new)))
    firm = Company.objects.get(uscc=uscc(NEW))
    Residency.objects.filter(company=firm).update(incubator=cast.b.host)
    name = CompanyName.objects.get(company=firm)
    name.name_zh = f"重庆{HIDDEN}有限公司"
    name.save()
    page = text_of(step(client, upload, "undo", {"reason": "not ours"}))
    assert f"{uscc(NEW)} is not among the firms that you may change." in page and HIDDEN not in page
    assert Company.objects.filter(pk=firm.pk).exists()


# --- For which incubator
def test_who_works_for_two_chooses_and_what_is_found_stays_within_the_chosen_one(cast: World) -> None:
    StaffMembership.objects.create(user=cast.people["editor_a"], incubator=cast.b.host, role="editor", valid_from=SINCE)
    client, firm = as_(cast, "editor_a"), cast.b.firm
    sheet = rows({"企业名称": names_of(firm), "信用代码": firm.uscc, "联系人": "x"})
    refused = client.post(reverse("uploads:index"), {"file": file_of(sheet)})
    assert refused.context["refusal"] == "Choose the incubator that the list is of."
    for host, verdict in ((cast.a.host, "wrong"), (cast.b.host, "changed")):
        client.post(reverse("uploads:index"), {"file": file_of(sheet), "incubator": host.pk})
        upload = Upload.objects.latest("pk")
        step(client, upload, "columns", proposed(upload))
        assert (upload.incubator, verdicts(upload)) == (host, {2: verdict})


def test_nobody_uploads_for_an_incubator_that_is_not_theirs(cast: World) -> None:
    client = as_(cast, "editor_a")
    client.post(reverse("uploads:index"), {"file": file_of(rows(SOME)), "incubator": cast.b.host.pk})
    assert Upload.objects.latest("pk").incubator == cast.a.host


def test_columns_are_remembered_for_colleagues_and_for_nobody_else(cast: World) -> None:
    sheet: Rows = [["单位", "号码"], ["某某有限公司", "x"]]
    judged(as_(cast, "editor_a"), file_of(sheet), A="name", B="uscc")
    known = {
        name: proposed(uploaded(as_(cast, name), file_of(sheet)))["column-B"]
        for name in ("manager_a", "editor_b", "registrar")
    }
    assert known == {"manager_a": "uscc", "editor_b": "-", "registrar": "-"}


# --- When the work is done
def test_work_asked_for_by_one_who_left_in_the_meantime_is_refused(
    cast: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "ROWS_DONE_AT_ONCE", 0)
    client = as_(cast, "editor_a")
    firm = cast.a.firm
    upload = judged(client, file_of(rows({"企业名称": names_of(firm), "信用代码": firm.uscc, "联系人": "新人"})))
    working.do_work.call(upload.pk)
    assert verdicts(upload) == {2: "changed"}
    step(client, upload, "commit", {"reason": REASON})
    StaffMembership.objects.filter(user=cast.people["editor_a"]).update(valid_until=today())
    before = digest(cast.a.rows)
    working.do_work.call(upload.pk)
    upload.refresh_from_db()
    assert upload.failure == "Nothing was done: who asked for it works for this incubator no more."
    assert not upload.committed_at and digest(cast.a.rows) == before


def test_a_registrar_who_is_one_no_more_writes_nothing(cast: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "ROWS_DONE_AT_ONCE", 0)
    firm = cast.b.firm
    upload = judged(as_(cast, "registrar"), file_of(rows({"企业名称": names_of(firm), "信用代码": firm.uscc})))
    User.objects.filter(username="registrar").update(role=Role.STAFF)
    working.do_work.call(upload.pk)
    upload.refresh_from_db()
    assert upload.failure and not upload.planned_at and not upload.rows.exists()


def test_positive_control(cast: World) -> None:
    """What outsiders do not find is there: B's own editor reads all of it."""
    made = uploads_of_b(cast)
    client: Client = as_(cast, "editor_b")
    for upload in made:
        assert HIDDEN in text_of(client.get(pages_of(upload)[0])), upload
    assert verdicts(made[1]) == {2: "changed", 3: "wrong"}

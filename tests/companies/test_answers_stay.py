"""An answer with both clocks never changes, whatever is committed later; the filled past is the kept one."""

import importlib
import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection, transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from companies.models import Certification, CertificationKind, Company, CompanyName, Residency, Seat
from incubators.models import Incubator
from registry.credit_code import complete
from registry.history import last_recorded_at
from registry.models import Campus, District, University
from tests.samples import saved

pytestmark = pytest.mark.usefixtures("committed_db")

FIRMS = [complete("91500112", f"MH{number:06d}") for number in range(3)]
SYLLABLES = ("樟木", "黄桷", "银杏")
DISTRICTS = ("500106", "500107", "500101")
DAYS = ("2023-06-30", "2025-06-30", "2026-11-22")
QUESTIONS = (
    *(f"companies/?seated=any&valid_on={day}&order=uscc&count=exact" for day in DAYS),
    "companies/?q=樟木&seated=any&valid_on=2026-11-22",
    "companies/?order=-updated_at&seated=any&valid_on=2025-06-30",
    "companies/?district=500106&valid_on=2025-06-30&university_adjacent=true",
    *(f"statistics/high-tech-firms/?group_by=district,technology_field&valid_on={day}" for day in DAYS),
    "statistics/certifications-granted/?from=2020-01-01&to=2026-11-22&group_by=zone",
    "certifications/?seated=any&valid_on=2026-11-22",
    "residencies/?valid_on=2025-06-30",
    *(f"companies/{code}/?valid_on=2025-06-30" for code in FIRMS),
    *(f"companies/{code}/history/?limit=500" for code in FIRMS),
    "codes/districts/?valid_on=2026-11-22",
    "targets/high-tech-2030/?valid_on=2026-11-22",
)


def enter(code: str, number: int) -> None:
    if not Company.objects.filter(uscc=code).exists():
        firm = saved(Company, uscc=code, established_on=None)
        saved(CompanyName, company=firm, name_zh=f"重庆{SYLLABLES[number]}科技有限公司", valid_from="2020-01-01")
        saved(Seat, company=firm, district=district(number), valid_from="2020-01-01")


def district(number: int) -> Any:
    return District.objects.get(code=DISTRICTS[number], valid_until=None)


def rename(code: str, number: int) -> None:
    for name in CompanyName.objects.filter(company__uscc=code):
        name.name_zh = f"重庆{SYLLABLES[number]}科技有限公司"
        name.save()


def move(code: str, number: int) -> None:
    Seat.objects.filter(company__uscc=code).update(
        district=district(number), latitude="29.10000", longitude=f"109.2{number}000"
    )


def certify(code: str, number: int) -> None:
    firm = Company.objects.filter(uscc=code).first()
    kind, issued = CertificationKind.objects.get(code="high_tech"), f"202{number + 2}-01-01"
    if firm and not firm.certifications.filter(issued_on=issued).exists():
        saved(Certification, company=firm, kind=kind, issued_on=issued, valid_until=f"202{number + 5}-01-01")


def revoke(code: str, number: int) -> None:
    Certification.objects.filter(company__uscc=code).update(
        revoked_from=f"202{number + 5}-06-30", revoked_on="2027-12-31"
    )


def stay(code: str, number: int) -> None:
    firm = Company.objects.filter(uscc=code).first()
    if firm and not firm.residencies.exists():
        saved(Residency, company=firm, incubator=Incubator.objects.order_by("code")[number], entered_on="2024-01-01")


def leave(code: str, number: int) -> None:
    Residency.objects.filter(company__uscc=code).update(left_on=f"202{number + 5}-01-01")


def build_campus(code: str, number: int) -> None:
    university = University.objects.order_by("code")[number]
    saved(Campus, university=university, latitude="29.10000", longitude=f"109.2{number}000")


def rename_district(code: str, number: int) -> None:
    District.objects.filter(pk=district(number).pk).update(name_en=f"{code[-3:]} district")


def touch(code: str, number: int) -> None:
    """Undone before it is committed: no version, though the row has been written."""
    with transaction.atomic():
        Company.objects.filter(uscc=code).update(website="https://x.example")
        Company.objects.filter(uscc=code).update(website="")


def delete(code: str, number: int) -> None:
    with transaction.atomic():
        for model in (Certification, Residency):
            model.objects.filter(company__uscc=code).delete()
        Company.objects.filter(uscc=code).delete()


CHANGES: tuple[Callable[[str, int], None], ...] = (
    enter, enter, rename, move, certify, certify, revoke, stay, leave, build_campus, rename_district, touch, delete,
)  # fmt: skip


def answers(known_at: str) -> dict[str, bytes]:
    """A refusal is an answer, too: an entry that was not known then stays unknown. Since when it is known, which the
    refusal tells besides, is of today.
    """
    client = Client()
    asked = {question: client.get(f"/api/v1/{question}&known_at={known_at}") for question in QUESTIONS}
    return {
        question: given.content if given.status_code == 200 else refusal(given) for question, given in asked.items()
    }


def refusal(given: Any) -> bytes:
    return json.dumps({"status": given.status_code, "code": given.json()["code"]}).encode()


def present() -> dict[str, Any]:
    return {question: told(Client().get(f"/api/v1/{question}").json()) for question in QUESTIONS}


def told(page: dict[str, Any]) -> Any:
    page = json.loads(re.sub(r"&known_at=[^\"&]*", "", json.dumps(page)))  # in the addresses of lists
    rest = {name: value for name, value in page.items() if name not in ("known_at", "digest", "meta", "next")}
    return rest if "status" not in page else page["code"]


def without_versions(value: Any) -> Any:
    """A change that was undone counts as a writing of the row, and leaves no version."""
    if isinstance(value, list):
        return [without_versions(item) for item in value]
    if isinstance(value, dict):
        return {name: without_versions(item) for name, item in value.items() if name != "version"}
    return value


STEPS = st.tuples(st.sampled_from(CHANGES), st.sampled_from(FIRMS), st.integers(0, 2))


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, min_size=4, max_size=7))
def test_an_answer_once_given_never_changes(steps: list[Any]) -> None:
    given_out: dict[str, dict[str, bytes]] = {}
    for change, code, number in steps:
        change(code, number)
        moment = last_recorded_at()
        assert moment is not None
        known_at = quote(moment.isoformat())
        given_out.setdefault(known_at, answers(known_at))
    past = {question: told(json.loads(content)) for question, content in answers(known_at).items()}
    assert without_versions(past) == without_versions(present())
    for known_at, before in given_out.items():
        assert answers(known_at) == before


FILL = importlib.import_module("companies.migrations.0013_known")
DERIVED = {
    "companies_searchtext": FILL.FILL_TEXTS,
    "companies_companychange": FILL.FILL_CHANGES,
    "withdrawn": FILL.FILL_WITHDRAWN,
}


def rows(table: str) -> set[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT t::text FROM history.{table} t")
        return set(cursor.fetchall())


def test_the_past_filled_by_the_migration_is_the_one_that_writing_keeps() -> None:
    """For a register that was in use before its derived tables had versions."""
    for code in FIRMS:
        for number, change in enumerate((enter, rename, certify, move, rename, revoke, touch)):
            change(code, number % 3)
    Company.objects.filter(uscc=FIRMS[0]).update(is_published=False)
    Company.objects.filter(uscc=FIRMS[1]).update(uscc=complete("91500112", "MH777777"))
    delete(FIRMS[2], 0)
    for table, fill in DERIVED.items():
        kept = rows(table)
        assert kept
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM history.{table}")
            cursor.execute(fill)
        assert rows(table) == kept, table


def test_versions_from_before_a_derived_column_are_completed() -> None:
    enter(FIRMS[0], 0)
    saved(Campus, university=University.objects.order_by("code")[0], latitude="29.10000", longitude="109.20000")
    move(FIRMS[0], 0)
    rename(FIRMS[0], 1)
    Seat.objects.update(address="新路1号")
    kept = {table: rows(table) for table in FILL.COMPLETED}
    with connection.cursor() as cursor:
        for table in FILL.COMPLETED:
            cursor.execute(f"ALTER TABLE history.{table} DISABLE TRIGGER USER")
        cursor.execute("UPDATE history.companies_seat SET campus_metres = NULL WHERE NOT upper_inf(recorded)")
        cursor.execute(
            "UPDATE history.companies_companyname SET keys_of = NULL, pinyin = 'old' WHERE NOT upper_inf(recorded)"
        )
        for table in FILL.COMPLETED:
            cursor.execute(f"ALTER TABLE history.{table} ENABLE TRIGGER USER")
    assert {table: rows(table) for table in FILL.COMPLETED} != kept
    for table in ("companies_searchtext", "companies_companychange", "withdrawn"):
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM history.{table}")
    with connection.schema_editor() as editor:
        FILL.fill(None, editor)
    assert {table: rows(table) for table in FILL.COMPLETED} == kept

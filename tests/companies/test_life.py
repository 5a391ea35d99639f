"""`companies/{uscc}/history/`: every public change, on both clocks, without who did it."""

import datetime
from typing import Any
from urllib.parse import quote

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client

from companies.life.subjects import SUBJECTS
from companies.models import Certification, Company, CompanyName, Financing, Residency, Seat, UniversityLink
from incubators.models import Incubator
from registry.access import FieldClass, field_class
from registry.history import acting
from registry.models import User
from tests.companies.test_looking_back import ask, certify, make_firm, now
from tests.samples import saved

pytestmark = pytest.mark.usefixtures("committed_db")


def life(firm: Company, query: str = "", known_at: datetime.datetime | None = None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ask(f"companies/{firm.uscc}/history/{query}", known_at)["data"]
    return found


def short(changes: list[dict[str, Any]]) -> list[tuple[str, str, list[str]]]:
    return [(change["subject"], change["kind"], change["changed"]) for change in changes]


def test_a_life_is_told_change_by_change() -> None:
    firm = make_firm()
    certificate = certify(firm)
    before = now()
    Company.objects.filter(pk=firm.pk).update(website="https://new.example")
    Seat.objects.update(address="新路1号")
    Certification.objects.update(revoked_from="2025-01-01", revoked_on="2026-11-01", revocation_reason="撤销")
    with transaction.atomic():
        CompanyName.objects.update(valid_until="2026-01-01")
        saved(CompanyName, company=firm, name_zh="重庆黄桷科技有限公司", valid_from="2026-01-01")
    link = saved(UniversityLink, company=firm)
    link.delete()
    begun: list[tuple[str, str, list[str]]] = [
        ("firm", "create", []),
        ("name", "create", []),
        ("seat", "create", []),
        ("certification", "create", []),
    ]
    assert short(life(firm)) == [
        *begun,
        ("firm", "correct", ["website"]),
        ("seat", "correct", ["address"]),
        ("certification", "end", ["revoked_from", "revoked_on", "revocation_reason"]),
        ("name", "end", ["valid_until"]),
        ("name", "create", []),
        ("university_link", "create", []),
        ("university_link", "delete", []),
    ]
    assert short(life(firm, known_at=before)) == begun
    revoked = life(firm)[6]
    assert (revoked["id"], revoked["old"]["revoked_from"], revoked["new"]["revoked_from"]) == (
        certificate.pk, None, "2025-01-01",
    )  # fmt: skip
    assert (revoked["true_from"], revoked["true_until"]) == ("2024-01-01", "2025-01-01")


def test_a_day_keeps_the_changes_of_what_held_on_it() -> None:
    firm = make_firm()
    certify(firm, "2024-01-01", "2027-01-01")
    Certification.objects.update(revoked_from="2025-01-01", revoked_on="2026-11-01")

    def certificates(day: str) -> list[str]:
        changes = life(firm, f"?valid_on={day}")
        return [change["kind"] for change in changes if change["subject"] == "certification"]

    assert certificates("2023-12-31") == []
    assert certificates("2024-06-01") == ["create", "end"]
    assert certificates("2025-06-01") == ["create", "end"]  # it held before the change, and not after it
    assert certificates("2027-01-01") == []


def test_codes_stand_as_they_were_when_it_was_recorded() -> None:
    firm, host = make_firm(), Incubator.objects.order_by("code")[0]
    code = host.code
    saved(Residency, company=firm, incubator=host, entered_on="2025-01-01")
    Incubator.objects.filter(pk=host.pk).update(code="renamed")
    assert life(firm)[-1]["new"]["incubator"] == code


def test_nobody_learns_who_did_it_or_why() -> None:
    firm = make_firm()
    user = saved(User, username="canary-user", email="canary@x.example")
    with acting(user, request_id="canary-request", reason="canary reason"):
        Company.objects.filter(pk=firm.pk).update(website="https://new.example", internal_notes="canary note")
    told = Client().get(f"/api/v1/companies/{firm.uscc}/history/").content.decode()
    assert "canary" not in told
    assert [change["reason_class"] for change in life(firm)] == ["loaded", "loaded", "loaded", "entered"]


def test_a_change_of_what_is_not_public_is_no_change() -> None:
    firm = make_firm()
    changes = life(firm)
    Company.objects.filter(pk=firm.pk).update(internal_notes="x", contact_phone="y")
    saved(Financing, company=firm, confidentiality="partners")
    assert life(firm) == changes


def test_what_a_firm_was_before_it_was_published_is_told_to_nobody() -> None:
    firm = make_firm(is_published=False, website="https://draft.example")
    Company.objects.filter(pk=firm.pk).update(website="https://ready.example")
    before = now()
    Company.objects.filter(pk=firm.pk).update(is_published=True)
    changes = life(firm)
    assert short(changes) == [(subject, "create", []) for subject in ("firm", "name", "seat")]
    assert {datetime.datetime.fromisoformat(change["recorded_at"]) for change in changes} == {now()}
    ask(f"companies/{firm.uscc}/history/", before, status=404)


def test_a_published_financing_is_told_from_then_on() -> None:
    firm = make_firm()
    financing = saved(Financing, company=firm, confidentiality="partners", agreed_on="2024-01-01")
    Financing.objects.filter(pk=financing.pk).update(confidentiality="published")
    assert short(life(firm))[-1] == ("financing", "create", [])
    assert len(life(firm)) == 4


def test_a_successor_that_is_not_public_is_not_named() -> None:
    firm, heir = make_firm(1), make_firm(2, is_published=False)
    Company.objects.filter(pk=firm.pk).update(dissolved_on="2026-01-01", successor=heir)
    assert life(firm)[-1]["new"]["successor"] is None
    Company.objects.filter(pk=heir.pk).update(is_published=True)
    assert life(firm)[-1]["new"]["successor"] is None, "as it was recorded"


def test_pages_are_walked_and_a_cursor_keeps_to_its_question() -> None:
    firm, other = make_firm(1), make_firm(2)
    for number in range(5):
        Company.objects.filter(pk=firm.pk).update(website=f"https://{number}.example")
    page, walked = ask(f"companies/{firm.uscc}/history/?limit=3"), []
    assert page["next"]
    cursor = page["next"].split("cursor=")[1]
    walked += page["data"]
    while page["next"]:
        page = Client().get(page["next"]).json()
        walked += page["data"]
    assert walked == life(firm)
    for address in (f"{other.uscc}/history/?limit=3", f"{firm.uscc}/history/?limit=3&valid_on=2026-01-01"):
        refused = Client().get(f"/api/v1/companies/{address}&cursor={cursor}")
        assert refused.json()["errors"][0]["code"] == "cursor_mismatch"
    moment = quote(now().isoformat())
    refused = Client().get(f"/api/v1/companies/{firm.uscc}/history/?limit=3&known_at={moment}&cursor={cursor}")
    assert refused.json()["errors"][0]["code"] == "cursor_mismatch"


def test_every_member_is_a_column_that_everyone_may_read() -> None:
    for subject in SUBJECTS:
        model = next(model for model in apps.get_models() if model._meta.db_table == subject.table)
        for name in subject.members:
            assert field_class(model, name) is FieldClass.PUBLIC, (subject.name, name)
        left_out = {"id", "version", "company", "is_published", "is_invented", "pinyin", "initials", "keys_of",
                    "campus_metres", "confidentiality", "predecessor"}  # fmt: skip
        public = {f.name for f in model._meta.concrete_fields if field_class(model, f.name) is FieldClass.PUBLIC}
        assert public - left_out == set(subject.members), subject.name

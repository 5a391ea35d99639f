"""Writing over the API: by whom, of what, in which version, once, all or nothing, and what history says of it."""

import datetime
import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client

from companies.models import Certification, Company, Financing, FinancingParty, Residency, Seat
from incubators.keys import make_key
from incubators.models import Incubator, StaffMembership
from registry.models import ChangeSet, KeptAnswer, Partner, Role, User
from tests.api.partners import BASE, Caller, errors, new_firm, resident
from tests.samples import saved, uscc

NOW = "2026-03-01"


@pytest.fixture
def host(committed_db: str) -> Incubator:
    made: Incubator = saved(Incubator, code="host-a")
    return made


@pytest.fixture
def caller(host: Incubator) -> Caller:
    return Caller(make_key(label="portal", incubators=[host])[1])


# --- Firms
def test_a_firm_is_entered_with_name_seat_and_stay_and_its_history_names_the_key(caller: Caller) -> None:
    answer = caller.send("POST", "companies/", new_firm(reason="reported by the portal"))
    assert answer.status_code == 201, answer.content
    made = answer.json()["data"]
    assert (made["uscc"], made["district"]["code"], made["incubator"]["code"]) == (uscc(900), "500106", "host-a")
    assert answer["Location"] == f"http://testserver{BASE}companies/{uscc(900)}/"
    assert caller.tag(f"companies/{uscc(900)}/") == answer["ETag"]
    change = ChangeSet.objects.latest("sequence")
    assert (change.reason, change.actor, str(change.key)[9:]) == ("reported by the portal", None, "portal")
    history = caller.client.get(f"{BASE}companies/{uscc(900)}/history/").json()
    assert history["data"]


def test_a_change_keeps_what_is_not_given_and_a_new_name_ends_the_former(caller: Caller, host: Incubator) -> None:
    firm = resident(host, website="https://kept.example", contact_name="李")
    address = f"companies/{firm.uscc}/"
    body = {
        "registered_capital": "1250.5",
        "contact_phone": "023-12345678",
        "names": [{"name_zh": "重庆改名有限公司", "name_en": "Renamed", "valid_from": "2025-05-01"}],
        "seats": [{"district": "500107", "valid_from": "2025-05-01"}],
    }
    answer = caller.send("PATCH", address, body, if_match=caller.tag(address))
    assert answer.status_code == 200, answer.content
    data = answer.json()["data"]
    assert [(name["name_zh"], name["valid_until"]) for name in data["names"]] == [
        (f"重庆旧企{firm.pk}有限公司", "2025-05-01"),
        ("重庆改名有限公司", None),
    ]
    assert (data["district"]["code"], data["registered_capital"]) == ("500107", "1250.5000")
    assert "023" not in answer.content.decode()
    firm.refresh_from_db()
    assert (firm.website, firm.contact_name, firm.contact_phone) == ("https://kept.example", "李", "023-12345678")


def test_null_and_empty_take_a_value_away(caller: Caller, host: Incubator) -> None:
    firm = resident(host, website="https://x.example", registered_capital=Decimal(5))
    address = f"companies/{firm.uscc}/"
    caller.send("PATCH", address, {"website": "", "registered_capital": None}, if_match=caller.tag(address))
    firm.refresh_from_db()
    assert (firm.website, firm.registered_capital) == ("", None)


def test_a_firm_is_dissolved_and_stays(caller: Caller, host: Incubator) -> None:
    firm, other = resident(host), resident(host)
    address = f"companies/{firm.uscc}/"
    body = {"dissolved_on": "2026-02-01", "successor": other.uscc}
    answer = caller.send("POST", f"{address}end/", body, if_match=caller.tag(address))
    assert answer.status_code == 200, answer.content
    firm.refresh_from_db()
    assert (str(firm.dissolved_on), firm.successor) == ("2026-02-01", other)


def test_a_draft_is_seen_by_its_incubator_alone(caller: Caller) -> None:
    assert caller.send("POST", "companies/", new_firm(is_published=False)).status_code == 201
    assert caller.client.get(f"{BASE}companies/{uscc(900)}/").status_code == 404
    assert caller.tag(f"companies/{uscc(900)}/")
    other = Caller(make_key(label="other", incubators=[saved(Incubator)])[1])
    assert other.client.get(f"{BASE}companies/{uscc(900)}/", headers=other.headers).status_code == 404
    listed = caller.client.get(f"{BASE}companies/?seated=any&q={uscc(900)}", headers=caller.headers).json()["data"]
    assert listed == []


# --- Facts
def test_a_stay_is_entered_corrected_ended_and_deleted(caller: Caller, host: Incubator) -> None:
    firm = resident(host)
    stay = Residency.objects.get(company=firm)
    address = f"residencies/{stay.pk}/"
    fixed = caller.send("PATCH", address, {"entered_on": "2024-02-01"}, if_match=caller.tag(address))
    assert fixed.json()["data"]["entered_on"] == "2024-02-01"
    ending = {"left_on": datetime.date.today().isoformat(), "outcome": "graduated", "ground": "revenue"}
    ended = caller.send("POST", f"{address}end/", ending, if_match=fixed["ETag"])
    assert ended.status_code == 200 and ended.json()["data"]["outcome"] == "graduated"
    again = {"company": firm.uscc, "incubator": "host-a", "entered_on": datetime.date.today().isoformat()}
    entered = caller.send("POST", "residencies/", again)
    assert entered.status_code == 201, entered.content
    made = f"residencies/{entered.json()['data']['id']}/"
    gone = caller.send("DELETE", f"{made}?reason=typed+twice", if_match=entered["ETag"])
    assert (gone.status_code, gone.content) == (204, b"")
    assert caller.client.get(BASE + made).status_code == 404
    assert ChangeSet.objects.latest("sequence").reason == "typed twice"


def test_a_certificate_gets_its_end_by_its_kind_and_is_revoked(caller: Caller, host: Incubator) -> None:
    firm = resident(host)
    body = {"company": firm.uscc, "kind": "high_tech", "number": "GR202651009999", "issued_on": "2024-02-29"}
    answer = caller.send("POST", "certifications/", body)
    assert answer.status_code == 201, answer.content
    assert answer.json()["data"]["valid_until"] == "2027-03-01"
    address = f"certifications/{answer.json()['data']['id']}/"
    assert answer["Location"].endswith(address)
    revoked = {"revoked_from": "2025-01-01", "revoked_on": "2025-06-01", "revocation_reason": "audit"}
    ended = caller.send("POST", f"{address}end/", revoked, if_match=answer["ETag"])
    assert ended.json()["data"]["state"] == "revoked"
    renewal = {**body, "number": "GR202751009999", "issued_on": "2027-02-01"}
    renewal["predecessor"] = answer.json()["data"]["id"]
    assert caller.send("POST", "certifications/", renewal).status_code == 201


def financing(firm: Company, *partners: str, **given: Any) -> dict[str, Any]:
    parties = [{"partner": code, "role": "lender"} for code in partners]
    body = {"company": firm.uscc, "instrument": "KVL", "agreed_on": "2026-01-10", "agreed_amount": "300"}
    return body | {"parties": parties, **given}


def test_a_party_records_its_own_financings_for_any_firm_and_no_others(committed_db: str) -> None:
    saved(Partner, code="bank-1"), saved(Partner, code="bank-2")
    bank = Caller(make_key(label="bank", partner=Partner.objects.get(code="bank-1"), records_financings=True)[1])
    rival = Caller(make_key(label="rival", partner=Partner.objects.get(code="bank-2"), records_financings=True)[1])
    firm, draft = saved(Company), saved(Company, is_published=False)
    made = bank.send("POST", "financings/", financing(firm, "bank-1"))
    assert made.status_code == 201, made.content
    address = f"financings/{made.json()['data']['id']}/"
    assert Financing.objects.get().confidentiality == "confidential"
    assert bank.client.get(BASE + address).status_code == 404  # to the public
    assert rival.client.get(BASE + address, headers=rival.headers).status_code == 404
    tag = bank.tag(address)
    assert rival.send("PATCH", address, {"drawn_amount": "1"}, if_match=tag).status_code == 404
    assert rival.send("DELETE", f"{address}?reason=x", if_match=tag).status_code == 404
    drawn = bank.send("PATCH", address, {"drawn_amount": "200.25"}, if_match=tag)
    assert drawn.json()["data"]["drawn_amount"] == "200.2500"
    repaid = {"status": "repaid", "happened_on": "2026-02-01", "amount": 200.25}
    assert bank.send("POST", f"{address}end/", repaid, if_match=drawn["ETag"]).status_code == 200
    foreign = bank.send("POST", "financings/", financing(firm, "bank-2"))
    assert (foreign.status_code, foreign.json()["code"]) == (403, "out_of_scope")
    left = bank.send("PATCH", address, {"parties": [{"partner": "bank-2", "role": "lender"}]}, if_match=drawn["ETag"])
    assert (left.status_code, left.json()["code"]) == (403, "out_of_scope")
    assert errors(bank.send("POST", "financings/", financing(draft, "bank-1"))) == {"/company": "unknown_code"}
    assert bank.send("POST", "companies/", new_firm()).status_code == 403
    assert Financing.objects.count() == 1
    assert {part.partner.code for part in FinancingParty.objects.all()} == {"bank-1"}


def test_parties_that_are_given_take_the_place_of_all(caller: Caller, host: Incubator) -> None:
    for code in ("bank-1", "bank-2", "bank-3"):
        saved(Partner, code=code)
    made = caller.send(
        "POST", "financings/", financing(resident(host), "bank-1", "bank-2", confidentiality="published")
    )
    address = f"financings/{made.json()['data']['id']}/"
    kept = FinancingParty.objects.get(partner__code="bank-2").pk
    parties = [{"partner": code, "role": "lender", "risk_share": "50"} for code in ("bank-2", "bank-3")]
    answer = caller.send("PATCH", address, {"parties": parties}, if_match=made["ETag"])
    assert [part["partner"]["code"] for part in answer.json()["data"]["parties"]] == ["bank-2", "bank-3"]
    assert FinancingParty.objects.get(partner__code="bank-2").pk == kept
    parties[0]["risk_share"] = "60"
    wrong = caller.send("PATCH", address, {"parties": parties}, if_match=caller.tag(address))
    assert (wrong.status_code, "100 %" in wrong.json()["detail"]) == (400, True)
    assert set(FinancingParty.objects.values_list("risk_share", flat=True)) == {Decimal(50)}


# --- Who may
def people(host: Incubator) -> dict[str, Caller]:
    found = {"anonymous": Caller(), "reader": Caller(make_key(label="r")[1])}
    for role in Role.values:
        user = saved(User, username=role, role=role, is_staff=True)
        if role == Role.STAFF:
            saved(StaffMembership, user=user, incubator=host)
        found[role] = Caller(user=user)
    found["elsewhere"] = Caller(make_key(label="e", incubators=[saved(Incubator)])[1])
    found["here"] = Caller(make_key(label="h", incubators=[host])[1])
    return found


def test_who_may_change_a_firm(host: Incubator) -> None:
    firm = resident(host)
    address = f"companies/{firm.uscc}/"
    found = {
        name: one.send("PATCH", address, {"website": f"https://{name}.example"}, if_match=one.tag(address)).status_code
        for name, one in people(host).items()
    }
    assert found == {
        **{"anonymous": 401, "reader": 403, "auditor": 403, "analyst": 403, "elsewhere": 404},
        **{"registrar": 200, "staff": 200, "here": 200},
    }


def test_firms_are_deleted_by_registrars_alone_and_only_without_facts(host: Incubator) -> None:
    firm, lone = resident(host), saved(Company)
    for name, one in people(host).items():
        answer = one.send("DELETE", f"companies/{firm.uscc}/?reason=mistake", if_match='"1.x"')
        expected = {"anonymous": 401, "registrar": 409}.get(name, 403)
        assert answer.status_code == expected, (name, answer.content)
    assert Company.objects.filter(pk=firm.pk).exists()
    registrar = Caller(user=User.objects.get(username="registrar"))
    gone = registrar.send("DELETE", f"companies/{lone.uscc}/?reason=mistake", if_match='"1.x"')
    assert gone.status_code == 204, gone.content


@pytest.mark.parametrize(("days", "status"), [(89, 200), (91, 404)])
def test_a_firm_that_left_is_writable_for_90_days(days: int, status: int, caller: Caller, host: Incubator) -> None:
    firm = saved(Company)
    left = datetime.date.today() - datetime.timedelta(days=days)
    saved(Residency, company=firm, incubator=host, entered_on=datetime.date(2020, 1, 1), left_on=left)
    address = f"companies/{firm.uscc}/"
    answer = caller.send("PATCH", address, {"website": "https://late.example"}, if_match=caller.tag(address))
    assert answer.status_code == status


def test_what_would_leave_the_callers_scope_is_refused_and_nothing_stays(caller: Caller, host: Incubator) -> None:
    saved(Incubator, code="host-b")
    before = Company.objects.count()
    alone = caller.send("POST", "companies/", new_firm() | {"residencies": []})
    assert (alone.status_code, alone.json()["code"]) == (403, "out_of_scope")
    foreign = new_firm(residencies=[{"incubator": "host-b", "entered_on": "2021-01-01"}])
    assert errors(caller.send("POST", "companies/", foreign)) == {"/residencies/0/incubator": "unknown_code"}
    stranger = saved(Company)
    stay = {"company": stranger.uscc, "incubator": "host-a", "entered_on": "2021-01-01"}
    assert errors(caller.send("POST", "residencies/", stay)) == {"/company": "unknown_code"}
    assert Company.objects.count() == before + 1 and Residency.objects.count() == 0


def test_a_session_needs_the_token_of_its_page(host: Incubator) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(saved(User, role=Role.REGISTRAR, is_staff=True))
    answer = client.post(f"{BASE}companies/", json.dumps(new_firm()), content_type="application/json")
    assert answer.status_code == 403 and not Company.objects.exists()


# --- Versions
def test_without_if_match_428_with_an_old_version_412(caller: Caller, host: Incubator) -> None:
    firm = resident(host)
    address = f"companies/{firm.uscc}/"
    old = caller.tag(address)
    body = {"website": "https://one.example"}
    assert errors(caller.send("PATCH", address, body)) == {"If-Match": "if_match_missing"}
    assert caller.send("PATCH", address, body).status_code == 428
    assert caller.send("PATCH", address, body, if_match=old).status_code == 200
    for tag, status in [
        *[(old, 412), (f"W/{caller.tag(address)}", 412), ("*", 400), ("3.abc", 400), ('"x"', 400), ('""', 400)],
        (f'"99.zz", {caller.tag(address)}', 200),
    ]:
        answer = caller.send("PATCH", address, {"website": f"https://{status}.example"}, if_match=tag)
        assert answer.status_code == status, (tag, answer.content)


def test_the_tag_of_another_language_and_day_names_the_same_version(caller: Caller, host: Incubator) -> None:
    firm = resident(host)
    address = f"companies/{firm.uscc}/"
    answer = caller.client.get(f"{BASE}{address}?lang=it&valid_on=2025-01-01", headers=caller.headers)
    changed = caller.send("PATCH", address, {"website": "https://it.example"}, if_match=answer["ETag"])
    assert changed.status_code == 200


def at_once(count: int, work: Any) -> list[Any]:
    def one(number: int) -> Any:
        try:
            return work(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def test_of_20_changes_with_one_tag_one_is_done(caller: Caller, host: Incubator) -> None:
    firm = resident(host)
    address = f"companies/{firm.uscc}/"
    tag, text = caller.tag(address), caller.headers["authorization"].removeprefix("Bearer ")
    sites = [f"https://{number}.example" for number in range(20)]
    answers = at_once(20, lambda n: Caller(text).send("PATCH", address, {"website": sites[n]}, if_match=tag))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 19}
    (done,) = [n for n, answer in enumerate(answers) if answer.status_code == 200]
    firm.refresh_from_db()
    assert firm.website == sites[done]


# --- Once
def test_of_20_equal_posts_with_one_key_one_is_done_and_all_get_its_answer(caller: Caller) -> None:
    text = caller.headers["authorization"].removeprefix("Bearer ")
    answers = at_once(20, lambda _n: Caller(text).send("POST", "companies/", new_firm(), idempotency_key="one"))
    assert {answer.status_code for answer in answers} <= {201, 409}
    done = [answer for answer in answers if answer.status_code == 201]
    assert len({(answer.content, answer["ETag"], answer["Location"]) for answer in done}) == 1
    assert sum("Idempotency-Replayed" not in answer for answer in done) == 1
    assert Company.objects.filter(uscc=uscc(900)).count() == 1
    late = caller.send("POST", "companies/", new_firm(), idempotency_key="one")
    assert (late.status_code, late["Idempotency-Replayed"]) == (201, "true")


def test_of_8_equal_posts_without_a_key_one_is_done_and_the_others_are_told(caller: Caller) -> None:
    text = caller.headers["authorization"].removeprefix("Bearer ")
    answers = at_once(8, lambda _n: Caller(text).send("POST", "companies/", new_firm()))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 7}


def test_another_body_with_the_same_key_is_422_and_another_caller_has_its_own(caller: Caller, host: Incubator) -> None:
    assert caller.send("POST", "companies/", new_firm(), idempotency_key="k").status_code == 201
    other = caller.send("POST", "companies/", new_firm(901), idempotency_key="k")
    assert (other.status_code, errors(other)) == (422, {"Idempotency-Key": "key_of_another_request"})
    elsewhere = Caller(make_key(label="second", incubators=[host])[1])
    assert elsewhere.send("POST", "companies/", new_firm(901), idempotency_key="k").status_code == 201


def test_a_failed_attempt_may_be_sent_again_with_its_key(caller: Caller) -> None:
    wrong = caller.send("POST", "companies/", new_firm(website="no address"), idempotency_key="k")
    assert wrong.status_code == 400 and not KeptAnswer.objects.exists()
    assert caller.send("POST", "companies/", new_firm(), idempotency_key="k").status_code == 201


def test_an_answer_is_kept_for_a_day(caller: Caller) -> None:
    caller.send("POST", "companies/", new_firm(), idempotency_key="k")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE registry_keptanswer SET made_at = made_at - interval '25 hours'")
    again = caller.send("POST", "companies/", new_firm(), idempotency_key="k")
    assert (again.status_code, errors(again)) == (409, {"/uscc": "companies_company_uscc_unique"})


@pytest.mark.parametrize("text", ["", "a b", "ü", "x" * 256])
def test_an_idempotency_key_is_visible_ascii(text: str, caller: Caller) -> None:
    answer = caller.send("POST", "companies/", new_firm(), idempotency_key=text)
    assert (answer.status_code, errors(answer)) == (400, {"Idempotency-Key": "malformed_idempotency_key"})


# --- Many at once
def batch(*items: Any, **rest: Any) -> dict[str, Any]:
    return {"items": list(items), **rest}


def test_a_batch_enters_and_changes(caller: Caller, host: Incubator) -> None:
    firm = resident(host)
    change = {"op": "change", "uscc": firm.uscc, "version": 1, "website": "https://b.example"}
    answer = caller.send("POST", "companies/batch/", batch({"op": "create", **new_firm()}, change, reason="night"))
    assert answer.status_code == 200, answer.content
    assert [(one["index"], one["status"], one["uscc"]) for one in answer.json()["data"]] == [
        (0, 201, uscc(900)),
        (1, 200, firm.uscc),
    ]
    assert ChangeSet.objects.latest("sequence").reason == "night"
    assert caller.tag(f"companies/{firm.uscc}/").startswith(f'"{answer.json()["data"][1]["version"]}.')


WRONG_ITEMS = [
    ({"op": "create", "uscc": "x", "names": []}, 400, {"/items/1/names": "empty"}),
    ({"op": "change", "uscc": "FIRM", "version": 9, "website": ""}, 412, {"/items/1": "stale_version"}),
    ({"op": "change", "uscc": "FOREIGN", "version": 1, "website": ""}, 404, {"/items/1": "unknown_uscc"}),
    ({"op": "remove"}, 400, {"/items/1/op": "unknown_choice"}),
    ({"op": "change", "version": 1, "website": ""}, 400, {"/items/1/uscc": "required"}),
    ("text", 400, {"/items/1": "not_an_object"}),
]


@pytest.mark.parametrize(("item", "status", "expected"), WRONG_ITEMS)
def test_a_batch_is_written_whole_or_told_item_by_item(
    item: Any, status: int, expected: dict[str, str], caller: Caller, host: Incubator
) -> None:
    codes = {"FIRM": resident(host).uscc, "FOREIGN": saved(Company).uscc}
    if isinstance(item, dict) and item.get("uscc") in codes:
        item = item | {"uscc": codes[item["uscc"]]}
    good = {"op": "create", **new_firm()}
    refused = caller.send("POST", "companies/batch/", batch(good, item))
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid_items")
    assert expected.items() <= errors(refused).items()
    assert not Company.objects.filter(uscc=uscc(900)).exists()
    partly = caller.send("POST", "companies/batch/", batch(good, item, atomic=False))
    assert partly.status_code == 207
    assert partly.json()["meta"] == {"written": 1, "failed": 1}
    told = partly.json()["data"][1]
    assert told["status"] == status
    assert expected.items() <= {one["pointer"]: one["code"] for one in told["errors"]}.items()
    assert Company.objects.filter(uscc=uscc(900)).exists()


@pytest.mark.parametrize(
    ("body", "pointer"),
    [({"items": []}, "/items"), ({"items": [{}] * 1001}, "/items"), ({"items": {}}, "/items"), ({}, "/items")],
)
def test_a_batch_has_1_to_1000_items(body: Any, pointer: str, caller: Caller) -> None:
    answer = caller.send("POST", "companies/batch/", body)
    assert answer.status_code == 400 and pointer in errors(answer)


def test_a_similar_name_is_asked_about_once(caller: Caller, host: Incubator) -> None:
    assert caller.send("POST", "companies/", new_firm()).status_code == 201
    names = [{"name_zh": "重庆新企900科技有限公司", "valid_from": "2022-01-01"}]
    asked = caller.send("POST", "companies/", new_firm(901, names=names))
    assert (asked.status_code, errors(asked)) == (409, {"/uscc": "possible_twin"})
    assert uscc(900) in asked.json()["detail"]
    assert caller.send("POST", "companies/", new_firm(901, names=names, is_another_firm=True)).status_code == 201
    assert Seat.objects.count() == 2 and Certification.objects.count() == 0

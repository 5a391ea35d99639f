"""The feed: what it tells after each kind of change, to whom, in which order, and that a mirror ends identical."""

import datetime
import itertools
import json
from collections import defaultdict
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from companies.models import (
    AnnualReport,
    Certification,
    Company,
    CompanyName,
    Financing,
    FinancingParty,
    Residency,
    Seat,
)
from incubators.keys import make_key
from registry.credit_code import complete
from registry.feed.types import Circle, feed_types
from registry.feed.walking import dumped
from registry.history import acting, last_sequence
from registry.models import Hub, Partner
from tests.feed.reading import entries, new_mirror
from tests.samples import saved

FEED = "/api/v1/changes/"
Events = list[tuple[str, str, int]]

pytestmark = pytest.mark.usefixtures("committed_db")


@pytest.fixture
def partner(committed_db: str) -> str:
    """The text of a key that reads what is meant for partners."""
    return make_key(label="mirror", partner=saved(Partner), reads_partner_fields=True)[1]


def ask(query: str = "", key: str | None = None, **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    named |= {"authorization": f"Bearer {key}"} if key else {}
    return Client(headers={"accept-language": "en"} | named).get(f"{FEED}{query}")


def told(after: int, key: str | None = None, limit: int = 1000) -> Events:
    """Each event of the whole walk."""
    found, answer = [], ask(f"?after={after}&limit={limit}", key).json()
    while True:
        found += [(event["op"], event["type"], event["id"]) for event in answer["data"]]
        if answer["next"] is None:
            return found
        answer = ask(answer["next"].partition("changes/")[2], key).json()


def a_firm(**given: Any) -> Company:
    with acting():
        firm: Company = saved(Company, **given)
        saved(CompanyName, company=firm, name_zh=f"重庆{firm.pk}有限公司")
        saved(Seat, company=firm)
        saved(Certification, company=firm, kind_id=1)
    return firm


def facts_of(firm: Company) -> set[tuple[str, int]]:
    types: dict[str, Any] = {"company_name": CompanyName, "seat": Seat, "certification": Certification}
    facts = {(name, row.pk) for name, model in types.items() for row in model.objects.filter(company=firm)}
    return {("company", firm.pk), *facts}


# --- What is told
def test_what_is_made_changed_and_deleted_is_told_with_the_number_of_its_change() -> None:
    before = last_sequence()
    hub = saved(Hub)
    assert told(before) == [("create", "hub", hub.pk)]
    made = last_sequence()
    Hub.objects.filter(pk=hub.pk).update(name_en="Renamed")
    answer = ask(f"?after={made}").json()
    (event,) = answer["data"]
    assert (event["op"], event["seq"], event["data"]["name_en"]) == ("update", made + 1, "Renamed")
    assert answer["meta"] == {
        "after": made,
        "sequence": made + 1,
        "recorded_at": answer["meta"]["recorded_at"],
        "circle": "public",
    }
    assert told(before) == [("create", "hub", hub.pk)]
    hub.delete()
    assert told(made) == [("delete", "hub", event["id"])]
    assert told(before) == []  # who never had it hears nothing


def test_a_firm_that_is_unpublished_goes_with_all_its_facts_and_comes_back_with_them() -> None:
    firm = a_firm()
    before = last_sequence()
    Company.objects.filter(pk=firm.pk).update(is_published=False)
    gone = told(before)
    assert {(type_, id_) for op, type_, id_ in gone if op == "delete"} == facts_of(firm) and len(gone) == 4
    assert gone[-1] == ("delete", "company", firm.pk)  # after all that hung on it
    hidden = last_sequence()
    Company.objects.filter(pk=firm.pk).update(is_published=True)
    back = told(hidden)
    assert {(type_, id_) for op, type_, id_ in back if op == "create"} == facts_of(firm) and len(back) == 4
    assert back[0] == ("create", "company", firm.pk)
    # To who had it before both it is a change of the firm; its facts are told once more, since a walk that passed
    # between them has taken them away.
    assert {op for op, _type, _id in told(before)} == {"update"}
    assert {(type_, id_) for _op, type_, id_ in told(before)} == facts_of(firm)


def test_a_walk_that_passed_while_a_firm_was_hidden_loses_nothing_of_it() -> None:
    firm = a_firm()
    one = new_mirror()
    first = ask("?after=0&limit=40").json()
    Company.objects.filter(pk=firm.pk).update(is_published=False)
    for event in first["data"]:
        one.apply(event)
    one.put("next", first["next"])
    assert one.sync() > first["meta"]["sequence"] - 1  # the walk of before, without what was withdrawn since
    Company.objects.filter(pk=firm.pk).update(is_published=True)
    one.sync()
    assert one.differences() == {}
    assert {(type_, id_) for type_, id_, _data in entries(one)} >= facts_of(firm)


def test_a_draft_and_a_sole_trader_are_told_to_nobody(partner: str) -> None:
    before = last_sequence()
    a_firm(is_published=False)
    a_firm(uscc=complete("92500112", "MA5U5X0N"))
    assert [event for event in told(before) if event[1] != "certification_kind"] == []
    assert told(before, partner) == told(before)


def test_a_financing_is_told_to_those_for_whom_it_is(partner: str) -> None:
    firm, bank = a_firm(), saved(Partner)
    before = last_sequence()
    financings = {}
    for word in ("confidential", "partners", "published"):
        financings[word] = saved(Financing, company=firm, confidentiality=word)
        saved(FinancingParty, financing=financings[word], partner=bank)
    seen = {key: {id_ for _op, type_, id_ in told(before, key) if type_ == "financing"} for key in (None, partner)}
    assert seen[None] == {financings["published"].pk}
    assert seen[partner] == {financings["published"].pk, financings["partners"].pk}
    now = last_sequence()
    Financing.objects.filter(pk=financings["partners"].pk).update(confidentiality="published")
    party = FinancingParty.objects.get(financing=financings["partners"])
    assert told(now) == [
        ("create", "financing", financings["partners"].pk),
        ("create", "financing_party", party.pk),
    ]
    assert told(now, partner) == [("update", "financing", financings["partners"].pk)]


def test_a_financing_that_is_no_longer_for_everyone_stays_with_partners(partner: str) -> None:
    firm = a_firm()
    made = saved(Financing, company=firm, confidentiality="published")
    before = last_sequence()
    Financing.objects.filter(pk=made.pk).update(confidentiality="partners")
    assert told(before) == [("delete", "financing", made.pk)]
    assert told(before, partner) == [("update", "financing", made.pk)]


def test_what_partners_alone_may_read_is_in_their_feed_alone(partner: str) -> None:
    firm = a_firm()
    before = last_sequence()
    report = saved(AnnualReport, company=firm, jobs=77, revenue=123456)
    assert told(before) == []
    (event,) = ask(f"?after={before}", partner).json()["data"]
    assert (event["type"], event["id"], event["data"]["jobs"]) == ("annual_report", report.pk, 77)
    assert "123456" not in json.dumps(event)


def test_stored_facts_alone_are_told() -> None:
    firm = a_firm(contact_phone="13900000000", internal_notes="secret", registered_capital="12.5")
    event = next(one for one in ask("?limit=1000").json()["data"] if one["type"] == "hub")
    assert set(event["data"]) >= {"code", "name_zh", "version"}
    lines = [event.as_json() for event in dumped(Circle.PARTNER, last_sequence())]
    (line,) = [line for line in lines if f'"type":"company","id":{firm.pk},' in line]
    assert json.loads(line)["data"]["registered_capital"] == "12.5000"
    assert not any(word in "".join(lines) for word in ("13900000000", "secret", "contact_", "internal_notes"))


def test_parents_come_before_children_and_children_go_before_parents() -> None:
    firm = a_firm()
    Company.objects.filter(pk=firm.pk).update(website="https://later.example")  # the parent changed last
    ranks = {type_.name: rank for rank, type_ in enumerate(feed_types())}
    walk = told(0)
    assert [ranks[type_] for _op, type_, _id in walk] == sorted(ranks[type_] for _op, type_, _id in walk)
    assert {op for op, _type, _id in walk} == {"create"}


# --- Pages
def test_pages_of_any_size_make_the_same_walk() -> None:
    before = last_sequence()
    firms = [a_firm() for _time in range(3)]
    Company.objects.filter(pk=firms[0].pk).update(is_published=False)
    seen = last_sequence()
    Company.objects.filter(pk=firms[1].pk).update(is_published=False)
    Seat.objects.filter(company=firms[2]).delete()
    for after in (before, seen):
        whole = told(after)
        assert whole and [told(after, limit=limit) for limit in (1, 2, 3)] == [whole] * 3


def test_a_walk_shows_one_state_while_others_write() -> None:
    firms = [a_firm() for _time in range(3)]
    first = ask("?after=0&limit=40").json()
    sequence = first["meta"]["sequence"]
    state = {(event.type, event.id): event.data for event in dumped(Circle.PUBLIC, sequence)}
    Company.objects.filter(pk=firms[0].pk).update(website="https://meanwhile.example")
    Seat.objects.filter(company=firms[1]).delete()
    a_firm()
    found: dict[Any, Any] = {}
    answer = first
    while True:
        found |= {(e["type"], e["id"]): e["data"] for e in answer["data"]}
        assert answer["meta"]["sequence"] == sequence
        if answer["next"] is None:
            break
        answer = ask(answer["next"].partition("changes/")[2]).json()
    assert found == {key: json.loads(data or "null") for key, data in state.items()}
    assert "meanwhile" not in str(found)


def test_a_firm_that_is_withdrawn_during_a_walk_is_not_shown_any_more() -> None:
    firm = a_firm()
    first = ask("?after=0&limit=40").json()
    Company.objects.filter(pk=firm.pk).update(is_published=False)
    seen, answer = [], first
    while answer["next"]:
        answer = ask(answer["next"].partition("changes/")[2]).json()
        seen += [(event["type"], event["id"]) for event in answer["data"]]
    assert not set(seen) & facts_of(firm)


def test_a_cursor_is_its_callers_and_its_questions(partner: str) -> None:
    a_firm()
    following = ask("?after=0&limit=5").json()["next"].partition("changes/")[2]
    assert ask(following).status_code == 200
    for query, key in ((following, partner), (following.replace("after=0", "after=1"), None)):
        refused = ask(query, key)
        assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, "cursor_mismatch")


def test_a_walk_of_more_than_a_day_is_begun_again(monkeypatch: pytest.MonkeyPatch) -> None:
    following = ask("?after=0&limit=5").json()["next"].partition("changes/")[2]
    now = datetime.datetime.now().timestamp()
    monkeypatch.setattr("registry.feed.views.time.time", lambda: now + 24 * 3600 + 60)
    assert ask(following).json()["errors"][0]["code"] == "walk_too_old"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("?after=999999", "not_yet_known"),
        ("?after=-1", "out_of_range"),
        ("?after=x", "not_a_number"),
        ("?limit=1001", "out_of_range"),
        ("?since=1", "unknown_parameter"),
        ("checkpoint/?at=999999", "not_yet_known"),
        ("checkpoint/?at=", "empty_parameter"),
    ],
)
def test_a_number_that_lies_ahead_and_other_slips_are_refused(query: str, code: str) -> None:
    answer = ask(query)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, code)


# --- Following every few seconds
def test_while_nothing_changed_the_answer_is_304_and_costs_one_row_of_the_register() -> None:
    after = last_sequence()
    answer = ask(f"?after={after}")
    assert answer.json()["data"] == []
    with CaptureQueriesContext(connection) as queries:
        assert ask(f"?after={after}", if_none_match=answer["ETag"]).status_code == 304
    asked = [query["sql"] for query in queries if "FROM registry_" in query["sql"] or "history." in query["sql"]]
    assert asked == ["SELECT sequence FROM registry_clock WHERE id = 1"]
    saved(Hub)
    assert ask(f"?after={after}", if_none_match=answer["ETag"]).status_code == 200


# --- The proof
def test_a_mirror_ends_identical_after_every_step(partner: str) -> None:
    mirrors = {None: new_mirror(), partner: new_mirror(partner)}
    firm, bank = a_firm(), saved(Partner)
    steps: list[Any] = [
        lambda: saved(Residency, company=firm),
        lambda: Company.objects.filter(pk=firm.pk).update(is_published=False),
        lambda: saved(Financing, company=firm, confidentiality="partners"),
        lambda: Company.objects.filter(pk=firm.pk).update(is_published=True),
        lambda: saved(FinancingParty, financing=Financing.objects.get(), partner=bank),
        lambda: Financing.objects.update(confidentiality="published"),
        lambda: saved(AnnualReport, company=firm, jobs=5),
        lambda: Seat.objects.filter(company=firm).delete(),
        lambda: CompanyName.objects.filter(company=firm).update(name_en='odd "quoted" \\ text \x1f\x7f\u2028 😀'),
        lambda: Company.objects.filter(pk=firm.pk).update(internal_notes="changed"),
        lambda: Financing.objects.update(confidentiality="confidential"),
        lambda: FinancingParty.objects.all().delete(),
    ]
    for step, act in enumerate(steps):
        act()
        for key, one in mirrors.items():
            one.sync()
            assert one.differences() == {}, (step, key)
            anew = new_mirror(key)
            anew.sync()
            assert entries(anew) == entries(one), (step, key)


def test_a_mirror_that_lacks_or_holds_anything_wrong_hears_it() -> None:
    a_firm()
    one = new_mirror()
    one.sync()
    assert one.differences() == {}
    one.database.execute("UPDATE entry SET data = replace(data, '重庆', '成都') WHERE type = 'company_name'")
    assert set(one.differences()) == {"company_name"}
    one.database.execute("DELETE FROM entry WHERE type = 'hub'")
    assert set(one.differences()) == {"company_name", "hub"}


def test_a_mirror_goes_on_where_it_was_killed(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    a_firm()
    file = str(tmp_path / "mirror.sqlite")
    for die_at in itertools.count(1):
        one = new_mirror(file=file)
        calls = itertools.count(1)
        apply = one.apply

        def dying(event: Any, apply: Any = apply, calls: Any = calls, die_at: int = die_at) -> None:
            if next(calls) == die_at * 37:
                raise KeyboardInterrupt
            apply(event)

        monkeypatch.setattr(one, "apply", dying)
        try:
            one.sync()
            break
        except KeyboardInterrupt:
            one.database.close()
    assert die_at > 1
    assert one.differences() == {}


def test_a_mirror_begins_from_a_dump(tmp_path: Any) -> None:
    firm = a_firm()
    sequence = last_sequence()
    dump = tmp_path / "dump.jsonl"
    lines = [json.dumps({"sequence": sequence}), *(event.as_json() for event in dumped(Circle.PUBLIC, sequence))]
    dump.write_text("\n".join(lines) + "\n", encoding="utf-8")
    Company.objects.filter(pk=firm.pk).update(website="https://after.example")
    one, other = new_mirror(), new_mirror()
    assert one.load(str(dump)) == sequence
    assert one.sync() == other.sync() == sequence + 1
    assert entries(one) == entries(other)
    assert one.differences() == {}


def test_a_checkpoint_of_the_past_stays_what_it_was() -> None:
    firm = a_firm()
    at = last_sequence()
    before = ask(f"checkpoint/?at={at}").json()["data"]
    Company.objects.filter(pk=firm.pk).update(is_published=False)
    a_firm()
    assert ask(f"checkpoint/?at={at}").json()["data"] == before
    assert ask("checkpoint/").json()["data"] != before


def test_the_types_of_a_checkpoint_are_those_of_the_circle(partner: str) -> None:
    found: defaultdict[str | None, set[str]] = defaultdict(set)
    for key in (None, partner):
        found[key] = {one["type"] for one in ask("checkpoint/", key).json()["data"]}
    assert found[partner] - found[None] == {"annual_report"}

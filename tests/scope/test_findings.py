"""Findings as each role: what soft rules find of B's firms, and what is said of it, is on no page of A."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse

from companies.findings.questions import findings_of, open_findings, rules_in_force
from companies.models import Company, Explanation, Residency, SoftRule
from registry import scope
from registry.days import today
from registry.history.acting import seal_now
from registry.models import ChangeSet, User
from tests.companies.uploads.pages import file_of, judged
from tests.scope.cast import HIDDEN, World, as_, digest
from tests.scope.test_matrix import OUTSIDERS, leaks
from tests.scope.test_uploads import rows, text_of

SAID = f"{HIDDEN} said so"


@pytest.fixture
def cast(cast: World) -> World:
    """Every firm has a slip of its capital, and a stay that is far too long; those of B are explained, but one."""
    Company.objects.update(registered_capital="5000000")
    Residency.objects.update(entered_on="2015-01-01")
    first, _second = cast.b.of(Company)
    given = "5000000.0000"
    explanation = Explanation(rule=SoftRule.objects.get(code="capital_unit"), company=first, given_for=given, text=SAID)
    explanation.save()
    return cast


def addresses(cast: World) -> list[str]:
    found = [reverse("findings:overview")]
    found_of_b = [*cast.b.of(Company), *cast.b.of(Residency)]
    for rule in rules_in_force(today()):
        found.append(reverse("findings:rule", args=[rule.code]))
        found.append(found[-1] + "?state=explained")
        found += [reverse("findings:explain", args=[rule.code, row.pk]) for row in found_of_b]
    return found


@pytest.mark.parametrize("name", OUTSIDERS)
def test_nothing_that_is_found_of_another_incubators_firms_is_told(cast: World, name: str) -> None:
    client, keys = as_(cast, name), {row.pk for row in (*cast.a.of(Company), *cast.a.of(Residency))}
    before = digest([*cast.b.rows, *Explanation.objects.all()])
    for address in addresses(cast):
        number = address.rstrip("/").rpartition("/")[2]
        if number.isdigit() and int(number) in keys:
            continue  # by its number a row of A
        told = client.get(address)
        assert leaks(text_of(told), cast) == [], address
        sent = client.post(address, {"given_for": "5000000.0000", "text": "mine, all mine"})
        expected = {403} if not name.endswith("_a") else {404, 405}
        assert sent.status_code in expected, (address, sent.status_code)
    assert digest([*cast.b.rows, *Explanation.objects.all()]) == before


def test_what_is_counted_and_listed_is_the_own(cast: World) -> None:
    own = {firm.pk for firm in cast.a.of(Company)}
    user = User.objects.get(username="editor_a")
    asked = open_findings(user, today())
    told = {rule.code: (count, {getattr(row, "company_id", row.pk) for row in found}) for rule, count, found in asked}
    assert told["capital_unit"] == (len(own), own)
    assert told["length_of_stay"] == (len(own), own)
    page = text_of(as_(cast, "editor_a").get(reverse("findings:rule", args=["capital_unit"])))
    assert all(firm.uscc in page for firm in cast.a.of(Company))


@pytest.mark.parametrize("name", ["analyst", "stranger", "former_b"])
def test_who_sees_no_firms_sees_no_findings(cast: World, name: str) -> None:
    assert open_findings(User.objects.get(username=name), today()) == []


def test_a_firm_that_went_on_tells_its_former_host_nothing_of_its_new_stay(cast: World) -> None:
    firm, left = cast.a.firm, today() - datetime.timedelta(30)
    Residency.objects.filter(company=firm).update(entered_on="2019-01-01", left_on=left)
    there = Residency.objects.create(company=firm, incubator=cast.b.host, entered_on=left)
    Company.objects.filter(pk=firm.pk).update(established_on="2000-01-01")
    rule = SoftRule.objects.get(code="age_at_entry")
    Explanation.objects.create(rule=rule, company=firm, residency=there, given_for="x", text=SAID)
    user = User.objects.get(username="editor_a")
    told = [finding for finding in findings_of(firm, user, today()) if finding.rule == rule]
    assert [finding.row.incubator for finding in told] == [cast.a.host]
    for address in (
        reverse("admin:companies_company_change", args=[firm.pk]),
        reverse("findings:explain", args=[rule.code, told[0].row.pk]),
        reverse("findings:rule", args=[rule.code]),
    ):
        assert leaks(text_of(as_(cast, "editor_a").get(address)), cast) == [], address
    assert as_(cast, "editor_a").get(reverse("findings:explain", args=[rule.code, there.pk])).status_code == 404
    seen = scope.scope(Explanation.objects.all(), user)
    assert SAID not in seen.values_list("text", flat=True)
    sheet = rows({"信用代码": firm.uscc, "联系人": "新人"})
    upload = judged(as_(cast, "editor_a"), file_of(sheet))
    [found] = upload.rows.all()
    assert found.verdict == "changed" and left.isoformat() + ", more than" not in repr(found.findings)
    assert "2019-01-01" in repr(found.findings)


def test_auditors_read_and_do_not_explain(cast: World) -> None:
    client, firm = as_(cast, "auditor"), cast.b.of(Company)[1]
    address = reverse("findings:explain", args=["capital_unit", firm.pk])
    page = client.get(address)
    assert page.status_code == 200 and "<textarea" not in page.content.decode()
    assert client.post(address, {"given_for": "5000000.0000", "text": "because"}).status_code == 403
    assert SAID in text_of(client.get(reverse("findings:rule", args=["capital_unit"]) + "?state=explained"))


def test_a_firm_that_left_long_ago_is_read_and_not_explained(cast: World) -> None:
    firm = cast.a.firm
    Residency.objects.filter(company=firm).update(left_on="2020-01-01")
    client = as_(cast, "editor_a")
    assert "5,000,000" in text_of(client.get(reverse("admin:companies_company_change", args=[firm.pk])))
    address = reverse("findings:explain", args=["capital_unit", firm.pk])
    assert client.post(address, {"given_for": "5000000.0000", "text": "because"}).status_code == 404
    assert firm.uscc not in text_of(client.get(reverse("findings:rule", args=["capital_unit"])))


def test_positive_control(cast: World) -> None:
    client, firm = as_(cast, "editor_b"), cast.b.of(Company)[1]
    address = reverse("findings:explain", args=["capital_unit", firm.pk])
    assert firm.uscc in text_of(client.get(address))
    assert SAID in text_of(client.get(reverse("findings:rule", args=["capital_unit"]) + "?state=explained"))
    client.post(address, {"given_for": "5000000.0000", "text": "because it is so"})
    assert Explanation.objects.latest("pk").company == firm


@pytest.mark.parametrize(("giver", "shown"), [("editor_b", "editor_b"), ("registrar", "a registrar")])
def test_who_explained_and_when_is_told_as_in_the_history(cast: World, giver: str, shown: str) -> None:
    firm = cast.b.of(Company)[1]
    address = reverse("findings:explain", args=["capital_unit", firm.pk])
    as_(cast, giver).post(address, {"given_for": "5000000.0000", "text": "because it is so"})
    seal_now()
    made = ChangeSet.objects.order_by("-sequence")[0].recorded_at
    said = as_(cast, "editor_b").get(address).context["earlier"][0]
    assert (said.explanation.text, said.who, said.when) == ("because it is so", shown, made)
    assert f" · {shown} · <time datetime=" in text_of(as_(cast, "editor_b").get(address))

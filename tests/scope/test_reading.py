"""What needs only the right to read: exports, one's own firms among those read; and what is not offered without it."""

import datetime

import pytest
from django.urls import reverse

from companies.models import Company, Residency
from incubators.models import Incubator
from registry.days import today
from tests.companies.uploads.pages import content_of, sheet_of
from tests.scope.cast import World, as_

LIST = reverse("admin:companies_company_changelist")


def left_long_ago(cast: World) -> Company:
    """A firm that A still reads and no longer writes, in residence in B."""
    firm, left = cast.a.firm, today() - datetime.timedelta(900)
    Residency.objects.filter(company=firm).update(entered_on=left - datetime.timedelta(90), left_on=left)
    Residency.objects.create(company=firm, incubator=cast.b.host, entered_on=left)
    return firm


@pytest.mark.parametrize("name", ["manager_a", "auditor"])
def test_an_export_needs_only_the_right_to_read(cast: World, name: str) -> None:
    firm = left_long_ago(cast)
    chosen = {"action": "export_for_correction", "_selected_action": [one.pk for one in cast.a.of(Company)]}
    told = repr(sheet_of(content_of(as_(cast, name).post(LIST, chosen))))
    assert firm.uscc in told and all(one.uscc in told for one in cast.a.of(Company))


def test_other_actions_need_the_right_to_write_whichever_box_they_come_from(cast: World) -> None:
    firm = left_long_ago(cast)
    sent = {"action": ["export_for_correction", "delete_selected"], "index": "1", "_selected_action": [firm.pk]}
    for index in ("1", "9", "x", "²", "1" * 5000):
        answer = as_(cast, "manager_a").post(LIST, sent | {"index": index})
        assert answer.status_code in (200, 302, 400), index
        assert answer.headers["Content-Type"].startswith("text/html"), index
    assert Company.objects.filter(pk=firm.pk).exists()


def test_firms_in_ones_own_incubator_today_are_told_from_those_that_moved_on(cast: World) -> None:
    firm, client = left_long_ago(cast), as_(cast, "manager_a")
    others = {one for one in cast.a.of(Company) if one != firm}
    assert {row.pk for row in client.get(LIST, {"mine": "yes"}).context["cl"].result_list} == {o.pk for o in others}
    assert {row.pk for row in client.get(LIST, {"mine": "no"}).context["cl"].result_list} == {firm.pk}
    assert f"{LIST}?mine=yes" in client.get(reverse("work:list", args=["residents"])).content.decode()
    auditors = as_(cast, "auditor").get(LIST).context["cl"].filter_specs
    assert "mine" not in [getattr(one, "parameter_name", "") for one in auditors]


def test_no_incubator_is_offered_to_be_added_by_who_may_not_name_it(cast: World) -> None:
    manager, add = as_(cast, "manager_a"), reverse("admin:incubators_incubator_add")
    assert manager.get(add).status_code == 403
    assert add not in manager.get(reverse("admin:index")).content.decode()
    assert as_(cast, "registrar").get(add).status_code == 200
    assert manager.get(reverse("admin:registry_user_add")).status_code == 200
    assert manager.get(reverse("admin:companies_company_add")).status_code == 200
    assert Incubator.objects.filter(pk=cast.a.host.pk).exists()


def test_an_auditor_is_offered_no_explaining_and_told_why(cast: World) -> None:
    Company.objects.update(registered_capital="5000000")
    firm = cast.a.firm
    listed, one = (
        reverse("findings:rule", args=["capital_unit"]),
        reverse("findings:explain", args=["capital_unit", firm.pk]),
    )
    for name, word in (("auditor", "Look at the finding"), ("manager_a", "Explain</a>")):
        for address in (listed, reverse("admin:companies_company_change", args=[firm.pk])):
            page = as_(cast, name).get(address).content.decode()
            assert [word in page, "Explain</a>" in page] == [True, name == "manager_a"], (name, address)
    assert "your role reads the register and writes nothing" in as_(cast, "auditor").get(one).content.decode()
    assert 'name="text"' in as_(cast, "manager_a").get(one).content.decode()


def test_the_front_page_leads_to_what_the_role_may_do(cast: World) -> None:
    add, uploads = f'href="{reverse("admin:companies_company_add")}"', f'href="{reverse("uploads:index")}"'
    pages = {name: as_(cast, name).get(reverse("admin:index")).content.decode() for name in ("auditor", "manager_a")}
    ways = {name: page.partition('class="ways"')[2].partition("</p>")[0] for name, page in pages.items()}
    assert [add in ways["manager_a"], uploads in ways["manager_a"]] == [True, True]
    assert [add in ways["auditor"], uploads in ways["auditor"]] == [False, True]


def test_an_analyst_is_led_from_the_search_to_the_published_firms(cast: World) -> None:
    question = {"q": cast.a.firm.uscc}
    page = as_(cast, "analyst").get(reverse("work:search"), question).content.decode()
    assert f'action="{reverse("search")}"' in page and f'name="q" value="{cast.a.firm.uscc}"' in page

"""What was learned of a day, as a page: the API's revisions, asked in a form and linked where a figure looks back."""

from __future__ import annotations

import pytest
from django.test import Client

from companies.models import Certification
from registry.history import acting, last_recorded_at
from tests.api.addresses import answer
from tests.companies.test_dashboard import certify
from tests.pages.reading import asked, link, main, page, rows
from tests.samples import uscc

DAY = "2026-06-30"


@pytest.fixture
def moment(committed_db: str) -> str:
    """When two firms were known to be certified; one certificate is then deleted as a mistake."""
    certify(1)
    certify(2, "500107")
    known = last_recorded_at()
    assert known is not None
    with acting(reason="mistake"):
        Certification.objects.filter(company__uscc=uscc(1)).delete()
    return known.isoformat().replace("+", "%2B")


def test_the_page_tells_both_stocks_and_the_firms_with_their_change(moment: str, client: Client) -> None:
    tree = page(client, f"/dashboard/revisions/?valid_on={DAY}&known_from={moment}&lang=en")
    text = main(tree).text
    assert "0 joined and 1 left" in text
    before, after = (one for one in main(tree).all("a") if one.given["href"].startswith("/firms/?"))
    assert (before.text, after.text) == ("2", "1")
    for one in (before, after):
        opened = page(client, one.given["href"] + "&lang=en")
        assert opened.all("h2")[0].text.startswith(one.text + " firm")
    [row] = rows(main(tree).all("table")[0])
    assert uscc(1) in row[1] and row[2] == "−1"
    told = answer(client, link(tree, "This list by the API"))
    assert [firm["uscc"] for firm in told["firms"]] == [uscc(1)]


def test_the_page_is_narrowed_and_paged_as_the_api_is(moment: str, client: Client) -> None:
    address = f"/dashboard/revisions/?valid_on={DAY}&known_from={moment}&lang=en"
    tree = page(client, f"{address}&district=500107")
    assert "District: Jiulongpo District" in main(tree).text and "0 joined and 0 left" in main(tree).text
    with acting(reason="mistake"):
        Certification.objects.all().delete()
    first = page(client, f"{address}&limit=1")
    second = page(client, f"/dashboard/revisions/{link(first, 'Next page')}")
    codes = [row[1].split()[-1] for tree in (first, second) for row in rows(main(tree).all("table")[0])]
    assert codes == [uscc(1), uscc(2)]


def test_the_later_moment_is_the_pages_own_and_the_permanent_link_shows_the_same(moment: str, client: Client) -> None:
    address = f"/dashboard/revisions/?valid_on={DAY}&known_from={moment}&lang=en"
    permanent = link(page(client, address), "Permanent link to this state")
    assert asked(permanent).keys() == {"valid_on", "known_from", "known_at"}
    with acting(reason="mistake"):
        Certification.objects.all().delete()
    assert "0 joined and 2 left" in main(page(client, address)).text
    assert "0 joined and 1 left" in main(page(client, f"{permanent}&lang=en")).text


def test_without_a_moment_the_page_asks_for_one(moment: str, client: Client) -> None:
    tree = page(client, f"/dashboard/revisions/?valid_on={DAY}&lang=en")
    assert "Fill in the moment" in main(tree).text
    assert main(tree).all("input", name="known_from")[0].given["value"] == ""


@pytest.mark.parametrize("address", ["/districts/500106/", "/dashboard/"])
def test_figures_lead_to_it_as_a_page_whether_they_look_back_or_not(moment: str, client: Client, address: str) -> None:
    today = link(page(client, f"{address}?valid_on={DAY}&lang=en"), "What has been learned, and when")
    then = link(page(client, f"{address}?valid_on={DAY}&known_at={moment}&lang=en"), "What has been learned since")
    assert today.startswith("/dashboard/revisions/?") and then.startswith("/dashboard/revisions/?")
    assert "known_from" not in asked(today) and asked(then)["known_from"]
    district = {"district": "500106"} if "districts" in address else {}
    assert asked(today) == {"valid_on": DAY, **district}
    assert "1 left" in main(page(client, f"{then}&lang=en")).text

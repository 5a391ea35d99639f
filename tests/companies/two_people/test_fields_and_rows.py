"""The firm's own fields and the rows of its facts: base, mine and theirs, and what is written."""

from __future__ import annotations

import pytest
from django.test import Client

from companies.models import AnnualReport, Certification
from tests.companies.admin_forms import DAY, added, as_shown, errors_of, firm, high_tech, seated_firm, url
from tests.companies.two_people.pages import again, now, opened, page_of, save, shown


# --- One field
def test_what_only_one_of_them_changed_is_kept(wang: Client, li: Client) -> None:
    company = seated_firm()
    hers, his = opened(wang, company), opened(li, company)
    assert save(wang, company, hers | {"website": "https://wang.example/"}).status_code == 302
    answer = li.post(page_of(company), his | {"contact_name": "Li"}, follow=True)
    assert "Kept as somebody else changed it meanwhile: Website" in answer.content.decode()
    assert (now(company).website, now(company).contact_name) == ("https://wang.example/", "Li")


def test_a_field_that_both_changed_comes_back_with_base_mine_and_theirs(wang: Client, li: Client) -> None:
    company = firm(website="https://old.example/")
    hers, his = opened(wang, company), opened(li, company)
    save(wang, company, hers | {"website": "https://wang.example/", "contact_name": "W"})
    answer = save(li, company, his | {"website": "https://li.example/", "internal_notes": "typed"})
    assert shown(answer) == [
        ("Website", "https://old.example/", "https://li.example/", "https://wang.example/", "wang")
    ]
    assert "choose at the top" in errors_of(answer)
    assert (now(company).website, now(company).internal_notes) == ("https://wang.example/", "")
    text = answer.content.decode()
    assert "typed" in text and 'type="radio"' in text and " checked" not in text.partition("</section>")[0]


@pytest.mark.parametrize(("choice", "kept"), [("mine", "https://li.example/"), ("theirs", "https://wang.example/")])
def test_the_choice_is_written_with_everything_else_that_was_typed(
    wang: Client, li: Client, choice: str, kept: str
) -> None:
    company = firm()
    hers, his = opened(wang, company), opened(li, company)
    save(wang, company, hers | {"website": "https://wang.example/"})
    answer = save(li, company, his | {"website": "https://li.example/", "internal_notes": "typed"})
    assert save(li, company, again(answer, choice)).status_code == 302
    assert (now(company).website, now(company).internal_notes) == (kept, "typed")


def test_without_a_choice_it_is_asked_again_and_nothing_is_written(wang: Client, li: Client) -> None:
    company = firm(website="https://old.example/")
    hers, his = opened(wang, company), opened(li, company)
    save(wang, company, hers | {"website": "https://wang.example/"})
    first = save(li, company, his | {"website": "https://li.example/"})
    second = save(li, company, again(first))
    assert shown(second) == shown(first)
    assert now(company).website == "https://wang.example/"


def test_a_choice_made_before_a_third_change_is_asked_anew(wang: Client, li: Client) -> None:
    company = firm(website="https://old.example/")
    hers, his = opened(wang, company), opened(li, company)
    save(wang, company, hers | {"website": "https://wang.example/"})
    first = save(li, company, his | {"website": "https://li.example/"})
    save(wang, company, opened(wang, company) | {"website": "https://third.example/"})
    second = save(li, company, again(first, "mine"))
    assert shown(second) == [
        ("Website", "https://old.example/", "https://li.example/", "https://third.example/", "wang")
    ]
    assert now(company).website == "https://third.example/"


def test_the_same_value_by_both_is_no_collision(wang: Client, li: Client) -> None:
    company = firm()
    hers, his = opened(wang, company), opened(li, company)
    save(wang, company, hers | {"website": "https://same.example/"})
    assert save(li, company, his | {"website": "https://same.example/", "contact_name": "Li"}).status_code == 302
    assert (now(company).website, now(company).contact_name) == ("https://same.example/", "Li")


@pytest.mark.parametrize("token", ["", "companies_company:1:1", "companies_company:1:1:forged", "\0"])
def test_a_form_that_does_not_say_what_it_was_made_from_overwrites_nothing(wang: Client, token: str) -> None:
    company = firm(website="https://old.example/")
    sent = opened(wang, company) | {"website": "https://new.example/", "made_from": token}
    answer = save(wang, company, sent)
    assert [(one.base, one.mine) for one in answer.context["collisions"]] == [(None, "https://new.example/")]
    assert now(company).website == "https://old.example/"


# --- Rows
def test_a_row_that_another_added_stays(wang: Client, li: Client) -> None:
    company = seated_firm()
    hers, his = opened(wang, company), opened(li, company)
    save(wang, company, added(hers, "annual_reports", year="2024", jobs="7"))
    assert save(li, company, added(his, "annual_reports", year="2025", jobs="9")).status_code == 302
    assert list(company.annual_reports.values_list("year", "jobs")) == [(2024, 7), (2025, 9)]


def test_a_row_that_both_changed_is_told_by_its_day(wang: Client, li: Client) -> None:
    company = seated_firm()
    hers, his = opened(wang, company), opened(li, company)
    save(wang, company, hers | {"seats-0-valid_until": "2026-06-30", "seats-0-address": "A road"})
    answer = save(li, company, his | {"seats-0-valid_until": "2026-12-31"})
    assert shown(answer) == [("seat 2015-01-01 · To (last day, included)", "", "2026-12-31", "2026-06-30", "wang")]
    assert save(li, company, again(answer, "mine")).status_code == 302
    assert company.seats.values_list("valid_until", "address").get() == (DAY(2027, 1, 1), "A road")


@pytest.mark.parametrize(("choice", "left"), [("mine", 0), ("theirs", 1)])
def test_a_row_that_another_changed_is_not_deleted_unasked(wang: Client, li: Client, choice: str, left: int) -> None:
    company = seated_firm()
    hers, his = opened(wang, company), opened(li, company)
    save(wang, company, hers | {"seats-0-address": "A road"})
    answer = save(li, company, his | {"seats-0-DELETE": "on"})
    [(what, _base, mine, theirs, who)] = shown(answer)
    assert (what, mine, who) == ("seat 2015-01-01", "delete the row", "wang") and "A road" in theirs
    assert company.seats.count() == 1
    assert save(li, company, again(answer, choice)).status_code == 302
    assert company.seats.filter(address="A road").count() == left


@pytest.mark.parametrize(("choice", "left"), [("mine", ["B road"]), ("theirs", [])])
def test_a_changed_row_that_another_deleted_is_entered_again_only_by_choice(
    wang: Client, li: Client, choice: str, left: list[str]
) -> None:
    company = seated_firm()
    hers, his = opened(wang, company), opened(li, company)
    save(wang, company, hers | {"seats-0-DELETE": "on"})
    answer = save(li, company, his | {"seats-0-address": "B road", "website": "https://li.example/"})
    [(what, _base, mine, theirs, who)] = shown(answer)
    assert (theirs, who) == ("deleted", "wang") and "B road" in mine and what.startswith("seat")
    assert not now(company).website
    assert shown(save(li, company, again(answer))) == shown(answer)
    assert save(li, company, again(answer, choice)).status_code == 302
    assert list(company.seats.values_list("address", flat=True)) == left
    assert now(company).website == "https://li.example/"


def test_a_row_left_alone_that_another_deleted_is_gone_and_its_neighbours_keep_what_is_theirs(
    wang: Client, li: Client
) -> None:
    company = firm()
    for year in (2023, 2024, 2025):
        AnnualReport.objects.create(company=company, year=year, jobs=year)
    hers, his = opened(wang, company), opened(li, company)
    save(wang, company, hers | {"annual_reports-1-DELETE": "on"})
    sent = added(his | {"annual_reports-2-jobs": "25"}, "annual_reports", year="2026", jobs="26")
    assert save(li, company, sent).status_code == 302
    assert list(company.annual_reports.values_list("year", "jobs")) == [(2023, 2023), (2025, 25), (2026, 26)]


def test_a_certificates_own_page_and_the_firms_page_guard_the_same_row(wang: Client, li: Client) -> None:
    company = firm()
    certificate = Certification.objects.create(company=company, kind=high_tech(), issued_on=DAY(2024, 2, 29))
    own = url("certification_change", certificate.pk)
    his, hers = as_shown(li.get(own)), opened(wang, company)
    save(wang, company, hers | {"certifications-0-number": "GR202451000001"})
    answer = li.post(own, his | {"number": "GR202451000002"})
    assert [(mine, theirs) for _w, _b, mine, theirs, _who in shown(answer)] == [("GR202451000002", "GR202451000001")]

"""Firms that were entered before there was a search are found after the migration as those entered since."""

from typing import Any

from django.core.management import call_command
from django.db import connection

from companies.models import Company, CompanyName, SearchText
from tests.samples import DAY, saved

BEFORE_SEARCH = "0004_note_changes"


def search_texts() -> list[Any]:
    return list(SearchText.objects.order_by("company").values())


def keys_of_names() -> list[Any]:
    return list(CompanyName.objects.order_by("pk").values("id", "name_zh", "pinyin", "initials", "keys_of", "version"))


def versions_of_names() -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, version, recorded FROM history.companies_companyname ORDER BY id, version")
        return list(cursor.fetchall())


def test_old_firms_get_their_search_text_and_their_names_new_keys(committed_db: str) -> None:
    renamed, nameless = saved(Company), saved(Company)
    first_day = DAY.replace(year=2015)
    saved(CompanyName, company=renamed, name_zh="重庆桉光科技有限公司", valid_from=first_day, valid_until=DAY)
    saved(CompanyName, company=renamed, name_zh="两江新桉芯片有限公司", name_en="Anguang Chips", valid_from=DAY)
    texts, keys, versions = search_texts(), keys_of_names(), versions_of_names()
    assert [text["company_id"] for text in texts] == [renamed.pk, nameless.pk]
    assert "桉光" in texts[0]["written"] and "anguang" in texts[0]["spelled"]

    call_command("migrate", "companies", BEFORE_SEARCH, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('companies_searchtext'), to_regclass('companies_companyname')")
        assert cursor.fetchone() == (None, "companies_companyname"), "the search was taken away"
        cursor.execute("ALTER TABLE companies_companyname DISABLE TRIGGER USER")
        cursor.execute("UPDATE companies_companyname SET pinyin = 'as it was spelled before', initials = ''")
        cursor.execute("ALTER TABLE companies_companyname ENABLE TRIGGER USER")
    call_command("migrate", verbosity=0)

    assert search_texts() == texts
    assert keys_of_names() == keys
    assert versions_of_names() == versions, "what is derived makes no version"

"""The ground the other tests stand on: clones of one template, rolled back or really committed."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection


def name_of_database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        return str(cursor.fetchone()[0])


def labels() -> set[str]:
    return set(ContentType.objects.values_list("app_label", flat=True))


def test_a_test_really_commits_on_a_database_of_its_own(committed_db: str) -> None:
    ContentType.objects.create(app_label="committed", model="thing")
    connection.close()
    assert name_of_database() == committed_db
    assert "committed" in labels()


@pytest.mark.django_db
def test_what_another_test_committed_is_not_seen() -> None:
    assert name_of_database().endswith(("_main", "_gw0", "_gw1"))
    assert "committed" not in labels()

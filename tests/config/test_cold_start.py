"""A worker that answers the API only does not load what other requests need: its first answer waits for each."""

import os
import subprocess
import sys

from registry.database_words import WORDS
from registry.feed.types import feed_types
from registry.scope import declared_places

FIRST_ANSWER = """
import sys
from config.wsgi import application
from django.urls import resolve
resolve("/api/v1/companies/")
print(*sys.modules)
"""
SERVED = {
    "DJANGO_SETTINGS_MODULE": "config.serving",
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",  # nothing connects while it loads
    "ALLOWED_HOSTS": "localhost",
    "SECRET_KEY": "of-a-process-that-answers-nothing-" * 2,
}
LATER = {
    "companies.admin",
    "companies.dashboard",
    "companies.imports",
    "companies.pages",
    "companies.statistics.ledger.installing",
    "config.administration",
    "config.openapi",
    "duckdb",
    "openpyxl",
    "opencc",
    "pyarrow",
    "pypinyin",
    "python_calamine",
    "rapidfuzz",
    "registry.sheets.plan",
    "xlsxwriter",
}


def test_the_first_page_of_firms_waits_for_nothing_it_does_not_need() -> None:
    command = [sys.executable, "-W", "ignore", "-c", FIRST_ANSWER]
    done = subprocess.run(command, env=os.environ | SERVED, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "companies.views" in loaded
    assert loaded & LATER == set()


DECLARED = """
import sys
from config.wsgi import application
from django.apps import apps
from registry.database_words import WORDS
from registry.feed.types import feed_types
from registry.scope import declared_places
print(len(declared_places()), len(feed_types()), len(WORDS), "registry.admin" in sys.modules)
"""


def test_a_worker_knows_who_may_write_before_it_has_served_any_page() -> None:
    """The tests' own process has loaded the admin; a served one never may."""
    command = [sys.executable, "-W", "ignore", "-c", DECLARED]
    done = subprocess.run(command, env=os.environ | SERVED, capture_output=True, text=True, check=True)
    places, types, words, has_admin = done.stdout.split()
    assert (int(places), int(types)) == (len(declared_places()), len(feed_types()))
    assert (int(words), has_admin) == (len(WORDS), "False")

"""A worker that answers the API only does not load what other requests need: its first answer waits for each."""

import os
import subprocess
import sys

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

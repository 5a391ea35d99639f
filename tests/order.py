"""In which order modules run: each worker takes whole ones (`--dist loadfile`), the long ones first.

A module shares its set-up, which a second worker would do again. The marks of pytest-xdist that group single tests are
not read under pytest 9: xdist 3.8 writes the group where nodes no longer keep their id.
"""

from collections import Counter

import pytest

LONG = (
    "tests/companies/test_demonstration_whole.py",
    "tests/browser/test_dashboard.py",
    "tests/scope/test_matrix.py",
    "tests/scope/test_writes.py",
    "tests/companies/two_people/test_random_edits.py",
    "tests/companies/two_people/test_fields_and_rows.py",
    "tests/scope/test_uploads.py",
    "tests/companies/test_answers_stay.py",
    "tests/scope/test_work.py",
    "tests/browser/test_uploads.py",
    "tests/browser/test_entering.py",
    "tests/companies/uploads/test_background.py",
    "tests/config/test_embedded.py",
    "tests/config/test_faults.py",
    "tests/companies/test_ledger_histories.py",
    "tests/browser/test_work.py",
    "tests/companies/test_demonstration_loading.py",
    "tests/companies/imports/test_import_faults.py",
    "tests/companies/uploads/test_long_lists.py",
    "tests/companies/test_search_migration.py",
    "tests/companies/test_projection_rates.py",
    "tests/companies/test_demonstration_curve.py",
    "tests/api/test_counted_states.py",
    "tests/api/test_compiled.py",
    "tests/api/test_figures.py",
    "tests/api/test_downloads.py",
    "tests/api/test_downloads_quoted.py",
    "tests/registry/test_admin_rows.py",
    "tests/api/test_killed_workers.py",
)
"""`make test-long`: the whole set, every wall crawled as every role, browsers, random histories, killed processes, and
every figure, shape, state, file and row of the admin in turn."""

FIRST = (
    *LONG,
    "tests/api/test_two_clocks.py",
    "tests/companies/test_states.py",
    "tests/companies/test_admin.py",
    "tests/companies/test_dashboard.py",
    "tests/companies/imports/test_import_facts.py",
)
"""Half a minute, or as long for few tests; of the others, the number of tests tells how long they take."""


def mark_the_long_ones(items: list[pytest.Item]) -> None:
    for item in items:
        if module_of(item) in LONG:
            item.add_marker("long")


def long_modules_first(items: list[pytest.Item]) -> None:
    """Sort in place; tests of one module stay together, in their own order."""
    sizes = Counter(module_of(item) for item in items)

    def place(item: pytest.Item) -> tuple[int, int, str]:
        module = module_of(item)
        return FIRST.index(module) if module in FIRST else len(FIRST), -sizes[module], module

    items.sort(key=place)


def module_of(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]

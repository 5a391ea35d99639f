"""The order in which modules run."""

from pathlib import Path

import pytest

from tests import order

ROOT = Path(__file__).resolve().parent.parent


def test_the_list_of_long_modules_names_none_that_is_gone() -> None:
    assert [module for module in order.FIRST if not (ROOT / module).exists()] == []


def test_long_modules_come_first_and_modules_stay_together(request: pytest.FixtureRequest) -> None:
    items = list(request.session.items)
    order.long_modules_first(items)
    modules = [order.module_of(item) for item in items]
    met = list(dict.fromkeys(modules))
    assert modules == [module for module in met for _item in range(modules.count(module))]
    long = [module for module in met if module in order.FIRST]
    assert met[: len(long)] == [module for module in order.FIRST if module in long]

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.companies.imports.lists import WRITERS, Rows


@pytest.fixture
def sheet(tmp_path: Path) -> Callable[..., Path]:
    """`sheet(rows, "a.csv", encoding)` writes the rows as they are."""

    def make(rows: Rows, name: str = "名单.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        WRITERS[path.suffix](path, rows, encoding)
        return path

    return make

"""The order of groups that are shown by their size."""

from __future__ import annotations

from companies.statistics.groups import UNKNOWN


def largest_first(code: str, *numbers: int) -> tuple[bool, tuple[int, ...], str]:
    """The key to sort by: `unknown` last, equal ones by their code."""
    return code == UNKNOWN, tuple(-number for number in numbers), code

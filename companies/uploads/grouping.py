"""Rows of a page of which one and the same thing is said, told once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from companies.uploads.showing import ShownRow

ALIKE_FROM = 5
"""Fewer rows are told one by one."""


@dataclass(frozen=True)
class Group:
    """`labels` are those of the cells that each of its rows lets one type."""

    verdict: str
    verdict_label: str
    label: str
    reason: str
    labels: list[str]
    rows: list[ShownRow]


def grouped(rows: Iterable[ShownRow]) -> tuple[list[Group], list[ShownRow]]:
    """The groups, and the rows that are in none."""
    listed = list(rows)
    alike: dict[tuple[str, ...], list[ShownRow]] = {}
    for row in listed:
        alike.setdefault(_told_of(row), []).append(row)
    groups = [_group(found) for told, found in alike.items() if told and len(found) >= ALIKE_FROM]
    gathered = {row.number for group in groups for row in group.rows}
    return groups, [row for row in listed if row.number not in gathered]


def _told_of(row: ShownRow) -> tuple[str, ...]:
    """What would be said of the row; nothing of one that shows more than a reason and its cells."""
    if not row.fixes or row.candidates or row.told or row.differences or row.findings:
        return ()
    return (row.verdict, *(text for fix in row.fixes for text in (fix.label, fix.reason)))


def _group(rows: list[ShownRow]) -> Group:
    first, fixes = rows[0], rows[0].fixes
    labels = [fix.label for fix in fixes]
    return Group(first.verdict, first.verdict_label, fixes[0].label, fixes[0].reason, labels, rows)

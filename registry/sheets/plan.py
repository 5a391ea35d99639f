"""What an import would do, row by row, before it does it: for a person to read and approve."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from registry.names import shown
from registry.sheets.cells import CellError
from registry.sheets.headers import Column
from registry.sheets.rows import Row, Skip, SkippedRow
from registry.sheets.verdicts import Verdict

if TYPE_CHECKING:
    from registry.sheets.reading import Table


VERDICT_LABELS: dict[Verdict, Promise] = {
    Verdict.NEW: gettext_lazy("new"),
    Verdict.CHANGED: gettext_lazy("changed"),
    Verdict.SAME: gettext_lazy("same"),
    Verdict.AMBIGUOUS: gettext_lazy("ambiguous"),
    Verdict.WRONG: gettext_lazy("wrong"),
}
_SKIP_LABELS: dict[Skip, Promise] = {
    Skip.ABOVE: gettext_lazy("above the headings"),
    Skip.HEADINGS: gettext_lazy("headings"),
    Skip.BLANK: gettext_lazy("blank"),
    Skip.BANNER: gettext_lazy("banner"),
    Skip.REPEATED: gettext_lazy("headings repeated"),
    Skip.TOTAL: gettext_lazy("total"),
    Skip.REMARK: gettext_lazy("remark"),
}
# Rows that a person must act on come first.
_ORDER = (Verdict.WRONG, Verdict.AMBIGUOUS, Verdict.CHANGED, Verdict.NEW, Verdict.SAME)
_SHOWN_CHARACTERS = 60
# Rows with the same single reason are told as one group from here on.
_ALIKE_FROM = 5
_GROUP_EXAMPLES = 10


@dataclass(frozen=True, slots=True)
class Problem:
    """`column` is the letter in Excel, empty where the sheet has no column for it; `value` as the cell shows it.
    `key` says what the column is read as.
    """

    row_number: int
    column: str
    column_title: str
    value: str
    reason: str
    suggestion: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of an entry that would change; both sides as text, empty for nothing."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RowVerdict:
    """`label` names the entry for the reader; `candidates` are those it could be when ambiguous; `code` is the
    credit code of the firm that the row is of, where that is known; `findings` are sentences that stop nothing.
    """

    row_number: int
    verdict: Verdict
    label: str = ""
    problems: tuple[Problem, ...] = ()
    differences: tuple[Difference, ...] = ()
    candidates: tuple[str, ...] = ()
    code: str = ""
    findings: tuple[str, ...] = ()


@dataclass(slots=True)
class Plan:
    """`problems` are sentences on the sheet as a whole; any of them stops the import."""

    sheet: str
    columns_read: tuple[Column, ...]
    columns_not_read: tuple[Column, ...]
    skipped: tuple[SkippedRow, ...]
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    rows: list[RowVerdict] = field(default_factory=list)

    @property
    def counts(self) -> dict[Verdict, int]:
        """Every verdict, also those that no row has."""
        found = Counter(row.verdict for row in self.rows)
        return {verdict: found[verdict] for verdict in Verdict}

    @property
    def is_clean(self) -> bool:
        """Whether it may be written as it stands."""
        counts = self.counts
        return not self.problems and not counts[Verdict.WRONG] and not counts[Verdict.AMBIGUOUS]


def plan_for(table: Table) -> Plan:
    """A plan without verdicts yet, with all that the reading has to tell."""
    found = table.columns
    return Plan(table.sheet, found.read, found.not_read, table.skipped, found.problems, table.notes)


def problem_at(table: Table, row: Row, key: str, error: CellError | str) -> Problem:
    """The problem of one cell, found by the key of its column; of the row if the sheet has no such column."""
    column = table.columns.column(key)
    reason, suggestion = (error.reason, error.suggestion) if isinstance(error, CellError) else (error, "")
    if column is None:
        return Problem(row.number, "", "", "", reason, suggestion, key)
    return Problem(row.number, column.letter, column.title, table.cell(row, key).text, reason, suggestion, key)


def render(plan: Plan, limit: int = 50) -> str:
    """The plan as lines of text, at most `limit` rows of each verdict, none that stay the same."""
    lines = [*_heading(plan), ""]
    for verdict in _ORDER:
        lines += _section(verdict, [row for row in plan.rows if row.verdict is verdict], limit)
    return "\n".join(lines).rstrip() + "\n"


def _heading(plan: Plan) -> Iterator[str]:
    if plan.sheet:
        yield _("Sheet: %s") % _clean(plan.sheet)
    yield _("Columns read: %s") % _listed(
        f"{column.letter} {_clean(column.title)} → {column.key}" for column in plan.columns_read
    )
    yield _("Columns not read: %s") % _listed(
        f"{column.letter} {_clean(column.title)}".strip() for column in plan.columns_not_read
    )
    yield from _skipped(plan.skipped)
    yield from (_("Note: %s") % note for note in plan.notes)
    yield from (_("Problem: %s") % problem for problem in plan.problems)
    counted = ", ".join(f"{VERDICT_LABELS[verdict]} {count}" for verdict, count in plan.counts.items())
    yield _("Rows: %(total)d (%(counts)s)") % {"total": len(plan.rows), "counts": counted}


def _skipped(skipped: Sequence[SkippedRow]) -> Iterator[str]:
    for why in Skip:
        numbers = [row.number for row in skipped if row.why is why]
        if numbers:
            yield _("Rows skipped (%(why)s): %(count)d: %(rows)s") % {
                "why": _SKIP_LABELS[why],
                "count": len(numbers),
                "rows": row_ranges(numbers),
            }


def row_ranges(numbers: Sequence[int], most: int = 12) -> str:
    """1-3, 7, 9-10, and an ellipsis after so many."""
    spans: list[tuple[int, int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], number)
        else:
            spans.append((number, number))
    texts = [str(first) if first == last else f"{first}-{last}" for first, last in spans[:most]]
    return ", ".join(texts) + (" …" if len(spans) > most else "")


def _section(verdict: Verdict, rows: Sequence[RowVerdict], limit: int) -> list[str]:
    if not rows or verdict is Verdict.SAME:
        return []
    groups, rows = _grouped(rows)
    lines = [f"== {VERDICT_LABELS[verdict]} ({len(rows) + sum(map(len, groups.values()))})"]
    for problem, alike in groups.items():
        lines += _group_lines(problem, alike, limit)
    for row in rows[:limit]:
        lines.append((_("row %d") % row.row_number) + (f"  {_clean(row.label)}" if row.label else ""))
        lines += [f"    {detail}" for detail in _details(row)]
    if len(rows) > limit:
        rest = len(rows) - limit
        lines.append(ngettext("… and %d more row", "… and %d more rows", rest) % rest)
    return [*lines, ""]


def _grouped(rows: Sequence[RowVerdict]) -> tuple[dict[Problem, list[RowVerdict]], list[RowVerdict]]:
    """Rows of which only one and the same thing is said are told together, from so many on; the rest stay."""
    groups: dict[Problem, list[RowVerdict]] = {}
    for row in rows:
        if len(row.problems) == 1 and not row.candidates:
            alike = replace(row.problems[0], row_number=0, value="", suggestion="")
            groups.setdefault(alike, []).append(row)
    groups = {alike: found for alike, found in groups.items() if len(found) >= _ALIKE_FROM}
    told = {row.row_number for found in groups.values() for row in found}
    return groups, [row for row in rows if row.row_number not in told]


def _group_lines(problem: Problem, rows: Sequence[RowVerdict], limit: int) -> list[str]:
    """The reason once, its rows, and examples: first those with a suggestion."""
    place = f"{problem.column} {_clean(problem.column_title)}: " if problem.column else ""
    examples = sorted(rows, key=lambda row: not row.problems[0].suggestion)[: min(limit, _GROUP_EXAMPLES)]
    numbers = sorted(row.row_number for row in rows)
    return [
        f"{place}{problem.reason}",
        "    " + _("%(count)d rows: %(rows)s") % {"count": len(rows), "rows": row_ranges(numbers, max(limit, 12))},
        *(f"    {_example(row)}" for row in examples),
    ]


def _example(row: RowVerdict) -> str:
    problem = row.problems[0]
    hint = " " + _("Perhaps: %s") % problem.suggestion if problem.suggestion else ""
    return f"{problem.column}{row.row_number} “{_clean(problem.value or row.label)}”{hint}"


def _details(row: RowVerdict) -> Iterator[str]:
    yield from (_problem_text(problem) for problem in row.problems)
    for difference in row.differences:
        yield f"{difference.field}: {_clean(difference.before) or '∅'} → {_clean(difference.after) or '∅'}"
    if row.candidates:
        yield _("Could be: %s") % _listed(map(_clean, row.candidates))
    yield from map(_clean, row.findings)


def _problem_text(problem: Problem) -> str:
    place = f"{problem.column}{problem.row_number} {_clean(problem.column_title)}: " if problem.column else ""
    value = f"“{_clean(problem.value)}”: " if problem.value else ""
    hint = " " + _("Perhaps: %s") % problem.suggestion if problem.suggestion else ""
    return f"{place}{value}{problem.reason}{hint}"


def _clean(text: str) -> str:
    """Without control characters, which a file could use to command the reader's terminal."""
    return shown(text, _SHOWN_CHARACTERS)


def _listed(texts: Iterable[str]) -> str:
    return ", ".join(texts) or "—"

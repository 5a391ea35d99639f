"""The plan of an import: every row judged, every fact tried on the database, nothing kept unless it is committed."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from django.db import connection, transaction
from django.utils.translation import gettext as _

from companies.findings.questions import sentences_by_firm
from companies.imports.comparing import compare
from companies.imports.drafts import NOTES, Draft, Judgement
from companies.imports.lists import Lists, load_lists
from companies.imports.matching import NearestNames, Register, batches_of
from companies.imports.progress import Tell, untold
from companies.imports.reach import EVERYTHING, Reach
from companies.imports.rows import NOT_IMPORTED, FirmRow, read_rows
from companies.imports.writing import unlooked, write
from registry import days
from registry.history import acting
from registry.models import User
from registry.sheets.plan import Plan, RowVerdict, plan_for, row_ranges
from registry.sheets.reading import Table
from registry.sheets.rows import Row
from registry.sheets.verdicts import Verdict

LOCK = 20300001  # an advisory lock: any number, so that two imports at once wait for one another


def plan_import(
    table: Table, on: datetime.date | None = None, *, reach: Reach = EVERYTHING, tell: Tell = untold
) -> Plan:
    """What an import on that day (today in Shanghai) would do. Writes nothing."""
    work = _Import(table, on or days.today(), keep=False, reach=reach, tell=tell)
    del table  # its rows are let go as they are judged
    return work.plan()


def commit_import(
    table: Table,
    user: User | None,
    reason: str,
    on: datetime.date | None = None,
    *,
    reach: Reach = EVERYTHING,
    tell: Tell = untold,
    approves: Callable[[Plan], bool] = lambda _plan: True,
) -> Plan:
    """Plans again behind the lock and writes it all, or nothing where the plan is not clean or not approved."""
    with acting(user, reason=reason):
        lock_imports()
        work = _Import(table, on or days.today(), keep=True, reach=reach, tell=tell)
        del table
        plan = work.plan()
        if not plan.is_clean or not approves(plan):
            transaction.set_rollback(True)
    return plan


def lock_imports() -> None:
    """Until the end of the transaction no other import writes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


class _Import:
    def __init__(self, table: Table, on: datetime.date, *, keep: bool, reach: Reach, tell: Tell) -> None:
        self.table, self.on, self.keep, self.reach, self.tell = table, on, keep, reach, tell
        self.notes: NOTES = defaultdict(list)
        self.nearest = NearestNames(reach)
        self.judgements: dict[int, Judgement] = {}  # those that a later firm or constraint may still change
        self.verdicts: dict[int, RowVerdict] = {}

    def plan(self) -> Plan:
        plan = plan_for(self.table)
        _set_aside(plan)
        if not plan.problems:
            self._judge_all()
            plan.rows = [self.verdicts[number] for number in sorted(self.verdicts)]
            plan.notes += tuple(_noted(told, rows) for told, rows in self.notes.items())
        return plan

    def _judge_all(self) -> None:
        self.lists: Lists = load_lists(self.reach.incubator)
        typed = read_rows(self.table, self.lists)
        self.table = replace(self.table, rows=())
        self.register = Register(typed, lock=self.keep, reach=self.reach)
        done = 0
        for batch in batches_of(typed):
            self.register.load(batch)
            for row in batch:
                judgement = Judgement(self.table, row, self.notes, problems=list(row.problems))
                self.judgements[row.number] = judgement
                self._judge(row, judgement)
            self._try(self.register.finish())
            self._settle()
            done += len(batch)
            self.tell(done, len(typed))
        self._try(self.register.kept.values())
        self.register.kept.clear()
        self._settle()

    def _settle(self) -> None:
        """Rows of firms that are done with become verdicts; what was read of them is let go."""
        still_open = {number for draft in self.register.kept.values() for number in draft.row_of.values()}
        for number in self.judgements.keys() - still_open:
            judgement = self.judgements.pop(number)
            self.verdicts[number] = judgement.as_verdict()
            judgement.typed.values, judgement.typed.row = {}, Row(number, ())

    def _judge(self, row: FirmRow, judgement: Judgement) -> None:
        if any(problem.column for problem in row.problems) and self._names_no_firm(row):
            return
        draft = self._by_code(row, judgement) if row.code else self._by_name(row, judgement)
        if draft is None or judgement.problems or judgement.doubts or not self._reaches(draft, row, judgement):
            return
        was_dirty = draft.is_dirty
        compare(draft, judgement, self.lists, self.register.holders, self.on)
        if judgement.is_new:
            self.register.learn_name(draft, row.values["name"])
        if was_dirty and judgement.verdict is Verdict.SAME:
            judgement.note(_("Rows that repeat an earlier row of the file"))

    def _reaches(self, draft: Draft, row: FirmRow, judgement: Judgement) -> bool:
        if draft.is_out_of_reach:
            judgement.wrong("uscc", _("This firm is in the register, but not among those that you may change."))
            return False
        self.reach.settle_stay(row.values, is_new=draft.is_new)
        return True

    def _names_no_firm(self, row: FirmRow) -> bool:
        """Whether the cell that should name the firm is itself damaged: then nothing more can be said."""
        keys = {column.letter: column.key for column in self.table.columns.columns}
        damaged = {keys.get(problem.column) for problem in row.problems}
        return "uscc" in damaged or (not row.code and bool(damaged & {"name", "former_name"}))

    def _by_code(self, row: FirmRow, judgement: Judgement) -> Draft | None:
        draft = self.register.by_code.get(row.code)
        if draft is not None:
            return draft
        name = row.values.get("name")
        if name is None:
            if not judgement.problems:
                judgement.wrong("name", _("A firm that is not in the register yet needs a name."))
            return None
        twins = self.register.twins(name, row.values.get("former_name", ""))
        if twins is not None:
            judgement.doubt("uscc", _("No firm has this credit code, but a firm of this name has another."))
            judgement.candidates += twins
            return None
        if judgement.problems:
            return None
        judgement.is_new = True
        draft = self.register.new_draft(row.code, self.on)
        draft.row_of[id(draft.company)] = row.number
        return draft

    def _by_name(self, row: FirmRow, judgement: Judgement) -> Draft | None:
        name, former = row.values.get("name", ""), row.values.get("former_name", "")
        drafts = self.register.named(name, former)
        if len(drafts) == 1:
            return drafts[0]
        if drafts:
            judgement.doubt("name", _("Several firms bear or bore this name; the credit code would tell."))
            judgement.candidates += [draft.label for draft in drafts]
        elif name or former:
            key = "name" if name else "former_name"
            judgement.wrong(key, self._unmet(), self.nearest.of(name or former))
        else:
            judgement.wrong("name", _("The row has neither a credit code nor a name."))
        return None

    def _unmet(self) -> str:
        if self.reach.is_bounded:
            return _("No credit code, and no firm of this name is among those that you may change.")
        return _("No credit code, and no firm of this name is in the register.")

    def _try(self, drafts: Iterable[Draft]) -> None:
        wrong = {number for number, judgement in self.judgements.items() if judgement.problems}
        dirty = [draft for draft in drafts if draft.is_dirty and not wrong.intersection(draft.row_of.values())]
        for refusal in write(dirty, keep=self.keep, reach=self.reach, look=unlooked if self.keep else self._look):
            self.judgements[refusal.row_number].wrong(refusal.key, refusal.reason)

    def _look(self, drafts: Sequence[Draft]) -> None:
        """What soft rules find of the firms as they would be stands beside the last row of each; it stops nothing."""
        told = sentences_by_firm([draft.company.pk for draft in drafts], self.on, self.reach.incubator)
        for draft in drafts:
            self.judgements[max(draft.row_of.values())].findings = told.get(draft.company.pk, [])


def _noted(sentence: str, rows: list[int]) -> str:
    return _("%(note)s (rows %(rows)s).") % {"note": sentence, "rows": row_ranges(sorted(rows))}


def _set_aside(plan: Plan) -> None:
    """Columns that the reading knows and the import does not use are told as not read, with the reason."""
    reasons = {
        "employees": _("a number of employees belongs to a year, and the sheet names none"),
        "university": _("a link to a university needs its basis, which the sheet does not name"),
    }
    aside = tuple(column for column in plan.columns_read if column.key in NOT_IMPORTED)
    plan.columns_read = tuple(column for column in plan.columns_read if column not in aside)
    plan.columns_not_read = tuple(sorted((*plan.columns_not_read, *aside), key=lambda column: column.index))
    plan.notes += tuple(
        _("Column %(letter)s “%(title)s” is not imported: %(reason)s.")
        % {"letter": column.letter, "title": column.title, "reason": reasons[str(column.key)]}
        for column in aside
    )

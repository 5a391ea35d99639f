"""Rows of a plan as the page shows them: what differs side by side, and a field for each cell that can be corrected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.translation import get_language, get_language_info, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from companies.models import Upload, UploadRow
from companies.uploads.columns import CHOICES
from companies.uploads.words import COLUMNS
from registry.credit_code import is_valid
from registry.sheets.plan import VERDICT_LABELS
from registry.sheets.verdicts import Verdict

ROWS_ON_A_PAGE = 50
ORDER = (Verdict.WRONG, Verdict.AMBIGUOUS, Verdict.CHANGED, Verdict.NEW, Verdict.SAME)
ALL = "all"
FOUND = "findings"
"""Rows of which soft rules find something, whatever their verdict."""
REASON_TITLES = (gettext_lazy("Verdict"), gettext_lazy("Reason"))


@dataclass(frozen=True)
class Fix:
    """One cell that can be typed anew. `suggestions` are offered as one types."""

    name: str
    place: str
    label: str
    value: str
    reason: str
    suggestions: list[str]
    is_open: bool


@dataclass(frozen=True)
class ShownRow:
    number: int
    verdict: str
    verdict_label: str
    label: str
    fixes: list[Fix]
    differences: list[dict[str, str]]
    candidates: list[tuple[str, str]]
    findings: list[str]
    told: list[str]
    is_corrected: bool


@dataclass(frozen=True)
class Tab:
    verdict: str
    label: str
    count: int
    is_current: bool


def tabs(upload: Upload, current: str) -> list[Tab]:
    counts = upload.plan.get("counts", {})
    found = [Tab(v.value, str(VERDICT_LABELS[v]), counts.get(v.value, 0), v.value == current) for v in ORDER]
    if count := upload.plan.get("findings", 0):
        found.append(Tab(FOUND, _("with findings"), count, current == FOUND))
    return [*found, Tab(ALL, _("all rows"), sum(counts.values()), current == ALL)]


def headline(upload: Upload) -> str:
    """What stands between the plan and the register."""
    counts = upload.plan["counts"]
    if stopping := counts["wrong"] + counts["ambiguous"]:
        must: str = ngettext(
            "%d row must be settled before anything is written.",
            "%d rows must be settled before anything is written.",
            stopping,
        )
        return str(must % stopping)
    if not (writing := to_write(upload)):
        return same(upload)
    ready: str = ngettext(
        "Ready: %d row is new or changed. Nothing has been written yet.",
        "Ready: %d rows are new or changed. Nothing has been written yet.",
        writing,
    )
    return str(ready % writing)


def to_write(upload: Upload) -> int:
    """How many rows would write something."""
    counts = upload.plan.get("counts", {})
    return int(counts.get("new", 0) + counts.get("changed", 0))


def same(upload: Upload) -> str:
    """What is said where nothing is to be written: of the columns that were read alone."""
    if upload.plan.get("not_read"):
        return _("In the columns that were read, every row is as the register has it: there is nothing to write.")
    return _("Every row is as the register has it: there is nothing to write.")


def unread(upload: Upload) -> str:
    """The columns in which a change is not seen; empty where all were read."""
    if not (columns := upload.plan.get("not_read", [])):
        return ""
    sentence: str = ngettext(
        "%(count)d column was not read: %(columns)s. Changes in it are not seen.",
        "%(count)d columns were not read: %(columns)s. Changes in them are not seen.",
        len(columns),
    )
    return str(sentence % {"count": len(columns), "columns": _(", ").join(columns)})


def asked_verdict(upload: Upload, asked: str | None) -> str:
    """The verdict asked for, else the first that a person must act on."""
    if asked in (ALL, FOUND, *(verdict.value for verdict in ORDER)):
        return str(asked)
    counts = upload.plan.get("counts", {})
    return next((verdict.value for verdict in ORDER if counts.get(verdict.value)), ALL)


def page_of(upload: Upload, verdict: str, number: str | None) -> Page[UploadRow]:
    rows = UploadRow.objects.filter(upload=upload).order_by("number")
    if verdict == FOUND:
        rows = rows.exclude(findings=[])
    elif verdict != ALL:
        rows = rows.filter(verdict=verdict)
    return Paginator(rows, ROWS_ON_A_PAGE).get_page(number)


def shown(row: UploadRow, upload: Upload) -> ShownRow:
    own = upload.corrections.get(str(row.number), {})
    candidates = [(text.split(" ")[0], text) for text in row.candidates]
    choices = [(code, text) for code, text in candidates if is_valid(code)]
    return ShownRow(
        row.number,
        row.verdict,
        str(VERDICT_LABELS[Verdict(row.verdict)]),
        row.label,
        [_fix(row, problem) for problem in row.problems] + _renaming(row, own) + _naming_the_code(row, own),
        row.differences,
        choices,
        row.findings,
        [text for code, text in candidates if not is_valid(code)],
        bool(own),
    )


def _fix(row: UploadRow, problem: dict[str, Any]) -> Fix:
    key = problem["key"]
    place = f"{problem['column']}{row.number}" if problem["column"] else ""
    label = problem["column_title"] or str(COLUMNS.get(key, ""))
    suggestions = [text for text in problem["suggestion"].split(" / ") if text]
    name = f"fix-{row.number}-{key}"
    return Fix(name, place, label, problem["value"], problem["reason"], suggestions, key in CHOICES)


def _renaming(row: UploadRow, own: dict[str, str]) -> list[Fix]:
    """Where a firm bears another name in the register, the day of the renaming settles it."""
    is_renaming = row.verdict == Verdict.AMBIGUOUS and not row.candidates
    if not is_renaming or not any(problem["key"] == "name" for problem in row.problems):
        return []
    why = _("If the firm was renamed, the day on which it was.")
    value = own.get("renamed_on", "")
    return [Fix(f"fix-{row.number}-renamed_on", "", str(COLUMNS["renamed_on"]), value, why, [], True)]


def _naming_the_code(row: UploadRow, own: dict[str, str]) -> list[Fix]:
    """Where a name alone does not find the firm, its credit code does."""
    keys = {problem["key"] for problem in row.problems}
    has_code = bool(row.code) or is_valid(row.label.split(" ")[0])
    if has_code or row.candidates or "uscc" in keys or not keys & {"name", "former_name"}:
        return []
    why = _("Its credit code finds the firm, or adds it.")
    return [Fix(f"fix-{row.number}-uscc", "", str(COLUMNS["uscc"]), own.get("uscc", ""), why, [], True)]


def without_codes(upload: Upload) -> str:
    """What to do about a sheet that names firms by name alone; empty where that settles every row."""
    counts = upload.plan.get("counts", {})
    if "uscc" in upload.columns.values() or not counts.get("wrong", 0) + counts.get("ambiguous", 0):
        return ""
    return _(
        "The file has no column with the credit code, so a firm is found by its name alone. Add a column "
        "“统一社会信用代码” to the file and upload it again, or type the codes below."
    )


def other_language(upload: Upload) -> str:
    """Reasons are kept as they were told; empty where that was in the reader's language."""
    told_in = upload.work_language
    if not told_in or told_in == get_language():
        return ""
    language = str(get_language_info(told_in)["name_local"])
    return _("The rows were judged in another language (%s): judging them again tells them in yours.") % language

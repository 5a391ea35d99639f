"""Notes whose personal data a page of uploads showed: the file's own, and what the register held before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import override

from companies.models import Company, Upload, UploadRow
from registry.readings import note

OF_FIRMS = ("contact_name", "contact_phone", "contact_email")
OF_ROWS = ("problems", "differences", "candidates")


def note_rows(request: HttpRequest, rows: Sequence[UploadRow]) -> None:
    """Rows of one upload, with the firms of which they show contact persons."""
    note(request, rows, OF_ROWS)
    shown = _firms_shown(rows)
    firms = list(Company.objects.filter(uscc__in=shown).order_by("pk"))
    note(request, firms, OF_FIRMS)


def note_file(request: HttpRequest, upload: Upload) -> None:
    """The sheet with what was found of each of its rows."""
    note(request, [upload], ("content", "corrections"))
    rows = upload.rows.only("pk", "upload", "code", "differences")
    shown = _firms_shown(rows.filter(verdict="changed").iterator())
    note(request, list(Company.objects.filter(uscc__in=shown).order_by("pk")), OF_FIRMS)


def _firms_shown(rows: Iterable[UploadRow]) -> set[str]:
    """Codes of the firms of which a difference shows the contact that the register holds."""
    return {row.code for row in rows if any(one["field"] in _titles() and one["before"] for one in row.differences)}


@cache
def _titles() -> frozenset[str]:
    """What the fields are called, in every language: a plan is in that of the person who asked for it."""
    titles = set()
    for language, _name in settings.LANGUAGES:
        with override(language):
            titles |= {str(Company._meta.get_field(name).verbose_name) for name in OF_FIRMS}  # type: ignore[union-attr]
    return frozenset(titles)

"""What a person sends to the pages of uploads, checked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from companies.models import Upload
from companies.uploads.columns import CHOICES, propose, remembered
from companies.uploads.words import COLUMNS
from incubators.models import Incubator
from registry import scope
from registry.models import User
from registry.sheets.columns import IDENTIFYING
from registry.sheets.errors import Unusable
from registry.sheets.headers import IGNORED
from registry.sheets.receiving import received_file

LONGEST_CORRECTION = 500
LONGEST_REASON = 400
_FIX = re.compile(r"fix-([0-9]{1,7})-([a-z_]{1,30})")
_PICK = re.compile(r"pick-([0-9]{1,7})")


def incubators_of(user: User) -> list[Incubator]:
    """Those for which a person may upload; a registrar uploads for none in particular."""
    own = scope.incubators_of(user, scope.Circle.STAFF)
    return list(Incubator.objects.filter(pk__in=own).order_by("name_zh"))


def named_by(user: User) -> list[Incubator]:
    """Those that the person's lists may name."""
    return list(scope.scope(Incubator.objects.order_by("code"), user))


def received(request: HttpRequest, user: User) -> Upload:
    """The upload that was sent, not saved yet. Raises Unusable, SheetError."""
    file = received_file(request)
    incubator = _incubator(request, user)
    name, data = Path(file.name or "").name, file.read()
    if len(name) > 200:
        raise Unusable(_("The name of the file is longer than 200 characters; shorten it."))
    proposal = propose(name, data, memory=remembered(user, incubator))
    return Upload(
        user=user,
        incubator=incubator,
        file_name=name,
        content=data,
        sheet=proposal["sheet"],
        row_count=proposal["row_count"],
        proposal=proposal,
    )


def _incubator(request: HttpRequest, user: User) -> Incubator | None:
    if user.is_registrar:
        return None
    offered = incubators_of(user)
    if len(offered) == 1:
        return offered[0]
    chosen = [incubator for incubator in offered if str(incubator.pk) == request.POST.get("incubator")]
    if not chosen:
        raise Unusable(_("Choose the incubator that the list is of."))
    return chosen[0]


def chosen_columns(sent: Mapping[str, Any], upload: Upload) -> dict[str, str]:
    """Letter -> key for every heading of the sheet. Raises Unusable."""
    letters = [heading["letter"] for heading in upload.proposal.get("headings", ())]
    keys = {letter: str(sent.get(f"column-{letter}", IGNORED)) for letter in letters}
    for key in keys.values():
        if key not in (*CHOICES, IGNORED):
            raise Unusable(_("“%s” is no column that can be read.") % key[:40])
    for key, times in Counter(keys.values()).items():
        if times > 1 and key != IGNORED:
            where = ", ".join(letter for letter in letters if keys[letter] == key)
            raise Unusable(
                _("The columns %(letters)s are all read as “%(key)s”; choose one of them.")
                % {"letters": where, "key": COLUMNS[key]}
            )
    if not IDENTIFYING.intersection(keys.values()) - {"certificate_number", "name_en"}:
        raise Unusable(_("Say which column holds the credit code or the name: without one no firm is found."))
    return keys


def corrections(sent: Mapping[str, Any], upload: Upload) -> dict[str, dict[str, str]]:
    """The corrections so far with those that were sent; what stands as it was shown is none. Raises Unusable."""
    kept: dict[str, dict[str, str]] = {number: dict(cells) for number, cells in upload.corrections.items()}
    typed = {found.groups(): str(text).strip() for name, text in sent.items() if (found := _FIX.fullmatch(name))}
    picked = {(found[1], "uscc"): str(code) for name, code in sent.items() if (found := _PICK.fullmatch(name)) and code}
    numbers = {int(number) for number, _key in (*typed, *picked)}
    shown = {str(row.number): row for row in upload.rows.filter(number__in=numbers)}
    for (number, key), text in (typed | picked).items():
        if number not in shown or key not in CHOICES:
            raise Unusable(_("Row %(row)s has no cell “%(key)s” to correct.") % {"row": number, "key": key})
        if len(text) > LONGEST_CORRECTION:
            raise Unusable(_("The correction of row %s is longer than 500 characters.") % number)
        before = next((problem["value"] for problem in shown[number].problems if problem["key"] == key), "")
        if text != before:
            kept.setdefault(number, {})[key] = text
    return kept


def reason(sent: Mapping[str, Any]) -> str:
    """Why; Unusable where nothing is said."""
    text = " ".join(str(sent.get("reason", "")).split())
    if not text or "\0" in text:
        raise Unusable(_("Say why, in a few words: the reason is kept with every change."))
    if len(text) > LONGEST_REASON:
        raise Unusable(_("The reason is longer than %d characters.") % LONGEST_REASON)
    return text

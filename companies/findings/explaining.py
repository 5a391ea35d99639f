"""Writes down why a finding stands as it is, for the value that the person saw."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from companies.findings.checks import CHECKS, SUBJECT
from companies.findings.questions import found_by
from companies.models import Company, Explanation, SoftRule
from registry import scope
from registry.admin import versions

if TYPE_CHECKING:
    from registry.models import User

SHORTEST, LONGEST = 4, 500


@dataclass(frozen=True)
class Said:
    """An explanation with who gave it and when, as far as its reader may know; empty for one without a change-set."""

    explanation: Explanation
    who: str
    when: datetime.datetime | None


class NotExplained(ValueError):
    """Nothing was written; the text is one sentence for the person."""


def row_to_explain(rule: SoftRule, pk: int, user: User, day: datetime.date) -> Any | None:
    """The finding about the row, where the person may write the row; else none."""
    rows = CHECKS[rule.kind].model._default_manager.filter(pk=pk)
    return found_by(rule, day, scope.scope(rows, user, write=True)).first()


def explain(rule: SoftRule, row: Any, given_for: str, text: str) -> Explanation:
    """Raises NotExplained for a text that says nothing, and where the fact is another than the person saw."""
    told = " ".join(text.replace("\0", "").split())
    if len(told) < SHORTEST:
        raise NotExplained(_("Say in a sentence why it stands as it is."))
    if len(told) > LONGEST:
        raise NotExplained(_("The explanation is longer than %d characters.") % LONGEST)
    if row.given_for != given_for:
        raise NotExplained(_("The fact has changed since you opened the page: look at it once more."))
    subject = {} if isinstance(row, Company) else {SUBJECT[type(row)]: row}
    company = row if isinstance(row, Company) else row.company
    made: Explanation = Explanation.objects.create(
        rule=rule, company=company, given_for=given_for, text=told, **subject
    )
    return made


def said_so_far(rule: SoftRule, company: Company, reader: User) -> list[Said]:
    """What was said of the rule's findings about the firm, the latest first."""
    given = scope.scope(Explanation.objects.filter(rule=rule, company=company), reader).order_by("-pk")
    makers = versions.told_of_making(Explanation, [one.pk for one in given], reader)
    return [Said(one, *makers.get(one.pk, ("", None))) for one in given]

"""What is found for a person: by rule, of one firm, and how much of it waits for an explanation."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, QuerySet, Subquery

from companies.findings.checks import CHECKS, about
from companies.findings.telling import tell
from companies.models import Certification, Company, CompanyName, Explanation, Residency, SoftRule
from companies.models.soft_checks import BadParameter, read
from incubators.models import Incubator
from registry import scope

if TYPE_CHECKING:
    from registry.scope import Person

COUNTED = 1_000
"""More findings of a rule than this are told as “more than”, and not listed: their rule or their data is wrong."""
WITH = {
    Residency: ("company", "incubator", "company__strategic_field"),
    Certification: ("company", "kind"),
    Company: (),
}


@dataclass(frozen=True)
class Finding:
    """One row that a rule finds. `explanation` is empty while it waits for one; `row` is the row itself."""

    rule: SoftRule
    row: Any
    company: Company
    name: str
    sentence: str
    given_for: str
    explanation: str


def rules_in_force(day: datetime.date) -> list[SoftRule]:
    """Those that can be asked; of the others, `unreadable_rules` says why not."""
    return [rule for rule in SoftRule.objects.on(day).order_by("code") if not _trouble(rule)]


def unreadable_rules(day: datetime.date) -> list[tuple[SoftRule, str]]:
    """Rules written past the form, whose parameters say nothing to their check."""
    return [(rule, trouble) for rule in SoftRule.objects.on(day).order_by("code") if (trouble := _trouble(rule))]


def _trouble(rule: SoftRule) -> str:
    try:
        read(rule.kind, rule.parameters)
    except BadParameter as error:
        return str(error)
    return ""


def found_by(rule: SoftRule, day: datetime.date, among: QuerySet[Any] | None = None) -> QuerySet[Any]:
    """Every row that the rule finds, with `given_for` and `explanation_id`; nobody's scope is asked."""
    check = CHECKS[rule.kind]
    rows = check.model._default_manager.all() if among is None else among
    found = check.find(rows, read(rule.kind, rule.parameters), day)
    given = Explanation.objects.filter(rule=rule, given_for=OuterRef("given_for"), **about(check.model))
    rows_found: QuerySet[Any] = found.annotate(explanation_id=Subquery(given.order_by("-pk").values("pk")[:1]))
    return rows_found


def findings(rule: SoftRule, user: Person, day: datetime.date, *, open_only: bool = False) -> QuerySet[Any]:
    """Those of the rows that the person may still mend, or read who mends none."""
    model = CHECKS[rule.kind].model
    found = scope.scope(found_by(rule, day), user, write=scope.may_write(user, model))
    return found.filter(explanation_id=None) if open_only else found


def open_by_rule(user: Person, day: datetime.date) -> list[tuple[SoftRule, int, QuerySet[Any]]]:
    """Each rule in force with the number of what it finds unexplained, at most COUNTED + 1, and the rows."""
    asked = [(rule, findings(rule, user, day, open_only=True)) for rule in rules_in_force(day)]
    return [(rule, rows.order_by()[: COUNTED + 1].count(), rows) for rule, rows in asked]


def open_findings(user: Person, day: datetime.date) -> list[tuple[SoftRule, int, QuerySet[Any]]]:
    """Of the rules those that find something unexplained."""
    return [(rule, count, rows) for rule, count, rows in open_by_rule(user, day) if count]


def findings_of(company: Company, user: Person, day: datetime.date) -> list[Finding]:
    """All that the rules in force find of the firm, explained or not, in rows that the person sees."""
    told: list[Finding] = []
    for rule in rules_in_force(day):
        model = CHECKS[rule.kind].model
        of_firm = {"pk" if model is Company else "company": company.pk}
        rows = scope.scope(model._default_manager.filter(**of_firm), user)
        told += told_of(rule, found_by(rule, day, rows), day)
    return told


def told_of(rule: SoftRule, rows: QuerySet[Any], day: datetime.date) -> list[Finding]:
    """The rows as sentences with their firms' present names and their explanations; three queries."""
    listed = list(rows.select_related(*WITH[rows.model]).order_by("pk"))
    firms = {row.pk if rows.model is Company else row.company_id for row in listed}
    names = dict(CompanyName.objects.on(day).filter(company__in=firms).values_list("company_id", "name_zh"))
    given = Explanation.objects.in_bulk([row.explanation_id for row in listed if row.explanation_id])
    parameters = read(rule.kind, rule.parameters)
    return [
        Finding(
            rule,
            row,
            company := row if rows.model is Company else row.company,
            names.get(company.pk, ""),
            tell(rule.kind, row, parameters),
            row.given_for,
            given[row.explanation_id].text if row.explanation_id else "",
        )
        for row in listed
    ]


def sentences_by_firm(
    companies: Iterable[int], day: datetime.date, incubator: Incubator | None = None
) -> dict[int, list[str]]:
    """Id of a firm -> what the rules find of it and nobody explained; with an incubator, in that one's rows alone."""
    keys = list(companies)
    told: dict[int, list[str]] = {}
    for rule in rules_in_force(day):
        model = CHECKS[rule.kind].model
        among = model._default_manager.filter(**{"pk__in" if model is Company else "company__in": keys})
        if incubator is not None:
            among = scope.rows_of(among, frozenset({incubator.pk}))
        for finding in told_of(rule, found_by(rule, day, among).filter(explanation_id=None), day):
            told.setdefault(finding.company.pk, []).append(finding.sentence)
    return told

"""Short lives of firms for the tests of the ledger, and what the ledger says of them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from companies.models import Certification, CertificationKind, Company, Residency, Seat, UniversityLink
from incubators.models import Incubator
from registry.credit_code import complete
from registry.models import District, ReportingUnit, University
from tests.samples import NUMBERS

SHAPINGBA, YUZHONG, YUBEI, LIANGJIANG = "500106", "500103", "500112", "500157"
Turn = tuple[str, int, str]
"""Day, delta, reason."""


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def perhaps(text: str | None) -> datetime.date | None:
    return day(text) if text else None


def rows(statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall()) if cursor.description else []


def seal() -> None:
    """What the commit would do now; the transaction goes on."""
    rows("SET CONSTRAINTS ALL IMMEDIATE")
    rows("SET CONSTRAINTS ALL DEFERRED")


@dataclass(frozen=True)
class Life:
    """Days are texts, periods half-open. A certificate: issued, until, revoked from, technology field's place.
    A stay: place of the incubator, entered, left, outcome."""

    seats: tuple[tuple[str | None, str, str | None], ...] = ((SHAPINGBA, "2015-01-01", None),)
    certificates: tuple[tuple[Any, ...], ...] = ()
    stays: tuple[tuple[int, str, str | None, str], ...] = ()
    links: tuple[tuple[str, str | None], ...] = ()
    established: str | None = "2015-01-01"
    dissolved: str | None = None
    head: str = "91500106"
    values: dict[str, Any] = field(default_factory=dict)


def district(code: str, on: str) -> District:
    found: District = District.objects.on(day(on)).get(code=code)
    return found


def unit(code: str | None, on: str) -> ReportingUnit | None:
    found: ReportingUnit | None = ReportingUnit.objects.on(day(on)).filter(district__code=code).first()
    return found


def live(life: Life) -> Company:
    """The firm with all its facts, written as the admin would."""
    company = Company(
        uscc=complete(life.head, f"L{next(NUMBERS):07d}"),
        established_on=perhaps(life.established),
        dissolved_on=perhaps(life.dissolved),
        **life.values,
    )
    company.full_clean()
    company.save()
    for code, valid_from, valid_until in life.seats:
        settle(company, code, valid_from, valid_until)
    for certificate in life.certificates:
        certify(company, *certificate)
    for place, entered, left, outcome in life.stays:
        stay(company, place, entered, left, outcome)
    university = University.objects.earliest("code")
    for valid_from, valid_until in life.links:
        UniversityLink.objects.create(
            company=company, university=university, basis="licence", valid_from=valid_from, valid_until=valid_until
        )
    return company


def settle(company: Company, code: str | None, valid_from: str, valid_until: str | None = None) -> Seat:
    return Seat.objects.create(
        company=company,
        district=district(code, valid_from) if code else None,
        reporting_unit=unit(code, valid_from),
        valid_from=day(valid_from),
        valid_until=perhaps(valid_until),
    )


def certify(
    company: Company,
    issued: str,
    until: str | None = None,
    revoked_from: str | None = None,
    technology: int | None = None,
) -> Certification:
    row = Certification(
        company=company,
        kind=CertificationKind.objects.get(code="high_tech"),
        issued_on=day(issued),
        valid_until=perhaps(until),
        revoked_from=perhaps(revoked_from),
        revoked_on=perhaps(revoked_from),
        technology_field_id=technology,
    )
    row.full_clean()
    row.save()
    return row


def stay(company: Company, place: int, entered: str, left: str | None = None, outcome: str = "") -> Residency:
    incubator = Incubator.objects.order_by("code")[place]
    created: Residency = Residency.objects.create(
        company=company, incubator=incubator, entered_on=entered, left_on=left, outcome=outcome
    )
    return created


def turns(company: Company, metric: str) -> list[Turn]:
    """What the ledger says of the firm, corrections taken together, in the order of the days; leaving comes first."""
    found = rows(
        "SELECT day, sum(delta), reason FROM ledger.entry WHERE company_id = %s AND metric = %s"
        " GROUP BY day, reason, district_id, reporting_unit_id, hub_id, strategic_field_id, technology_field_id,"
        " incubator_id HAVING sum(delta) <> 0 ORDER BY day, sum(delta)",
        company.pk,
        metric,
    )
    return [(found_day.isoformat(), int(delta), reason) for found_day, delta, reason in found]

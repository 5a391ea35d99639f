"""Firms as a file that can be corrected and uploaded again; uploaded as it is, it changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, QuerySet

from companies.models import Certification, CompanyName, Residency, Seat
from companies.uploads.files import EXPORTED, workbook_of
from incubators.models import Incubator
from registry import scope
from registry.days import last_included, today
from registry.models import User
from registry.sheets.grid import CellValue

MOST_FIRMS = 5_000


def firms_for_correction(companies: QuerySet[Any], user: User) -> bytes:
    """One row for each firm: its present name, seat and stay, as far as the person sees it, and the certificate that
    ends last."""
    return workbook_of(EXPORTED, _rows(companies, user))


def _rows(companies: QuerySet[Any], user: User) -> Iterator[list[CellValue]]:
    day = today()
    stays = scope.scope(Residency.objects.filter(left_on=None), user).select_related("incubator")
    facts = (
        Prefetch("names", CompanyName.objects.on(day), "names_today"),
        Prefetch("seats", Seat.objects.on(day).select_related("district", "reporting_unit"), "seats_today"),
        Prefetch("residencies", stays, "open_stays"),
        Prefetch(
            "certifications",
            Certification.objects.select_related("kind", "technology_field").order_by("-issued_on", "-pk"),
            "latest_first",
        ),
    )
    spellings = _spellings()
    found = companies.select_related("industry", "strategic_field").prefetch_related(*facts)
    for company in found.order_by("pk").iterator(chunk_size=500):
        values = _values(company, spellings)
        yield [values.get(key) for key in EXPORTED]


def _values(company: Any, spellings: Mapping[int, str]) -> dict[str, CellValue]:
    values: dict[str, CellValue] = {
        "uscc": company.uscc,
        "established_on": company.established_on,
        "registered_capital": _plain(company.registered_capital),
        "industry": _name(company.industry),
        "strategic_field": _name(company.strategic_field),
    }
    for name in company.names_today[:1]:
        values["name"] = name.name_zh
    for seat in company.seats_today[:1]:
        values |= {"district": _name(seat.district), "reporting_unit": _name(seat.reporting_unit)}
        values["address"] = seat.address
    for stay in company.open_stays[:1]:
        values |= {"incubator": spellings[stay.incubator_id], "entered_on": stay.entered_on}
    for certificate in company.latest_first[:1]:
        values |= {
            "certification_kind": certificate.kind.name_zh,
            "certificate_number": certificate.number,
            "issued_on": certificate.issued_on,
            "valid_until": last_included(certificate.valid_until) if certificate.valid_until else None,
            "technology_field": _name(certificate.technology_field),
        }
    return values


def _spellings() -> dict[int, str]:
    """Id of an incubator -> its name, or its code where another bears the same name."""
    found = list(Incubator.objects.values_list("pk", "code", "name_zh"))
    times = Counter(name for _pk, _code, name in found)
    return {pk: name if times[name] == 1 else code for pk, code, name in found}


def _name(entry: Any) -> str | None:
    return entry.name_zh if entry else None


def _plain(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount.normalize():f}"

"""Twenty-five firms written by hand, each with the spans in which it counts as a high-tech firm, and where.

The spans are worked out on paper from the facts, never by the code under test. Spans are half-open.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from companies.models import Certification, CertificationKind, Company, CompanyName, Seat
from registry.credit_code import complete
from registry.models import District

SHAPINGBA, YUZHONG, JIULONGPO, BEIBEI = "500106", "500103", "500107", "500109"
YUBEI, LIANGJIANG = "500112", "500157"
UNKNOWN = "unknown"
ALWAYS = ("2015-01-01", None)

Period = tuple[str, str | None]


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def perhaps(text: str | None) -> datetime.date | None:
    return day(text) if text else None


@dataclass(frozen=True)
class Certificate:
    issued: str
    until: str | None
    """None: filled by the rule of the kind."""
    revoked_from: str | None = None
    revoked_on: str | None = None
    kind: str = "high_tech"


@dataclass(frozen=True)
class Firm:
    name: str
    seats: tuple[tuple[str | None, str, str | None], ...]
    certificates: tuple[Certificate, ...]
    counts: tuple[tuple[str, str, str], ...]
    """(district, from, until), by hand."""
    dissolved: str | None = None
    renamed: tuple[str, str] | None = None
    is_published: bool = True
    head: str = "91500106"
    established: str = "2014-05-05"
    extra: dict[str, str] = field(default_factory=dict)


def seat(district: str | None, period: Period = ALWAYS) -> tuple[str | None, str, str | None]:
    return (district, *period)


C = Certificate
TABLE = (
    Firm("A plain", (seat(SHAPINGBA),), (C("2020-10-16", "2023-10-16"),), ((SHAPINGBA, "2020-10-16", "2023-10-16"),)),
    Firm(
        "B renewed early",
        (seat(SHAPINGBA),),
        (C("2020-11-25", "2023-11-25"), C("2023-10-16", "2026-10-16")),
        ((SHAPINGBA, "2020-11-25", "2026-10-16"),),
    ),
    Firm(
        "C renewed late",
        (seat(YUZHONG),),
        (C("2019-11-21", "2022-11-21"), C("2022-12-05", "2025-12-05")),
        ((YUZHONG, "2019-11-21", "2022-11-21"), (YUZHONG, "2022-12-05", "2025-12-05")),
    ),
    Firm(
        "D renewed to the day",
        (seat(JIULONGPO),),
        (C("2018-12-01", "2021-12-01"), C("2021-12-01", "2024-12-01")),
        ((JIULONGPO, "2018-12-01", "2024-12-01"),),
    ),
    Firm(
        "E three overlapping",
        (seat(JIULONGPO),),
        (C("2020-01-01", "2023-01-01"), C("2021-01-01", "2024-01-01"), C("2022-01-01", "2025-01-01")),
        ((JIULONGPO, "2020-01-01", "2025-01-01"),),
    ),
    Firm(
        "F revoked back",
        (seat(SHAPINGBA),),
        (C("2021-10-18", "2024-10-18", "2022-01-01", "2023-06-30"),),
        ((SHAPINGBA, "2021-10-18", "2022-01-01"),),
    ),
    Firm(
        "G revoked before issue",
        (seat(SHAPINGBA),),
        (C("2022-10-12", "2025-10-12", "2022-01-01", "2024-02-02"),),
        (),
    ),
    Firm(
        "H one of two revoked",
        (seat(BEIBEI),),
        (C("2020-10-09", "2023-10-09", "2023-01-01", "2023-09-01"), C("2023-08-15", "2026-08-15")),
        ((BEIBEI, "2020-10-09", "2023-01-01"), (BEIBEI, "2023-08-15", "2026-08-15")),
    ),
    Firm(
        "I moved within",
        (seat(SHAPINGBA, ("2015-01-01", "2022-07-01")), seat(JIULONGPO, ("2022-07-01", None))),
        (C("2021-11-12", "2024-11-12"),),
        ((SHAPINGBA, "2021-11-12", "2022-07-01"), (JIULONGPO, "2022-07-01", "2024-11-12")),
    ),
    Firm(
        "J moved in",
        (seat(YUZHONG, ("2023-03-15", None)),),
        (C("2022-11-02", "2025-11-02"),),
        ((YUZHONG, "2023-03-15", "2025-11-02"),),
    ),
    Firm(
        "K moved out",
        (seat(YUZHONG, ("2015-01-01", "2023-05-20")),),
        (C("2021-12-16", "2024-12-16"),),
        ((YUZHONG, "2021-12-16", "2023-05-20"),),
    ),
    Firm(
        "L moved out and back",
        (seat(BEIBEI, ("2016-01-01", "2022-01-10")), seat(BEIBEI, ("2023-09-01", None))),
        (C("2021-09-16", "2024-09-16"),),
        ((BEIBEI, "2021-09-16", "2022-01-10"), (BEIBEI, "2023-09-01", "2024-09-16")),
    ),
    Firm(
        "M renamed",
        (seat(YUZHONG),),
        (C("2020-12-10", "2023-12-10"),),
        ((YUZHONG, "2020-12-10", "2023-12-10"),),
        renamed=("M renamed anew", "2022-06-01"),
    ),
    Firm(
        "N dissolved",
        (seat(SHAPINGBA),),
        (C("2020-10-09", "2023-10-09"),),
        ((SHAPINGBA, "2020-10-09", "2022-08-31"),),
        dissolved="2022-08-31",
    ),
    Firm("O leap day", (seat(SHAPINGBA),), (C("2024-02-29", None),), ((SHAPINGBA, "2024-02-29", "2027-03-01"),)),
    Firm("P day before", (seat(SHAPINGBA),), (C("2024-02-28", None),), ((SHAPINGBA, "2024-02-28", "2027-02-28"),)),
    Firm(
        "Q boundary change",
        (seat(YUBEI, ("2017-01-01", "2025-11-06")), seat(LIANGJIANG, ("2025-11-06", None))),
        (C("2024-11-20", "2027-11-20"),),
        ((YUBEI, "2024-11-20", "2025-11-06"), (LIANGJIANG, "2025-11-06", "2027-11-20")),
    ),
    Firm("R technology SME", (seat(YUZHONG),), (C("2024-06-01", None, kind="technology_sme"),), ()),
    Firm("S never certified", (seat(YUZHONG),), (), ()),
    Firm("T seated too late", (seat(SHAPINGBA, ("2024-01-01", None)),), (C("2020-05-05", "2023-05-05"),), ()),
    Firm(
        "U district unknown", (seat(None),), (C("2022-10-12", "2025-10-12"),), ((UNKNOWN, "2022-10-12", "2025-10-12"),)
    ),
    Firm("V for one day", (seat(BEIBEI),), (C("2023-01-10", "2023-01-11"),), ((BEIBEI, "2023-01-10", "2023-01-11"),)),
    Firm("W unpublished", (seat(BEIBEI),), (C("2022-10-12", "2025-10-12"),), (), is_published=False),
    Firm("X sole trader", (seat(BEIBEI),), (C("2022-10-12", "2025-10-12"),), (), head="92500106"),
    Firm("Y dissolved that day", (seat(BEIBEI),), (C("2023-10-16", "2026-10-16"),), (), dissolved="2023-10-16"),
)

# Counted on paper from the spans above: (day, city, by district).
BY_HAND: tuple[tuple[str, int, dict[str, int]], ...] = (
    ("2018-11-30", 0, {}),
    ("2019-12-31", 2, {YUZHONG: 1, JIULONGPO: 1}),
    ("2020-12-31", 8, {SHAPINGBA: 3, YUZHONG: 2, JIULONGPO: 2, BEIBEI: 1}),
    ("2021-12-31", 12, {SHAPINGBA: 5, YUZHONG: 3, JIULONGPO: 2, BEIBEI: 2}),
    ("2022-12-31", 10, {SHAPINGBA: 2, YUZHONG: 3, JIULONGPO: 3, BEIBEI: 1, UNKNOWN: 1}),
    ("2023-12-31", 9, {SHAPINGBA: 1, YUZHONG: 2, JIULONGPO: 3, BEIBEI: 2, UNKNOWN: 1}),
    ("2025-11-05", 6, {SHAPINGBA: 3, YUZHONG: 1, BEIBEI: 1, YUBEI: 1}),
    ("2025-11-06", 6, {SHAPINGBA: 3, YUZHONG: 1, BEIBEI: 1, LIANGJIANG: 1}),
    ("2027-02-28", 2, {SHAPINGBA: 1, LIANGJIANG: 1}),
    ("2027-11-20", 0, {}),
)


def load() -> dict[str, Company]:
    """The table in the database; the firms by name."""
    return {firm.name: _create(firm, number) for number, firm in enumerate(TABLE)}


def _create(firm: Firm, number: int) -> Company:
    company = Company(
        uscc=complete(firm.head, f"TAB{number:05d}"),
        established_on=day(firm.established),
        dissolved_on=perhaps(firm.dissolved),
        is_published=firm.is_published,
    )
    company.full_clean()
    company.save()
    _name(company, firm)
    for district, valid_from, valid_until in firm.seats:
        row = District.objects.on(day(valid_from)).get(code=district) if district else None
        Seat.objects.create(company=company, district=row, valid_from=day(valid_from), valid_until=perhaps(valid_until))
    for certificate in firm.certificates:
        add_certificate(company, certificate)
    return company


def _name(company: Company, firm: Firm) -> None:
    until = firm.renamed[1] if firm.renamed else None
    CompanyName.objects.create(company=company, name_zh=firm.name, valid_from="2014-05-05", valid_until=until)
    if firm.renamed:
        CompanyName.objects.create(company=company, name_zh=firm.renamed[0], valid_from=firm.renamed[1])


def add_certificate(company: Company, certificate: Certificate) -> Certification:
    kind = CertificationKind.objects.get(code=certificate.kind)
    row = Certification(
        company=company,
        kind=kind,
        issued_on=day(certificate.issued),
        valid_until=perhaps(certificate.until),
        revoked_from=perhaps(certificate.revoked_from),
        revoked_on=perhaps(certificate.revoked_on),
    )
    row.full_clean()
    row.save()
    return row

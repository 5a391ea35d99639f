"""Eight firms with facts chosen by hand, for 2026-03-31: each filter keeps some of them by name and drops others."""

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from companies import models as companies
from incubators import models as incubators
from registry import models as registry
from tests.samples import saved, uscc

ON = "2026-03-31"
FIRMS = ("alder", "birch", "cedar", "dogwood", "elm", "fir", "gum", "hazel")
CODES = {name: uscc(7_000_001 + place) for place, name in enumerate(FIRMS)}
FAR_FROM_CAMPUSES = (Decimal("29.00000"), Decimal("107.80000"))
FAR_IN_THE_NORTH = (Decimal("31.90000"), Decimal("109.00000"))
BEIBEI = "4150010635"  # the university beside whose campus gum sits
CAMPUS = (Decimal("29.10000"), Decimal("109.20000"))
Values = dict[str, Any]


def day(text: str | None) -> datetime.date | None:
    return None if text is None else datetime.date.fromisoformat(text)


def one(model: type[Any], code: str | None) -> Any:
    return None if code is None else model.objects.get(code=code)


def make_cast() -> None:
    make_places()
    make_hosts()
    firms = make_firms()
    make_seats(firms)
    for name, firm in firms.items():
        for make in (make_certificates, make_stays, make_links, make_financings):
            make(name, firm)
    for name, moment in (("alder", "2026-02-01T00:00:00+00:00"), ("birch", "2026-01-01T00:00:00+00:00")):
        updated_at = datetime.datetime.fromisoformat(moment)
        companies.CompanyChange.objects.create(company=firms[name], updated_at=updated_at)


def make_places() -> None:
    first = saved(registry.CorridorNode, code="cast-first")
    second = saved(registry.CorridorNode, code="cast-second")
    area = registry.CorridorArea
    saved(area, node=first, district=one(registry.District, "500106"), valid_from=day("2020-01-01"))
    saved(area, node=first, district=one(registry.District, "500107"), valid_until=day("2024-01-01"))
    saved(area, node=second, district=one(registry.District, "500101"))
    latitude, longitude = CAMPUS
    saved(registry.Campus, university=one(registry.University, BEIBEI), latitude=latitude, longitude=longitude)


HOSTS: dict[str, Values] = {
    "cast-a": {"kind": "incubator", "district": "500106", "unit": "cq_hightech_zone", "university": "4150010611"},
    "cast-b": {"kind": "maker_space", "district": "500101", "unit": "500101", "university": None},
    "cast-c": {"kind": "park", "district": None, "unit": None, "university": None},
    "cast-closed": {"kind": "park", "district": None, "unit": None, "university": None, "until": "2026-01-01"},
}


def make_hosts() -> None:
    for code, told in HOSTS.items():
        host = saved(
            incubators.Incubator,
            code=code,
            kind=one(incubators.IncubatorKind, told["kind"]),
            university=one(registry.University, told["university"]),
            valid_until=day(told.get("until")),
        )
        district, unit = one(registry.District, told["district"]), one(registry.ReportingUnit, told["unit"])
        moved_on = day("2022-01-01")
        saved(incubators.IncubatorSeat, incubator=host, district=district, reporting_unit=unit, valid_from=moved_on)
        elsewhere = one(registry.District, "500102")
        saved(incubators.IncubatorSeat, incubator=host, district=elsewhere, valid_from=None, valid_until=moved_on)
    for code, level, until in (("cast-a", "municipal", None), ("cast-b", "national", "2024-01-01")):
        saved(
            incubators.Designation,
            incubator=one(incubators.Incubator, code),
            level=one(incubators.IncubatorLevel, level),
            valid_from=day("2020-01-01"),
            valid_until=day(until),
        )


# Name of the firm: hub, strategic field, established, dissolved.
ABOUT: dict[str, tuple[str | None, str | None, str | None, str | None]] = {
    "alder": ("H1", "F01", "2015-05-01", None),
    "birch": ("H2", "F07", "2020-01-01", None),
    "cedar": (None, None, None, None),
    "dogwood": (None, None, "2018-01-01", None),
    "elm": (None, None, "2018-01-01", None),
    "fir": (None, None, "2021-02-28", None),
    "gum": (None, None, "2019-12-31", None),
    "hazel": (None, None, "2018-01-01", "2026-01-01"),
}


def make_firms() -> dict[str, Any]:
    firms = {}
    industry = saved(registry.Industry, code="cast-industry")
    for name, (hub, field, established_on, dissolved_on) in ABOUT.items():
        firms[name] = saved(
            companies.Company,
            uscc=CODES[name],
            hub=one(registry.Hub, hub),
            strategic_field=one(registry.StrategicField, field),
            industry=industry if name in ("alder", "cedar") else None,
            established_on=day(established_on),
            dissolved_on=day(dissolved_on),
        )
        saved(
            companies.CompanyName, company=firms[name], name_zh=f"重庆{name}科技有限公司", valid_from=day("2015-01-01")
        )
    return firms


# Name of the firm: district, reporting unit, position, until. Dogwood has no seat.
SEATS: dict[str, tuple[str | None, str | None, tuple[Decimal, Decimal] | None, str | None]] = {
    "alder": ("500106", "cq_hightech_zone", FAR_FROM_CAMPUSES, None),
    "birch": ("500107", "500107", FAR_IN_THE_NORTH, None),
    "cedar": (None, None, None, None),
    "elm": ("500101", "500101", None, "2026-01-01"),
    "fir": ("500101", "500101", None, None),
    "gum": ("500109", "500109", CAMPUS, None),
    "hazel": ("500101", "500101", None, None),
}


def make_seats(firms: dict[str, Any]) -> None:
    for name, (district, unit, position, until) in SEATS.items():
        latitude, longitude = position or (None, None)
        saved(
            companies.Seat,
            company=firms[name],
            district=one(registry.District, district),
            reporting_unit=one(registry.ReportingUnit, unit),
            latitude=latitude,
            longitude=longitude,
            valid_from=day("2015-05-01"),
            valid_until=day(until),
        )


# Number of the certificate: kind, technology field, issued, until, revoked from and on.
CERTIFICATES: dict[str, tuple[str, str | None, str, str, str | None, str | None]] = {
    "alder-ht": ("high_tech", "1", "2024-05-01", "2027-05-01", None, None),
    "birch-old": ("high_tech", "2", "2021-01-01", "2024-01-01", None, None),
    "birch-sme": ("technology_sme", None, "2025-06-01", "2026-05-15", None, None),
    "fir-ht": ("high_tech", "2", "2023-05-01", "2026-05-01", None, None),
    "fir-sme": ("technology_sme", "1", "2026-01-01", "2026-12-31", None, None),
    "elm-revoked": ("high_tech", "1", "2024-01-01", "2027-01-01", "2025-01-01", "2025-06-01"),
    "dogwood-ht": ("high_tech", "3", "2024-01-01", "2027-01-01", None, None),
    "cedar-later": ("innovative_sme", None, "2026-06-01", "2029-06-01", None, None),
}


def make_certificates(name: str, firm: Any) -> None:
    for number, (kind, field, issued, until, revoked_from, revoked_on) in CERTIFICATES.items():
        if number.startswith(name):
            saved(
                companies.Certification,
                company=firm,
                number=number,
                kind=one(companies.CertificationKind, kind),
                technology_field=one(registry.TechnologyField, field),
                issued_on=day(issued),
                valid_until=day(until),
                revoked_from=day(revoked_from),
                revoked_on=day(revoked_on),
            )


# Name of the firm: incubator, entered, left, outcome, ground.
STAYS: dict[str, tuple[str, str, str | None, str, str]] = {
    "alder": ("cast-a", "2024-03-01", None, "", ""),
    "birch": ("cast-b", "2023-01-01", "2025-05-01", "graduated", "revenue"),
    "elm": ("cast-b", "2024-01-01", "2024-06-01", "closed", ""),
    "fir": ("cast-a", "2022-01-01", "2023-01-01", "left", ""),
    "gum": ("cast-b", "2025-06-01", None, "", ""),
}


def make_stays(name: str, firm: Any) -> None:
    if name in STAYS:
        host, entered, left, outcome, ground = STAYS[name]
        saved(
            companies.Residency,
            company=firm,
            incubator=one(incubators.Incubator, host),
            entered_on=day(entered),
            left_on=day(left),
            outcome=outcome,
            ground=ground,
        )


# Firm, university, basis, until.
LINKS = (
    ("alder", "4150010611", "spin_off", None),
    ("birch", "4150010617", "science_park", "2022-01-01"),
    ("cedar", "4150010611", "licence", None),
    ("cedar", BEIBEI, "spin_off", None),
)


def make_links(name: str, firm: Any) -> None:
    for linked, code, basis, until in LINKS:
        if linked == name:
            university = one(registry.University, code)
            saved(companies.UniversityLink, company=firm, university=university, basis=basis, valid_until=day(until))


# Firm, instrument, agreed, confidentiality, amount, pilot zone, party.
FINANCINGS = (
    ("alder", "KVL", "2025-01-10", "published", "100", "cq_tech_finance_pilot", "cast-bank"),
    ("birch", "KVL", "2025-01-10", "confidential", "200", None, "cast-bank"),
    ("cedar", "BVL", "2024-01-10", "published", "300", None, "cast-fund"),
    ("fir", "KVL", "2026-12-01", "published", "400", None, "cast-fund"),
    ("gum", "BVL", "2025-01-10", "partners", "500", None, "cast-fund"),
)


def make_financings(name: str, firm: Any) -> None:
    for financed, instrument, agreed, confidentiality, amount, zone, party in FINANCINGS:
        if financed == name:
            financing = saved(
                companies.Financing,
                company=firm,
                instrument=one(companies.FinancingInstrument, instrument),
                agreed_on=day(agreed),
                agreed_amount=Decimal(amount),
                confidentiality=confidentiality,
                pilot_zone=one(companies.PilotZone, zone),
            )
            partner = registry.Partner.objects.filter(code=party).first() or saved(registry.Partner, code=party)
            saved(companies.FinancingParty, financing=financing, partner=partner)


def make_universities() -> None:
    """Some of their own: of each level, public and private, with a campus in a district of each fate, one closed."""
    saved(registry.University, code="cast-closed", level="bachelor", valid_until=day("2020-01-01"))
    for code, level, is_private, district in (
        ("cast-u1", "bachelor", True, "500106"),
        ("cast-u2", "junior_college", False, "500101"),
        ("cast-u3", "bachelor", False, "500112"),
    ):
        university = saved(registry.University, code=code, level=level, is_private=is_private)
        saved(registry.Campus, university=university, district=one(registry.District, district))
        if code != "cast-u2":
            until = "2020-01-01" if code == "cast-u3" else None
            saved(registry.Circle, university=university, valid_until=day(until))


def make_tables() -> None:
    """Two quarters of different years, with one cell each."""
    for year, quarter, ended_on in ((2024, 4, "2025-01-01"), (2025, 1, "2025-04-01")):
        table = saved(companies.FinancingTable, year=year, quarter=quarter, ended_on=day(ended_on))
        saved(companies.FinancingTableCell, table=table)


MAKERS: dict[str, Callable[[], None]] = {
    "universities/": make_universities,
    "targets/": lambda: None,
    "statistics/financing-tables/": make_tables,
}

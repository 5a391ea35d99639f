"""FastAPI with pydantic models over SQLAlchemy's ORM; relations by `selectinload`. No authentication, no count."""

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import FastAPI
from pydantic import BaseModel
from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload
from sqlalchemy.sql.elements import ColumnElement

from benchmarks import requests
from benchmarks.contenders.sqlalchemy_tables import (
    ENGINE,
    Certificate,
    District,
    Firm,
    Link,
    Name,
    Residency,
    Seat,
)

HERE = ZoneInfo("Asia/Shanghai")


class Coded(BaseModel):
    code: str
    name: str


class NameOut(BaseModel):
    name_zh: str
    name_en: str
    valid_from: datetime.date
    valid_until: datetime.date | None


class LinkOut(BaseModel):
    code: str
    name: str
    basis: str
    circle_site: str | None


class CertificateOut(BaseModel):
    id: int
    kind: Coded
    number: str
    technology_field: Coded | None
    issued_on: datetime.date
    valid_until: datetime.date | None
    revoked_from: datetime.date | None
    state: str


class FirmOut(BaseModel):
    id: int
    uscc: str
    name: str | None
    names: list[NameOut]
    district: Coded | None
    zone: Coded | None
    reporting_unit: Coded | None
    address: str | None
    latitude: Decimal | None
    longitude: Decimal | None
    hub: Coded | None
    strategic_field: Coded | None
    industry: Coded | None
    incubator: Coded | None
    universities: list[LinkOut]
    certifications: list[CertificateOut]
    established_on: datetime.date | None
    dissolved_on: datetime.date | None
    successor: str | None
    registered_capital: Decimal | None
    website: str
    is_invented: bool
    updated_at: datetime.datetime | None
    version: int


class Page(BaseModel):
    data: list[FirmOut]


def held(model: Any, day: datetime.date, start: str = "valid_from", end: str = "valid_until") -> ColumnElement[bool]:
    begins, ends = getattr(model, start), getattr(model, end)
    return and_(or_(begins.is_(None), begins <= day), or_(ends.is_(None), ends > day))


def question(day: datetime.date) -> Any:
    name, seat = aliased(Name), aliased(Seat)
    return (
        select(Firm)
        .outerjoin(name, and_(name.company_id == Firm.id, held(name, day)))
        .where(Firm.is_published, ~Firm.uscc.startswith("92"))
        .where(or_(Firm.established_on.is_(None), Firm.established_on <= day))
        .where(or_(Firm.dissolved_on.is_(None), Firm.dissolved_on > day))
        .where(exists().where(seat.company_id == Firm.id, held(seat, day)))
        .order_by(name.pinyin.asc().nulls_last(), Firm.id)
        .limit(100)
        .options(
            selectinload(Firm.hub),
            selectinload(Firm.strategic_field),
            selectinload(Firm.industry),
            selectinload(Firm.successor),
            selectinload(Firm.change),
            selectinload(Firm.names),
            selectinload(Firm.seats.and_(held(Seat, day))).options(
                joinedload(Seat.district).joinedload(District.zone), joinedload(Seat.unit)
            ),
            selectinload(Firm.residencies.and_(held(Residency, day, "entered_on", "left_on"))).joinedload(
                Residency.incubator
            ),
            selectinload(Firm.links.and_(held(Link, day))).options(
                joinedload(Link.university), joinedload(Link.circle_site)
            ),
            selectinload(Firm.certificates.and_(Certificate.issued_on <= day)).options(
                joinedload(Certificate.kind), joinedload(Certificate.technology_field)
            ),
        )
    )


def coded(row: Any) -> Coded | None:
    return None if row is None else Coded(code=row.code, name=row.name_zh)


def state(certificate: Any, day: datetime.date) -> str:
    if certificate.revoked_from and certificate.revoked_from <= day:
        return "revoked"
    return "expired" if certificate.valid_until and certificate.valid_until <= day else "valid"


def firm_out(firm: Any, day: datetime.date) -> FirmOut:
    seat = firm.seats[0] if firm.seats else None
    district = seat and seat.district
    successor = firm.successor
    shown = successor and successor.is_published and not successor.uscc.startswith("92")
    return FirmOut(
        id=firm.id,
        uscc=firm.uscc,
        name=next((n.name_zh for n in firm.names if n.valid_from <= day < (n.valid_until or datetime.date.max)), None),
        names=[
            NameOut(name_zh=n.name_zh, name_en=n.name_en, valid_from=n.valid_from, valid_until=n.valid_until)
            for n in firm.names
        ],
        district=coded(district),
        zone=coded(district and district.zone),
        reporting_unit=coded(seat and seat.unit),
        address=seat and seat.address,
        latitude=seat and seat.latitude,
        longitude=seat and seat.longitude,
        hub=coded(firm.hub),
        strategic_field=coded(firm.strategic_field),
        industry=coded(firm.industry),
        incubator=coded(firm.residencies[0].incubator if firm.residencies else None),
        universities=[
            LinkOut(
                code=link.university.code,
                name=link.university.name_zh,
                basis=link.basis,
                circle_site=link.circle_site and link.circle_site.name_zh,
            )
            for link in firm.links
        ],
        certifications=[
            CertificateOut(
                id=c.id,
                kind=Coded(code=c.kind.code, name=c.kind.name_zh),
                number=c.number,
                technology_field=coded(c.technology_field),
                issued_on=c.issued_on,
                valid_until=c.valid_until,
                revoked_from=c.revoked_from,
                state=state(c, day),
            )
            for c in firm.certificates
        ],
        established_on=firm.established_on,
        dissolved_on=firm.dissolved_on,
        successor=successor.uscc if shown else None,
        registered_capital=firm.registered_capital,
        website=firm.website,
        is_invented=firm.is_invented,
        updated_at=firm.change and firm.change.updated_at,
        version=firm.version,
    )


service = FastAPI()


@service.get("/companies", response_model=Page)
def companies() -> Page:
    day = datetime.datetime.now(HERE).date()
    with Session(ENGINE) as session:
        return Page(data=[firm_out(firm, day) for firm in session.scalars(question(day))])


def make(options: dict[str, Any]) -> tuple[Callable[[str], bytes], str]:
    return requests.asgi(service), "/companies"

"""The register's tables for SQLAlchemy, columns by reflection. Relations to one firm's facts are lists."""

import os
from typing import Any

from sqlalchemy import Table, create_engine
from sqlalchemy.orm import DeclarativeBase, relationship

URL = os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://", 1)
ENGINE = create_engine(URL, connect_args={"options": "-c jit=off -c TimeZone=Asia/Shanghai"})


class Base(DeclarativeBase):
    pass


def table(name: str) -> Table:
    return Table(name, Base.metadata, autoload_with=ENGINE)


def to_one(path: str, target: str) -> Any:
    """By one column: some tables refer to another by a pair of columns, too."""
    return relationship(target, primaryjoin=f"foreign({path}) == {target}.id", viewonly=True)


class District(Base):
    __table__ = table("registry_district")
    zone = to_one("District.zone_id", "Zone")


class Zone(Base):
    __table__ = table("registry_zone")


class Unit(Base):
    __table__ = table("registry_reportingunit")


class Hub(Base):
    __table__ = table("registry_hub")


class Field(Base):
    __table__ = table("registry_strategicfield")


class Industry(Base):
    __table__ = table("registry_industry")


class University(Base):
    __table__ = table("registry_university")


class Site(Base):
    __table__ = table("registry_circlesite")


class TechnologyField(Base):
    __table__ = table("registry_technologyfield")


class Kind(Base):
    __table__ = table("companies_certificationkind")


class Host(Base):
    __table__ = table("incubators_incubator")


class Name(Base):
    __table__ = table("companies_companyname")


class Seat(Base):
    __table__ = table("companies_seat")
    district = to_one("Seat.district_id", "District")
    unit = to_one("Seat.reporting_unit_id", "Unit")


class Residency(Base):
    __table__ = table("companies_residency")
    incubator = to_one("Residency.incubator_id", "Host")


class Link(Base):
    __table__ = table("companies_universitylink")
    university = to_one("Link.university_id", "University")
    circle_site = to_one("Link.circle_site_id", "Site")


class Certificate(Base):
    __table__ = table("companies_certification")
    kind = to_one("Certificate.kind_id", "Kind")
    technology_field = to_one("Certificate.technology_field_id", "TechnologyField")


class Change(Base):
    __table__ = table("companies_companychange")


class Firm(Base):
    __table__ = table("companies_company")
    hub = to_one("Firm.hub_id", "Hub")
    strategic_field = to_one("Firm.strategic_field_id", "Field")
    industry = to_one("Firm.industry_id", "Industry")
    successor = relationship(
        "Firm", primaryjoin="foreign(Firm.successor_id) == remote(Firm.id)", viewonly=True, uselist=False
    )
    change = relationship(Change, uselist=False)
    names = relationship(Name, order_by=(Name.valid_from, Name.id))
    seats = relationship(Seat)
    residencies = relationship(Residency)
    links = relationship(Link, order_by=(Link.valid_from, Link.id))
    certificates = relationship(Certificate, order_by=(Certificate.issued_on, Certificate.id))

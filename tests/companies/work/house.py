"""An incubator with a person who works there, and firms in it, by name."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.test import Client

from companies.models import Certification, CertificationKind, Company, CompanyName, Residency, Seat
from incubators.models import Incubator, StaffMembership
from registry.days import today
from registry.models import District, Hub, Industry, ReportingUnit, Role, StrategicField, User
from tests.samples import saved

LONG_AGO = datetime.date(2020, 1, 1)


def ago(days: int) -> datetime.date:
    return today() - datetime.timedelta(days=days)


@dataclass
class House:
    host: Incubator
    editor: User

    def firm(self, name: str, *, entered: datetime.date = LONG_AGO, **stay: Any) -> Company:
        """A firm about which nothing is missing, resident since 2020 unless told otherwise."""
        company: Company = saved(
            Company,
            industry=some(Industry),
            hub=some(Hub),
            strategic_field=field(),
            contact_name="李",
            contact_phone="023-1",
            registered_capital=100,
            established_on=datetime.date(2019, 1, 1),
        )
        saved(CompanyName, company=company, name_zh=name, valid_from=LONG_AGO)
        saved(Seat, company=company, district=some(District), reporting_unit=some(ReportingUnit), valid_from=LONG_AGO)
        saved(Residency, company=company, incubator=self.host, entered_on=entered, **stay)
        return company


def some(model: Any) -> Any:
    found = model.objects.filter(code="work-test").first()
    return found or saved(model, code="work-test")


def field() -> StrategicField:
    found: StrategicField | None = StrategicField.objects.filter(code="work-test").first()
    made: StrategicField = found or saved(StrategicField, code="work-test", hub=some(Hub))
    return made


def house(letter: str) -> House:
    host = saved(Incubator, code=f"host-{letter}", name_zh=f"{letter}孵化器")
    editor = User.objects.create_user(f"editor-{letter}", role=Role.STAFF, is_staff=True)
    StaffMembership.objects.create(user=editor, incubator=host, role="editor", valid_from="2024-03-01")
    return House(host, editor)


def person(name: str, role: Role) -> User:
    user: User = User.objects.create_user(name, role=role, is_staff=True)
    return user


def client_of(user: User, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    return client


def high_tech() -> CertificationKind:
    kind: CertificationKind = CertificationKind.objects.get(code="high_tech")
    return kind


def certificate(company: Company, issued_on: datetime.date, **given: Any) -> Certification:
    made: Certification = saved(Certification, company=company, kind=high_tech(), issued_on=issued_on, **given)
    return made


def names(rows: Any) -> list[str]:
    """Of a page's rows, of a queryset of firms."""
    return sorted(row["name"] for row in rows)

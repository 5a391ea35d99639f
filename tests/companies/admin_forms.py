"""Entries for the pages of firms, and what a browser reads from those pages and sends."""

import datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import reverse

from companies.models import (
    CertificationKind,
    Company,
    CompanyName,
    Financing,
    FinancingInstrument,
    Seat,
)
from incubators.models import Incubator, IncubatorKind
from registry.credit_code import complete
from registry.models import District, Role, User, Zone

DAY = datetime.date


def firm(number: int = 1, name: str = "重庆山城光电科技有限公司", **fields: Any) -> Company:
    company = Company.objects.create(uscc=complete("91500000", f"MA5U{number:04d}"), **fields)
    CompanyName.objects.create(company=company, name_zh=name, name_en=f"Light {number}", valid_from=DAY(2015, 1, 1))
    return company


def district(code: str = "599901", name: str = "试验区") -> District:
    zone, _made = Zone.objects.get_or_create(code="test", defaults={"name_zh": "试验片区"})
    found, _made = District.objects.get_or_create(code=code, defaults={"name_zh": name, "zone": zone})
    return found


def high_tech() -> CertificationKind:
    years = {"name_zh": "高新技术企业", "validity_rule": "years", "validity_years": 3}
    return CertificationKind.objects.get_or_create(code="high_tech", defaults=years)[0]


def incubator(code: str = "test-1") -> Incubator:
    kind, _made = IncubatorKind.objects.get_or_create(code="test", defaults={"name_zh": "试验"})
    return Incubator.objects.create(code=code, name_zh="试验孵化器", kind=kind)


def financing(company: Company, **fields: Any) -> Financing:
    instrument, _made = FinancingInstrument.objects.get_or_create(
        code="TESTLOAN", defaults={"name_zh": "试验贷款", "kind": "debt"}
    )
    values = {"agreed_on": DAY(2025, 3, 1), "agreed_amount": Decimal("300"), "instrument": instrument, **fields}
    return Financing.objects.create(company=company, **values)


def log_in(name: str = "wang") -> Client:
    """As a registrar who reads English."""
    user, _made = User.objects.get_or_create(username=name, defaults={"role": Role.REGISTRAR, "is_staff": True})
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def url(page: str, *arguments: object) -> str:
    return reverse(f"admin:companies_{page}", args=arguments)


def as_shown(page: Any) -> dict[str, Any]:
    """What a browser sends when nothing on the page is touched."""
    sent: dict[str, Any] = {}
    for form in forms_of(page):
        for field in form:
            value = field.value()
            if value is True:
                sent[field.html_name] = "on"
            elif value is not None and value is not False:
                sent[field.html_name] = value.isoformat() if isinstance(value, datetime.date) else str(value)
    return sent


def forms_of(page: Any) -> list[Any]:
    sets = [inline.formset for inline in page.context["inline_admin_formsets"]]
    return [page.context["adminform"].form, *(form for s in sets for form in [s.management_form, *s.forms])]


def added(sent: dict[str, Any], prefix: str, **values: Any) -> dict[str, Any]:
    """With one more row of an inline."""
    place = int(sent[f"{prefix}-TOTAL_FORMS"])
    row = {f"{prefix}-{place}-{name}": value for name, value in values.items()}
    return {**sent, f"{prefix}-TOTAL_FORMS": str(place + 1), **row}


def formset(page: Any, prefix: str) -> Any:
    [found] = [i.formset for i in page.context["inline_admin_formsets"] if i.formset.prefix == prefix]
    return found


def errors_of(page: Any) -> str:
    assert page.status_code == 200, page.status_code
    return " ".join(str(error) for error in page.context["errors"])


# --- Periods as a set
def seated_firm() -> Company:
    company = firm()
    Seat.objects.create(company=company, district=district(), valid_from=DAY(2015, 1, 1))
    return company


def versions(company: Company) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT u.username, c.reason FROM registry_changeset c LEFT JOIN registry_user u ON u.id = c.actor_id"
            " ORDER BY c.sequence"
        )
        return list(cursor.fetchall())

"""A history ends where the row went to somebody else, and begins again where it came back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from companies.models import Certification, Financing, Residency
from registry.history import acting
from registry.models import User
from tests.scope.cast import World, as_
from tests.scope.test_uploads import text_of
from tests.scope.test_writes import page

SECRET = "REF-OF-B"


def history_of(cast: World, name: str, row: Any) -> str:
    return text_of(as_(cast, name).get(reverse(f"admin:companies_{row._meta.model_name}_history", args=[row.pk])))


def changed(rows: Any, **values: Any) -> None:
    with acting(reason="moved"):
        rows.update(**values)


@pytest.fixture
def lent(cast: World) -> Any:
    """A's financing, which was B's for a while and has come back."""
    financing = next(row for row in cast.a.of(Financing) if row.company == cast.a.firm)
    rows = Financing.objects.filter(pk=financing.pk)
    changed(rows, reference="said by A")
    changed(rows, company=cast.b.firm)
    changed(rows, reference=SECRET, agreed_amount=Decimal("777.77"))
    return rows


def test_a_firms_history_ends_where_the_fact_went_to_another_firm(cast: World, lent: Any) -> None:
    told = history_of(cast, "editor_a", cast.a.firm)
    assert "said by A" in told and "moved to another owner" in told
    assert SECRET not in told and "777.77" not in told
    changed(lent, company=cast.a.firm, reference="back again", agreed_amount=Decimal("8888"))
    for row in (cast.a.firm, lent.get()):
        told = history_of(cast, "editor_a", row)
        assert "said by A" in told and "back again" in told
        assert SECRET not in told and "777.77" not in told, row
    # Who owned it then, and who sees all, are told.
    assert SECRET in history_of(cast, "editor_b", cast.b.firm)
    assert SECRET in history_of(cast, "auditor", lent.get())


def test_a_stays_own_history_begins_where_it_came_to_the_incubator(cast: World) -> None:
    stay = next(row for row in cast.b.of(Residency) if row.company == cast.b.firm)
    rows = Residency.objects.filter(pk=stay.pk)
    changed(rows, entered_on="2022-11-11")
    changed(rows, entered_on="2022-12-12", incubator=cast.a.host)
    told = history_of(cast, "manager_a", rows.get())
    assert "2022-12-12" in told and "2022-11-11" not in told
    assert "2022-11-11" in history_of(cast, "registrar", rows.get())


def test_what_never_left_keeps_its_history(cast: World) -> None:
    certificate = cast.a.of(Certification)[0]
    changed(Certification.objects.filter(pk=certificate.pk), issuer="an issuer of A")
    assert "an issuer of A" in history_of(cast, "editor_a", certificate)
    assert "moved to another owner" not in history_of(cast, "editor_a", certificate)


@pytest.mark.parametrize(("name", "status"), [("manager_a", 403), ("registrar", 200), ("auditor", 200)])
def test_the_log_of_an_account_is_read_by_those_who_see_everybody(cast: World, name: str, status: int) -> None:
    """A manager, who changes the account, reads no log: it names the registrars who worked on it."""
    account = cast.people["editor_a"]
    assert as_(cast, name).get(page(User, "change", account.pk)).status_code == 200
    assert as_(cast, name).get(page(User, "history", account.pk)).status_code == status

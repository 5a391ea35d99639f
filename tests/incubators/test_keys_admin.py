"""Keys in the admin: who makes, sees, replaces and revokes which; the secret is shown once."""

import datetime
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from incubators.keys import make_key, scopes_of
from incubators.models import Incubator, StaffMembership
from registry.days import today
from registry.keys.using import note_use
from registry.models import Partner, PartnerKey, Role, User
from tests.samples import saved

pytestmark = pytest.mark.django_db
LIST, ADD = "admin:registry_partnerkey_changelist", "admin:registry_partnerkey_add"
SECRET = re.compile(r"Bearer ([a-z0-9]{8}\.[A-Za-z0-9_-]{43})")


def page(key: PartnerKey, name: str = "change") -> str:
    return reverse(f"admin:registry_partnerkey_{name}", args=[key.pk])


def logged_in(role: Role, **works: Incubator) -> Client:
    """`manager=` or `editor=` names the incubator that the person works for."""
    user = saved(User, role=role, is_staff=True)
    for work, host in works.items():
        saved(StaffMembership, user=user, incubator=host, role=work)
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


@pytest.fixture
def host() -> Incubator:
    made: Incubator = saved(Incubator)
    return made


def form(**given: Any) -> dict[str, Any]:
    last = today() + datetime.timedelta(days=20)
    return {"label": "portal", "valid_until": last.isoformat(), "allowed_addresses": "", **given}


def test_a_registrar_makes_a_key_that_is_shown_once_and_opens(host: Incubator) -> None:
    bank = saved(Partner)
    client = logged_in(Role.REGISTRAR)
    sent = form(partner=bank.pk, reads_partner_fields="on", records_financings="on", incubators=[host.pk])
    answer = client.post(reverse(ADD), sent | {"allowed_addresses": "203.0.113.0/24, 127.0.0.1"})
    (text,) = set(SECRET.findall(answer.content.decode()))
    key = PartnerKey.objects.get()
    assert key.valid_until == today() + datetime.timedelta(days=21)  # the last day is included
    assert key.allowed_addresses == ["203.0.113.0/24", "127.0.0.1"]
    assert scopes_of(key)[1:] == ["read:partner", f"write:incubator:{host.code}", f"write:financing:{bank.code}"]
    assert Client().get("/api/v1/caller/", headers={"authorization": f"Bearer {text}"}).status_code == 200
    assert "no-store" in answer["Cache-Control"]
    secret = text.partition(".")[2]
    for address in (page(key), page(key, "history"), page(key, "use"), reverse(LIST)):
        shown = client.get(address)
        assert shown.status_code == 200 and secret not in shown.content.decode()


def test_a_manager_makes_a_key_for_the_own_incubator_alone(host: Incubator) -> None:
    other = saved(Incubator)
    client = logged_in(Role.STAFF, manager=host)
    assert SECRET.search(client.post(reverse(ADD), form(incubators=[host.pk])).content.decode())
    (key,) = PartnerKey.objects.all()
    assert scopes_of(key) == ["read", f"write:incubator:{host.code}"]
    for sent in (form(incubators=[other.pk]), form(incubators=[host.pk, other.pk]), form()):
        refused = client.post(reverse(ADD), sent)
        assert "incubators" in refused.context["adminform"].form.errors
    client.post(reverse(ADD), form(incubators=[host.pk], reads_partner_fields="on", most_requests="9"))
    assert not PartnerKey.objects.filter(reads_partner_fields=True).exists()
    assert not PartnerKey.objects.filter(most_requests__isnull=False).exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"allowed_addresses": "everywhere"}, "allowed_addresses"),
        ({"valid_until": "2099-01-01"}, None),
        ({"valid_until": "2020-01-01"}, None),
        ({"label": ""}, "label"),
        ({"is_trial": "on", "incubators": ["host"]}, "incubators"),
        ({"records_financings": "on"}, None),
    ],
)
def test_a_wrong_form_makes_no_key_and_says_why(wrong: dict[str, Any], field: str | None, host: Incubator) -> None:
    if wrong.get("incubators"):
        wrong = wrong | {"incubators": [host.pk]}
    answer = logged_in(Role.REGISTRAR).post(reverse(ADD), form(**wrong))
    assert answer.context["adminform"].form.errors.get(field or "__all__")
    assert not PartnerKey.objects.exists()


def test_a_manager_sees_the_keys_that_write_for_the_own_incubator_and_no_other(host: Incubator) -> None:
    mine, _text = make_key(label="mine", incubators=[host])
    foreign, _text = make_key(label="foreign", incubators=[saved(Incubator)])
    reading, _text = make_key(label="reads", partner=saved(Partner))
    client = logged_in(Role.STAFF, manager=host)
    assert set(client.get(reverse(LIST)).context["cl"].result_list) == {mine}
    for key in (foreign, reading):
        for name in ("change", "use", "replace", "revoke"):
            assert client.get(page(key, name)).status_code in (302, 403, 404)
            assert client.post(page(key, name)).status_code in (302, 403, 404)
        key.refresh_from_db()
        assert key.revoked_at is None and not PartnerKey.objects.filter(replaces=key).exists()


@pytest.mark.parametrize("role", ["editor", "auditor", "analyst"])
def test_others_make_and_end_none(role: str, host: Incubator) -> None:
    key, _text = make_key(label="mine", incubators=[host])
    client = logged_in(Role.STAFF, editor=host) if role == "editor" else logged_in(Role(role))
    assert client.post(reverse(ADD), form(incubators=[host.pk])).status_code == 403
    for name in ("replace", "revoke"):
        assert client.post(page(key, name)).status_code in (302, 403, 404)
    key.refresh_from_db()
    assert key.revoked_at is None
    assert list(PartnerKey.objects.all()) == [key]


def test_a_partners_key_that_writes_for_an_incubator_is_a_registrars_to_end(host: Incubator) -> None:
    shared, _text = make_key(label="bank", partner=saved(Partner), incubators=[host])
    client = logged_in(Role.STAFF, manager=host)
    assert client.get(page(shared)).status_code == 200  # who may write for one's firms is no secret
    assert client.post(page(shared, "revoke")).status_code == 403
    assert logged_in(Role.REGISTRAR).post(page(shared, "revoke")).status_code == 302
    shared.refresh_from_db()
    assert shared.revoked_at is not None


def test_revoking_asks_once_and_ends_the_key(host: Incubator) -> None:
    key, text = make_key(label="mine", incubators=[host])
    client = logged_in(Role.STAFF, manager=host)
    assert b"opens nothing from this moment" in client.get(page(key, "revoke")).content
    key.refresh_from_db()
    assert key.revoked_at is None
    client.post(page(key, "revoke"))
    refused = Client().get("/api/v1/caller/", headers={"authorization": f"Bearer {text}"})
    assert refused.json()["code"] == "revoked_key"
    assert b"revoked by" in client.get(page(key)).content
    again = client.get(page(key, "replace"), follow=True)
    assert b"Only a key in force" in again.content


def test_replacing_shows_a_new_key_and_shortens_the_old(host: Incubator) -> None:
    key, _text = make_key(label="mine", incubators=[host], valid_until=today() + datetime.timedelta(days=90))
    client = logged_in(Role.STAFF, manager=host)
    shown = client.post(page(key, "replace")).content.decode()
    new = PartnerKey.objects.get(replaces=key)
    assert SECRET.search(shown) and scopes_of(new) == scopes_of(key)
    key.refresh_from_db()
    assert key.valid_until == today() + datetime.timedelta(days=7)
    client.post(page(key, "replace"))  # a second time makes no third
    assert PartnerKey.objects.count() == 2


def test_label_and_addresses_are_changed_and_nothing_else(host: Incubator) -> None:
    key, _text = make_key(label="mine", incubators=[host])
    client = logged_in(Role.REGISTRAR)
    sent = form(label="renamed", reads_partner_fields="on", is_trial="on", allowed_addresses="203.0.113.7")
    assert client.post(page(key), sent | {"valid_until": "2026-12-31"}).status_code == 302
    before = key.valid_until
    key.refresh_from_db()
    assert (key.label, key.allowed_addresses) == ("renamed", ["203.0.113.7"])
    assert (key.is_trial, key.reads_partner_fields, key.valid_until) == (False, False, before)


def test_the_page_of_use_tells_each_day(host: Incubator) -> None:
    key, _text = make_key(label="mine", incubators=[host])
    client = logged_in(Role.STAFF, manager=host)
    assert b"has not been used yet" in client.get(page(key, "use")).content
    for status in (200, 200, 304, 404, 429, 500):
        note_use(key, status, "203.0.113.7")
    (row,) = client.get(page(key, "use")).context["rows"]
    use, every, share = row
    assert (use.answered, use.refused, use.throttled, use.failed, every, share) == (3, 1, 1, 1, 6, 100)


@pytest.mark.parametrize("state", ["in_force", "ends_soon", "expired", "revoked", "nonsense"])
def test_the_list_is_narrowed_by_state(state: str) -> None:
    make: dict[str, Any] = {
        "in_force": {"valid_until": today() + datetime.timedelta(days=90)},
        "ends_soon": {"valid_until": today() + datetime.timedelta(days=9)},
    }
    for label, given in make.items():
        make_key(label=label, **given)
    saved(PartnerKey, label="expired", valid_from=datetime.date(2024, 1, 1), valid_until=datetime.date(2024, 2, 1))
    ended, _text = make_key(label="revoked", **make["in_force"])
    PartnerKey.objects.filter(pk=ended.pk).update(revoked_at="2026-01-01T00:00Z")
    answer = logged_in(Role.REGISTRAR).get(reverse(LIST), {"state": state}, follow=True)
    found = {key.label for key in answer.context["cl"].result_list}
    assert found == ({state} if state != "nonsense" else {"in_force", "ends_soon", "expired", "revoked"})

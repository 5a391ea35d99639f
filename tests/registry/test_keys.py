"""Keys: what opens, what does not and is told why, what is kept, and that a revoked one fails at once."""

import datetime
import hashlib
import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from incubators.keys import make_key, replace, scopes_of
from incubators.models import Incubator, KeyGrant
from registry import scope
from registry.client_addresses import read_address
from registry.days import today
from registry.history import acting
from registry.keys.holder import KeyHolder
from registry.keys.making import revoke
from registry.keys.telling import events_of, state_of
from registry.models import ChangeSet, KeyUse, Partner, PartnerKey, User
from tests.samples import saved

pytestmark = pytest.mark.django_db
HERE = "/api/v1/caller/"
DAYS = datetime.timedelta


def ask(text: str | None, address: str = HERE, **rest: Any) -> Any:
    headers = {"accept-language": "en"} | ({} if text is None else {"authorization": text})
    return Client(headers=headers).get(address, **rest)


def a_key(**given: Any) -> tuple[PartnerKey, str]:
    key, text = make_key(**{"label": "nightly mirror", **given})
    return key, f"Bearer {text}"


def test_a_key_opens_and_tells_what_it_may() -> None:
    bank, host = saved(Partner, code="bank-1"), saved(Incubator, code="host-1")
    _key, text = a_key(partner=bank, reads_partner_fields=True, records_financings=True, incubators=[host])
    told = ask(text).json()["data"]
    assert told["kind"] == "key"
    assert told["scopes"] == ["read", "read:partner", "write:incubator:host-1", "write:financing:bank-1"]
    assert told["key"]["label"] == "nightly mirror"
    assert told["key"]["partner"] == "bank-1"


def test_without_a_key_one_is_the_public() -> None:
    assert ask(None).json()["data"] == {"kind": "public", "scopes": ["read"], "key": None}


def test_of_the_secret_only_a_digest_is_kept() -> None:
    key, text = a_key()
    prefix, secret = text.removeprefix("Bearer ").split(".")
    assert prefix == key.prefix
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", secret)  # 256 bits
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(k)::text FROM registry_partnerkey k WHERE id = %s", [key.pk])
        (row,) = cursor.fetchone()
    assert secret not in row
    assert hashlib.sha256(secret.encode()).hexdigest() in row


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Basic YTpi", "wrong_scheme"),
        ("Bearer", "malformed_key"),
        ("Bearer nodot", "malformed_key"),
        ("Bearer abc.\x7f", "malformed_key"),
        ("Bearer " + "a" * 12 + "." + "b" * 201, "malformed_key"),
        ("Bearer nobody.secret", "unknown_key"),
    ],
)
def test_what_opens_nothing_is_401_and_says_so(text: str, code: str) -> None:
    answer = ask(text, "/api/v1/companies/")
    assert (answer.status_code, answer.json()["code"]) == (401, code)
    assert answer["WWW-Authenticate"] == 'Bearer realm="api"'
    assert answer["Content-Type"] == "application/problem+json"


def test_a_wrong_secret_is_answered_as_an_unknown_key_even_of_a_revoked_one() -> None:
    key, text = a_key()
    revoke(key, None)
    assert ask(text).json()["code"] == "revoked_key"
    wrong = text[:-4] + ("AAAA" if not text.endswith("AAAA") else "BBBB")
    assert ask(wrong).json()["code"] == "unknown_key"


def test_a_key_opens_until_its_last_day(clock: Any) -> None:
    clock("2026-03-01T08:00+08:00")
    key, text = a_key(valid_until=datetime.date(2026, 3, 3))
    clock("2026-03-02T23:59+08:00")
    assert ask(text).status_code == 200
    clock("2026-03-03T00:00+08:00")
    refused = ask(text)
    assert (refused.status_code, refused.json()["code"]) == (401, "expired_key")
    assert key.prefix in refused.json()["detail"]


def test_a_revoked_key_opens_nothing_from_the_next_request_on() -> None:
    key, text = a_key()
    assert ask(text).status_code == 200
    assert revoke(key, None)
    assert ask(text).status_code == 401
    assert not revoke(key, None)


def test_a_key_is_used_from_its_addresses_only() -> None:
    _key, text = a_key(allowed_addresses=["203.0.113.0/24", "2001:db8::1"])
    assert ask(text, REMOTE_ADDR="203.0.113.9").status_code == 200
    assert ask(text, REMOTE_ADDR="2001:db8::1").status_code == 200
    refused = ask(text, REMOTE_ADDR="198.51.100.9")
    assert (refused.status_code, refused.json()["code"]) == (403, "address_not_allowed")
    assert "198.51.100.9" in refused.json()["detail"]


def test_a_forwarded_address_counts_by_the_number_of_trusted_proxies(settings: Any) -> None:
    _key, text = a_key(allowed_addresses=["203.0.113.0/24"])
    forwarded = {"HTTP_X_FORWARDED_FOR": "203.0.113.9, 198.51.100.7", "REMOTE_ADDR": "10.0.0.1"}
    settings.TRUSTED_PROXIES = 0
    assert ask(text, **forwarded).status_code == 403
    settings.TRUSTED_PROXIES = 1  # the last entry is what the proxy saw; the first anyone may write
    assert ask(text, **forwarded).status_code == 403
    settings.TRUSTED_PROXIES = 2
    assert ask(text, **forwarded).status_code == 200


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("1.2.3.4", "1.2.3.4"),
        ("1.2.3.4:80", "1.2.3.4"),
        ("[2001:db8::1]:80", "2001:db8::1"),
        ("::ffff:1.2.3.4", "1.2.3.4"),
        ("fe80::1%eth0", "fe80::1"),
        ("unknown", "0.0.0.0"),
        ("", "0.0.0.0"),
    ],
)
def test_addresses_are_read_as_proxies_write_them(text: str, address: str) -> None:
    assert str(read_address(text)) == address


def test_use_is_counted_by_day_and_answer() -> None:
    key, text = a_key()
    ask(text)
    ask(text, "/api/v1/companies/?distrct=500106")
    ask(text, "/api/v1/nothing/", REMOTE_ADDR="203.0.113.9")
    use = KeyUse.objects.get(key=key, day=today())
    assert (use.answered, use.refused, use.throttled, use.failed) == (1, 2, 0, 0)
    assert use.last_address == "203.0.113.9"


def test_a_wrong_key_counts_for_nobody() -> None:
    key, text = a_key()
    ask(f"Bearer {key.prefix}.wrong")
    assert not KeyUse.objects.filter(key=key).exists()
    assert text


def test_what_a_key_may_do_never_changes() -> None:
    key, _text = a_key(partner=saved(Partner))
    for change in (
        {"reads_partner_fields": True},
        {"records_financings": True},
        {"digest": "0" * 64},
        {"prefix": "another"},
        {"valid_until": key.valid_until + DAYS(days=1)},
        {"partner": None},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            PartnerKey.objects.filter(pk=key.pk).update(**change)
    PartnerKey.objects.filter(pk=key.pk).update(revoked_at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        PartnerKey.objects.filter(pk=key.pk).update(revoked_at=None)


def test_a_key_for_trying_reads_only() -> None:
    key, _text = a_key(is_trial=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        KeyGrant.objects.create(key=key, incubator=saved(Incubator))
    with pytest.raises(ValidationError):
        a_key(is_trial=True, partner=saved(Partner), reads_partner_fields=True)
    with pytest.raises(ValidationError):
        a_key(is_trial=True, valid_until=today() + DAYS(days=31))


def test_a_key_lasts_a_year_at_most() -> None:
    a_key(valid_until=today() + DAYS(days=366))
    with pytest.raises(ValidationError):
        a_key(valid_until=today() + DAYS(days=367))


def test_replacing_keeps_the_rights_and_lets_both_open_for_a_week(clock: Any) -> None:
    clock("2026-03-01T08:00+08:00")
    bank, host = saved(Partner), saved(Incubator)
    old, text = a_key(partner=bank, records_financings=True, incubators=[host], valid_until=datetime.date(2026, 9, 1))
    clock("2026-05-01T08:00+08:00")
    new, fresh = replace(old, None)
    assert scopes_of(new) == scopes_of(old)
    assert new.valid_until == datetime.date(2026, 5, 1) + (datetime.date(2026, 9, 1) - datetime.date(2026, 3, 1))
    assert [ask(text).status_code, ask(f"Bearer {fresh}").status_code] == [200, 200]
    clock("2026-05-08T00:00+08:00")
    assert [ask(text).status_code, ask(f"Bearer {fresh}").status_code] == [401, 200]


def test_a_key_tells_that_it_will_end(clock: Any) -> None:
    clock("2026-03-01T08:00+08:00")
    key, text = a_key(valid_until=datetime.date(2026, 6, 1))
    assert state_of(key, datetime.date(2026, 5, 1)) == "in_force"
    assert [event.code for event in events_of(key, datetime.date(2026, 5, 1))] == ["made"]
    clock("2026-05-02T08:00+08:00")
    told = ask(text).json()["data"]["key"]
    assert told["state"] == "ends_soon"
    assert {event["code"] for event in told["events"]} == {"ends_soon", "made"}
    assert "2026-05-31" in next(event["text"] for event in told["events"] if event["code"] == "ends_soon")


def test_a_change_names_the_key(immediate_constraints: None) -> None:
    host = saved(Incubator)
    key, _text = a_key(incubators=[host])
    with acting(key=key, reason="as reported"):
        saved(Incubator)
    change = ChangeSet.objects.latest("id")
    assert (change.key, change.actor, change.reason) == (key, None, "as reported")


def test_a_key_is_in_scope_as_its_incubators_staff_and_nothing_more() -> None:
    from companies.models import Company, Residency

    mine, other = saved(Incubator), saved(Incubator)
    stay, foreign = saved(Residency, incubator=mine), saved(Residency, incubator=other)
    holder = KeyHolder(a_key(incubators=[mine])[0])
    assert set(scope.scope(Company.objects.all(), holder)) == {stay.company}
    assert set(scope.scope(Company.objects.all(), holder, write=True)) == {stay.company}
    assert not scope.may_delete(holder, Company)
    assert not scope.may_write(holder, Incubator)
    assert not scope.may_enter(holder, User)
    assert not scope.may_enter(holder, PartnerKey)
    assert foreign.company not in scope.scope(Company.objects.all(), holder)
    reader = KeyHolder(a_key()[0])
    assert not scope.scope(Company.objects.all(), reader).exists()
    assert not scope.may_write(reader, Company)


def test_a_financing_party_holds_its_own_financings_of_any_firm() -> None:
    from companies.models import Company, Financing, FinancingParty

    bank, rival = saved(Partner), saved(Partner)
    own, foreign = saved(Financing), saved(Financing)
    saved(FinancingParty, financing=own, partner=bank)
    saved(FinancingParty, financing=foreign, partner=rival)
    draft = saved(Company, is_published=False)
    holder = KeyHolder(a_key(partner=bank, records_financings=True)[0])
    assert set(scope.scope(Financing.objects.all(), holder, write=True)) == {own}
    assert {part.financing for part in scope.scope(FinancingParty.objects.all(), holder)} == {own}
    firms = scope.choices(Financing._meta.get_field("company"), holder)
    assert {own.company, foreign.company} <= set(firms)
    assert draft not in firms
    assert not scope.may_write(holder, Company)

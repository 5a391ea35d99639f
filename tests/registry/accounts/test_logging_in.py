"""Logging in: one answer for every refusal, lock-out, second factor, one-time passwords, sessions that end."""

import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from allauth.mfa.utils import decrypt
from django.test import Client, override_settings
from django.urls import reverse

from registry.accounts.adapter import REFUSED
from registry.models import Role, User

pytestmark = pytest.mark.django_db
PASSWORD = "correct-horse-battery"
LOGIN, CODE = "/account/login/", "/account/code/"


@pytest.fixture
def registrar() -> User:
    return User.objects.create_user("wang", password=PASSWORD, role=Role.REGISTRAR, is_staff=True)


def visitor() -> Client:
    return Client(headers={"accept-language": "en"})


def send(client: Client, name: str, password: str) -> Any:
    return client.post(LOGIN, {"login": name, "password": password})


def is_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


def told(response: Any) -> str:
    """What a refused page says, without what differs between any two pages and without the typed name."""
    text = re.sub(r'value="[^"]*"', "", response.content.decode())
    return re.sub(r"\s+", " ", text)


def code_of(user: User, step: int = 0) -> str:
    secret = decrypt(Authenticator.objects.get(user=user, type="totp").data["secret"])
    return str(auth.format_hotp_value(auth.hotp_value(secret, int(time.time()) // 30 + step)))


def with_second_factor(user: User) -> User:
    auth.TOTP.activate(user, auth.generate_totp_secret())
    return user


# --- The password
def test_the_right_password_opens_the_admin_and_a_wrong_one_does_not(registrar: User) -> None:
    client = visitor()
    assert send(client, "wang", "wrong").status_code == 200 and not is_in(client)
    assert send(client, "wang", PASSWORD).headers["Location"] == "/admin/" and is_in(client)


def test_unknown_wrong_disabled_and_locked_get_one_answer(registrar: User) -> None:
    User.objects.create_user("gone", password=PASSWORD, is_active=False)
    locked = visitor()
    for _attempt in range(5):
        send(locked, "wang", "wrong")
    answers = {
        "unknown": send(visitor(), "nobody", PASSWORD),
        "wrong": send(visitor(), "gone", "wrong"),
        "disabled": send(visitor(), "gone", PASSWORD),
        "locked": send(visitor(), "wang", PASSWORD),
    }
    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(answers, 200)
    assert len({told(answer) for answer in answers.values()}) == 1
    assert str(REFUSED)[:40] in told(answers["unknown"])
    assert [sorted(answer.cookies) for answer in answers.values()] == 4 * [["csrftoken"]]


@override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.PBKDF2PasswordHasher"])
def test_each_refusal_costs_the_hash_of_a_password(registrar: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted, not timed: a hash is nearly all of the time."""
    from django.contrib.auth.hashers import PBKDF2PasswordHasher

    hashed: list[str] = []
    real = PBKDF2PasswordHasher.encode

    def counted(*given: Any, **named: Any) -> str:
        hashed.append("")
        return real(*given, **named)

    monkeypatch.setattr(PBKDF2PasswordHasher, "iterations", 10)
    monkeypatch.setattr(PBKDF2PasswordHasher, "encode", counted)
    for name, is_active in (("open", True), ("gone", False), ("locked", True)):
        User.objects.create_user(name, password=PASSWORD, is_active=is_active)
    for _attempt in range(5):
        send(visitor(), "locked", "wrong")
    counts = {}
    for name in ("nobody", "open", "gone", "locked"):
        hashed.clear()
        send(visitor(), name, "wrong")
        counts[name] = len(hashed)
    assert set(counts.values()) == {1}, counts


def test_five_wrong_passwords_close_the_account_for_a_while_and_a_reset_opens_it(registrar: User) -> None:
    User.objects.create_user("li", password=PASSWORD, is_staff=True)
    for _attempt in range(5):
        send(visitor(), "li", "wrong")
    client = visitor()
    assert send(client, "li", PASSWORD).status_code == 200
    page = as_(registrar).post(reset_address("li"))
    assert send(client, "li", shown(page)).status_code == 302


def test_nobody_registers_or_asks_for_a_mail() -> None:
    for page in ("signup/", "password/reset/", "email/", "social/login/", "inactive/", "login/code/"):
        assert visitor().get(f"/account/{page}").status_code == 404, page


def test_the_admins_own_doors_lead_to_the_log_in(registrar: User) -> None:
    assert visitor().get("/admin/login/").headers["Location"].startswith(LOGIN)
    assert visitor().get("/admin/companies/company/", follow=True).redirect_chain[-1][0].startswith(LOGIN)
    assert visitor().post("/admin/login/", {"username": "wang", "password": PASSWORD}).status_code == 302
    assert as_(registrar).get("/admin/password_change/").headers["Location"] == "/account/password/"


def test_the_session_ends_when_the_account_is_disabled_or_reset(registrar: User) -> None:
    for change in ({"is_active": False}, {"password": "!"}):
        user = User.objects.create_user(f"li-{len(change)}-{next(iter(change))}", password=PASSWORD, is_staff=True)
        client = visitor()
        send(client, user.username, PASSWORD)
        assert client.get("/admin/").status_code == 200
        User.objects.filter(pk=user.pk).update(**change)
        assert client.get("/admin/").headers["Location"].startswith("/admin/login/")


# --- One-time passwords
def as_(user: User) -> Client:
    client = visitor()
    client.force_login(user)
    return client


def reset_address(name: str) -> str:
    return reverse("admin:registry_user_one_time_password", args=[User.objects.get(username=name).pk])


def shown(page: Any) -> str:
    [password] = re.findall(r"<code>([a-z2-9-]{19})</code>", page.content.decode())
    return str(password)


def test_a_one_time_password_opens_nothing_but_its_change(registrar: User) -> None:
    User.objects.create_user("li", password=PASSWORD, is_staff=True)
    page = as_(registrar).post(reset_address("li"))
    assert "no-store" in page.headers["Cache-Control"]
    once, client = shown(page), visitor()
    assert send(visitor(), "li", PASSWORD).status_code == 200  # the old one is gone
    assert send(client, "li", once).status_code == 302
    for address in ("/admin/", "/admin/companies/company/", reverse("admin:autocomplete")):
        assert client.get(address).headers["Location"] == "/account/password/", address
    new = {"oldpassword": once, "password1": "a-new-one-of-mine", "password2": "a-new-one-of-mine"}
    same = {**new, "password1": once, "password2": once}
    assert client.post("/account/password/", same).status_code == 200
    assert client.post("/account/password/", new).status_code == 302
    assert is_in(client)
    assert not User.objects.get(username="li").must_change_password
    assert send(visitor(), "li", once).status_code == 200


def test_a_short_or_common_new_password_is_refused(registrar: User) -> None:
    client = as_(registrar)
    for weak in ("short", "123456789012", "wang-wang-wang"[:4] * 3):
        sent = {"oldpassword": PASSWORD, "password1": weak, "password2": weak}
        assert client.post("/account/password/", sent).status_code == 200 if weak != "wangwangwang" else True
    assert User.objects.get(pk=registrar.pk).check_password(PASSWORD)


# --- The second factor
def test_the_code_of_the_app_is_asked_after_the_password_and_is_good_once(registrar: User) -> None:
    with_second_factor(registrar)
    client, other = visitor(), visitor()
    for one in (client, other):
        assert send(one, "wang", PASSWORD).headers["Location"].startswith(CODE)
        assert not is_in(one)
    code = code_of(registrar)
    assert client.post(CODE, {"code": "000000"}).status_code == 200 and not is_in(client)
    assert client.post(CODE, {"code": code}).status_code == 302 and is_in(client)
    from django.core.cache import cache

    cache.clear()  # as on another server, which has not seen the code
    assert other.post(CODE, {"code": code}).status_code == 200 and not is_in(other)


def test_wrong_codes_close_the_account_as_wrong_passwords_do(registrar: User) -> None:
    with_second_factor(registrar)
    client = visitor()
    send(client, "wang", PASSWORD)
    wrong = "000000" if code_of(registrar) != "000000" else "000001"
    for _attempt in range(5):
        client.post(CODE, {"code": wrong})
    assert client.post(CODE, {"code": code_of(registrar)}).status_code == 200
    assert not is_in(client)
    assert send(visitor(), "wang", PASSWORD).status_code == 200


@override_settings(SECOND_FACTOR_OF_REGISTRARS=True)
def test_registrars_set_up_a_second_factor_before_anything_opens(registrar: User) -> None:
    client = visitor()
    send(client, "wang", PASSWORD)
    assert client.get("/admin/").headers["Location"] == "/account/second-factor/set-up/"
    assert client.get("/account/second-factor/set-up/").headers["Location"].startswith("/account/confirm/")
    confirm = "/account/confirm/?next=/account/second-factor/set-up/"
    page = client.post(confirm, {"password": PASSWORD}, follow=True)
    text = page.content.decode()
    assert "<svg" in text and "data:" not in text and "style=" not in text
    [secret] = re.findall(r'class="secret">([A-Z2-7]+)<', text)
    code = auth.format_hotp_value(auth.hotp_value(secret, int(time.time()) // 30))
    codes_page = client.post("/account/second-factor/set-up/", {"code": code}, follow=True)
    codes = re.findall(r"<li><code>(\d{8})</code>", codes_page.content.decode())
    assert len(codes) == 10 and is_in(client)
    again = client.get("/account/recovery-codes/").content.decode()
    assert not [one for one in codes if one in again]  # shown once
    removal = client.post("/account/second-factor/remove/")
    assert removal.status_code == 200 and Authenticator.objects.filter(user=registrar, type="totp").exists()
    # A recovery code opens once.
    for attempt, expected in ((codes[0], True), (codes[0], False)):
        late = visitor()
        send(late, "wang", PASSWORD)
        late.post(CODE, {"code": attempt})
        assert is_in(late) is expected
    assert secret not in str(Authenticator.objects.values_list("data", flat=True))  # kept encrypted


@override_settings(SECOND_FACTOR_OF_REGISTRARS=True)
def test_a_lost_phone_is_taken_off_by_a_reset(registrar: User) -> None:
    with_second_factor(registrar)
    chief = with_second_factor(User.objects.create_superuser("chief", password=PASSWORD))
    page = as_(chief).post(reset_address("wang"), {"second_factor": "remove"})
    client = visitor()
    assert send(client, "wang", shown(page)).headers["Location"] == "/admin/"
    assert client.get("/admin/").headers["Location"] == "/account/password/"


def test_a_secret_of_another_key_fits_no_code_and_is_no_server_error(registrar: User) -> None:
    with_second_factor(registrar)
    with override_settings(SECRET_KEY="another-" * 8):
        client = visitor()
        send(client, "wang", PASSWORD)
        assert client.post(CODE, {"code": "123456"}).status_code == 200


# --- The pages
@pytest.mark.parametrize("address", [LOGIN, "/account/password/", "/account/second-factor/", "/account/logout/"])
def test_pages_speak_three_languages_and_keep_to_the_policy(address: str, registrar: User) -> None:
    client = visitor() if address == LOGIN else as_(registrar)
    texts = {}
    for language, html in (("zh", "zh-Hans"), ("en", "en"), ("it", "it")):
        response = client.get(f"{address}?lang={language}")
        texts[language] = response.content.decode()
        assert f'<html lang="{html}">' in texts[language]
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy and "unsafe" not in policy
        assert not re.search(r"<script(?![^>]*src=\"/static/)|<style|style=|\son\w+=", texts[language])
        assert "no-store" in response.headers["Cache-Control"]
    assert len(set(texts.values())) == 3
    chinese = re.sub(r"<[^>]*>", " ", texts["zh"].partition("<main")[2].partition(">")[2].partition("</main")[0])
    assert not re.findall(r"[A-Za-z]{2,}", chinese), chinese


def test_no_next_address_leads_away(registrar: User) -> None:
    client = visitor()
    sent = {"login": "wang", "password": PASSWORD, "next": "https://evil.example/"}
    assert client.post(f"{LOGIN}?next=https://evil.example/", sent).headers["Location"] == "/admin/"

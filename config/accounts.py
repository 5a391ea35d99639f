"""Every page of logging in, on one page: of django-allauth's those that are wanted, and no others."""

from collections.abc import Callable

from django.db.transaction import non_atomic_requests
from django.http import HttpResponse
from django.urls import URLPattern, path

from registry.accounts.pages import in_language

ACCOUNT, CODES = "allauth.account.views.", "allauth.mfa.recovery_codes.views."
FACTOR, TOTP = "allauth.mfa.base.views.", "allauth.mfa.totp.views."


def hashing(view: str) -> Callable[..., HttpResponse]:
    """Of a page that hashes a password: nothing of the database waits for it, and a wrong one is counted at once."""
    return non_atomic_requests(in_language(view))


urlpatterns: list[URLPattern] = [
    path("login/", hashing(f"{ACCOUNT}login"), name="account_login"),
    path("logout/", in_language(f"{ACCOUNT}logout"), name="account_logout"),
    path("password/", hashing(f"{ACCOUNT}password_change"), name="account_change_password"),
    path("confirm/", hashing(f"{ACCOUNT}reauthenticate"), name="account_reauthenticate"),
    path("code/", in_language(f"{FACTOR}authenticate"), name="mfa_authenticate"),
    path("code/confirm/", in_language(f"{FACTOR}reauthenticate"), name="mfa_reauthenticate"),
    path("second-factor/", in_language(f"{FACTOR}index"), name="mfa_index"),
    path("second-factor/set-up/", in_language(f"{TOTP}activate_totp"), name="mfa_activate_totp"),
    path("second-factor/remove/", in_language(f"{TOTP}deactivate_totp"), name="mfa_deactivate_totp"),
    path("recovery-codes/", in_language(f"{CODES}view_recovery_codes"), name="mfa_view_recovery_codes"),
    path("recovery-codes/new/", in_language(f"{CODES}generate_recovery_codes"), name="mfa_generate_recovery_codes"),
]

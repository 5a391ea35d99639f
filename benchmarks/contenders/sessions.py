"""Signed-in users of the benches."""

from typing import Any

READER, ADMINISTRATOR = "bench-reader", "bench-administrator"


def signed_in_cookie(name: str = READER) -> str:
    """The Cookie header of a user: without rights, or the administrator. Django must be set up."""
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.test import Client

    has_all = name == ADMINISTRATOR
    rights = {"is_staff": has_all, "is_superuser": has_all}
    user, _is_new = get_user_model().objects.get_or_create(username=name, defaults=rights)
    if has_all and not user.authenticator_set.exists():
        give_second_factor(user)
    client = Client()
    client.force_login(user)
    cookie = settings.SESSION_COOKIE_NAME
    return f"{cookie}={client.cookies[cookie].value}"


def give_second_factor(user: Any) -> None:
    """Without one the admin leads a registrar to its set-up."""
    from allauth.mfa.totp.internal import auth

    auth.TOTP.activate(user, auth.generate_totp_secret())

"""How django-allauth behaves here: no registration, no mail, sentences of our own, secrets not in the clear."""

import base64
import hashlib
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from registry.accounts.duties import needs_second_factor

REFUSED = _(
    "User name and password do not fit, or the account is closed: for 15 minutes after five wrong attempts, or for"
    " good. A registrar or the manager of your incubator can help."
)
WRONG_CODE = _("This code does not fit. Codes change every 30 seconds, and each is good for one time.")


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": REFUSED,
        "too_many_login_attempts": REFUSED,
        "enter_current_password": _("This is not your present password."),
        "incorrect_password": _("This is not your present password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("admin:index")

    def set_password(self, user: Any, password: str) -> None:
        user.must_change_password = False
        super().set_password(user, password)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """The pages say what has happened."""

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """There is no mail."""


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets are kept encrypted with a key made from SECRET_KEY; one that was rotated out still reads them."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": WRONG_CODE,
        "cannot_delete_authenticator": _("Registrars work with a second factor; it cannot be taken off."),
    }

    def get_totp_label(self, user: Any) -> str:
        name: str = user.get_username()
        return name

    def get_totp_issuer(self) -> str:
        return str(_("Register of Chongqing's innovation economy"))

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        return not needs_second_factor(authenticator.user)

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:  # another SECRET_KEY: no code fits, and the factor is removed by a reset
            return base64.b32encode(hashlib.sha256(encrypted_text.encode()).digest()[:20]).decode()


def _cipher() -> MultiFernet:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    made = (hashlib.sha256(b"second factor" + key.encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in made])

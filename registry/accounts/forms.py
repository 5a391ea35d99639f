"""The forms of logging in, with labels of our own; a wrong code counts as a wrong password does."""

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.core import context
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.base import forms as code_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal import auth
from allauth.mfa.utils import decrypt
from django import forms
from django.contrib.auth.signals import user_login_failed
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registry.accounts.adapter import WRONG_CODE
from registry.accounts.backends import is_locked_out

CODE = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}


def _named(field: Any, label: Any, **attributes: str) -> None:
    field.label, field.help_text = label, ""
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs |= attributes


class StaffLoginForm(LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _named(self.fields["login"], _("User name"), autofocus="autofocus")
        _named(self.fields["password"], _("Password"))


class StaffReauthenticateForm(ReauthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _named(self.fields["password"], _("Password"), autofocus="autofocus")


class StaffPasswordForm(ChangePasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _named(self.fields["oldpassword"], _("Present password"), autofocus="autofocus")
        _named(self.fields["password1"], _("New password"))
        _named(self.fields["password2"], _("New password once more"))

    def clean(self) -> Any:
        cleaned = super().clean()
        new = self.cleaned_data.get("password1")
        if new and new == self.cleaned_data.get("oldpassword"):
            raise forms.ValidationError({"password1": gettext("The new password is the present one; choose another.")})
        return cleaned


class _CountedCode:
    """Five wrong codes close the account as five wrong passwords do; a code is good for one log-in, on any server."""

    fields: Any
    cleaned_data: Any
    user: Any
    authenticator: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _named(self.fields["code"], _("Code of the app, or a recovery code"), autofocus="autofocus", **CODE)

    def clean_code(self) -> str:
        name = self.user.get_username()
        if is_locked_out(context.request, name):
            raise forms.ValidationError(WRONG_CODE)
        try:
            code: str = super().clean_code()  # type: ignore[misc]
            if self.authenticator.type == Authenticator.Type.TOTP:
                _use_up(self.authenticator, code)
        except forms.ValidationError:
            user_login_failed.send(__name__, credentials={"username": name}, request=context.request)
            raise
        return code


def _use_up(authenticator: Any, code: str) -> None:
    """ValidationError for a code of a step that has been used, or lies before one."""
    kept = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
    secret = decrypt(kept.data["secret"])
    values = {
        step: auth.format_hotp_value(auth.hotp_value(secret, step)) for step in auth.yield_hotp_counters_from_time()
    }
    step = max((step for step, value in values.items() if compare_user_code(actual=code, expected=value)), default=0)
    if step <= kept.data.get("last_step", 0):
        raise forms.ValidationError(WRONG_CODE)
    kept.data["last_step"] = step
    kept.save(update_fields=["data"])
    authenticator.data = kept.data


class LoginCodeForm(_CountedCode, code_forms.AuthenticateForm):  # type: ignore[misc]
    """After the password."""


class ReauthenticateCodeForm(_CountedCode, code_forms.ReauthenticateForm):  # type: ignore[misc]
    """Before what only the owner of the account may do."""


class StaffActivateForm(ActivateTOTPForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _named(self.fields["code"], _("Code that the app shows"), autofocus="autofocus", **CODE)

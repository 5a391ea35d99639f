"""What a person has to do before any work in the admin: change a one-time password, set up a second factor."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

if TYPE_CHECKING:
    from registry.models import User

STAFF_PREFIX = "/admin/"
FREE = frozenset({"login", "logout", "jsi18n"})  # pages of the admin that show nothing of the register


def needs_second_factor(user: "User") -> bool:
    return settings.SECOND_FACTOR_OF_REGISTRARS and user.is_registrar


def next_duty(user: "User") -> str | None:
    """The address of what has to be done first."""
    if user.must_change_password:
        return reverse("account_change_password")
    totp = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP)
    if needs_second_factor(user) and not totp.exists():
        return reverse("mfa_activate_totp")
    return None


class DutiesMiddleware:
    """Leads every page below the admin's address, whoever made it, to the next duty while there is one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        match: Any = request.resolver_match
        is_free = "admin" in match.app_names and match.url_name in FREE
        if not request.path_info.startswith(STAFF_PREFIX) or is_free or not request.user.is_authenticated:
            return None
        duty = next_duty(request.user)
        return HttpResponseRedirect(duty) if duty else None

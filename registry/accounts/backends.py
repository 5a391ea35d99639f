"""Who may be asked for a password: nobody while the account is closed after wrong ones. All refusals look alike."""

from typing import Any

from axes.backends import AxesStandaloneBackend
from axes.exceptions import AxesBackendPermissionDenied
from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest


class LockOutBackend(AxesStandaloneBackend):  # type: ignore[misc]
    """A closed account costs the hash of a password as well, so that its answer comes no sooner."""

    def authenticate(
        self, request: HttpRequest, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> None:
        try:
            super().authenticate(request, username=username, password=password, **kwargs)
        except AxesBackendPermissionDenied:
            make_password(password)
            raise


def is_locked_out(request: HttpRequest, username: str) -> bool:
    return not AxesProxyHandler.is_allowed(request, {"username": username})

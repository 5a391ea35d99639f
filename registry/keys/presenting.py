"""The key that a request presents: `Authorization: Bearer <prefix>.<secret>`, checked once for a request."""

from __future__ import annotations

import hmac
import re

from django.http import HttpRequest
from django.utils.translation import gettext as _
from rest_framework import exceptions

from registry.client_addresses import client_address
from registry.days import today
from registry.keys.making import digest_of
from registry.models import PartnerKey

SCHEME = "Bearer"
WWW_AUTHENTICATE = f'{SCHEME} realm="api"'
TOKEN = re.compile(r"([a-z0-9]{1,12})\.([A-Za-z0-9_-]{1,200})")
NO_DIGEST = "0" * 64
_FOUND = "_register_presented_key"  # attribute of the request


class WrongKey(exceptions.AuthenticationFailed):
    """401. What is wrong is told only to who knows the secret."""


class WrongAddress(exceptions.PermissionDenied):
    """403: a good key, from where it may not be used."""


def is_presented(request: HttpRequest) -> bool:
    return "HTTP_AUTHORIZATION" in request.META


def presented_key(request: HttpRequest) -> PartnerKey | None:
    """The key of the request, none where it presents none; WrongKey or WrongAddress for one that opens nothing.

    Asked of the database for each request, so that a key revoked a moment ago fails in every process.
    """
    if not hasattr(request, _FOUND):
        setattr(request, _FOUND, _read_or_refusal(request))
    found: PartnerKey | WrongKey | WrongAddress | None = getattr(request, _FOUND)
    if isinstance(found, WrongKey | WrongAddress):
        raise found
    return found


def good_key(request: HttpRequest) -> PartnerKey | None:
    """The key of the request if it opens anything; the view refuses the others."""
    try:
        return presented_key(request)
    except (WrongKey, WrongAddress):
        return None


def _read_or_refusal(request: HttpRequest) -> PartnerKey | WrongKey | WrongAddress | None:
    try:
        return _read(request)
    except (WrongKey, WrongAddress) as refusal:
        return refusal


def _read(request: HttpRequest) -> PartnerKey | None:
    if not is_presented(request):
        return None
    scheme, _blank, token = request.META["HTTP_AUTHORIZATION"].partition(" ")
    if scheme.lower() != SCHEME.lower():
        raise WrongKey(_("Authorization takes “Bearer <key>”, and no other scheme."), "wrong_scheme")
    parts = TOKEN.fullmatch(token.strip())
    if parts is None:
        raise WrongKey(_("This is not a key: it looks like prefix.secret, as it was shown when made."), "malformed_key")
    key = PartnerKey.objects.select_related("partner").filter(prefix=parts[1]).first()
    # Compared for an unknown prefix as well, so that its answer takes no less time.
    is_right = hmac.compare_digest(digest_of(parts[2]), key.digest if key else NO_DIGEST)
    if key is None or not is_right:
        raise WrongKey(_("There is no such key."), "unknown_key")
    _check_force(key)
    if not key.takes(client_address(request)):
        raise wrong_address(key.prefix, str(client_address(request)))
    return key


def wrong_address(prefix: str, address: str) -> WrongAddress:
    words = {"prefix": prefix, "address": address}
    return WrongAddress(_("The key %(prefix)s may not be used from %(address)s.") % words, "address_not_allowed")


def _check_force(key: PartnerKey) -> None:
    words = {"prefix": key.prefix, "until": key.valid_until.isoformat()}
    if key.revoked_at is not None:
        raise WrongKey(_("The key %(prefix)s has been revoked.") % words, "revoked_key")
    if not key.is_in_force(today()):
        raise WrongKey(_("The key %(prefix)s has not been valid since %(until)s.") % words, "expired_key")

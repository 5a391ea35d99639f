"""From which address a request came: told by the connection, or by the proxies that this service trusts."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
NOWHERE = ipaddress.IPv4Address("0.0.0.0")


def client_address(request: HttpRequest) -> Address:
    """The address that the last trusted proxy saw; what stands further left in X-Forwarded-For anyone may write."""
    proxies: int = settings.TRUSTED_PROXIES
    told = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    if proxies and told:
        return read_address(told[-min(proxies, len(told))])
    return read_address(request.META.get("REMOTE_ADDR", ""))


def read_address(text: str) -> Address:
    """An address as proxies write it (`1.2.3.4`, `1.2.3.4:80`, `[::1]:80`); `NOWHERE` for what is none."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return NOWHERE
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address

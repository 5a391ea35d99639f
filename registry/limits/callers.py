"""For whom a request counts: its key, or the address that it came from."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

from registry.client_addresses import Address, client_address
from registry.keys.presenting import good_key
from registry.models import PartnerKey

OF_ONE_HOUSEHOLD = 64  # bits of an IPv6 address: whoever has one has all that share them


@dataclass(frozen=True)
class Limit:
    """`caller` is what counts together, `policy` the name under which callers are told."""

    caller: str
    policy: str
    requests: int


def limit_of(request: HttpRequest) -> Limit:
    """Of a key that opens nothing the address counts: who tries keys is limited as a stranger."""
    key = good_key(request)
    if key is None:
        return Limit(f"address:{network_of(client_address(request))}", "public", settings.PUBLIC_REQUESTS_A_MINUTE)
    policy = "trial" if key.is_trial else "key"
    return Limit(f"key:{key.pk}", policy, requests_of(key))


def requests_of(key: PartnerKey) -> int:
    """The requests a minute that a key may make."""
    usual: int = settings.TRIAL_KEY_REQUESTS_A_MINUTE if key.is_trial else settings.KEY_REQUESTS_A_MINUTE
    return key.most_requests or usual


def network_of(address: Address) -> str:
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((int(address), OF_ONE_HOUSEHOLD), strict=False))

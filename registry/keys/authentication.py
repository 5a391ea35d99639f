"""DRF's way to keys: `request.user` becomes their holder, `request.auth` the key."""

from __future__ import annotations

from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from registry.keys.holder import KeyHolder
from registry.keys.presenting import WWW_AUTHENTICATE, presented_key
from registry.models import PartnerKey


class KeyAuthentication(BaseAuthentication):
    """Before sessions: who presents a key is its holder, whatever cookies come along."""

    def authenticate(self, request: Request) -> tuple[KeyHolder, PartnerKey] | None:
        key = presented_key(request._request)
        return None if key is None else (KeyHolder(key), key)

    def authenticate_header(self, request: Request) -> str:
        return WWW_AUTHENTICATE

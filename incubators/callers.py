"""`caller/`: whom the API takes the caller for, what it may do, and when its key ends."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from incubators.keys import READ, scopes_of
from registry.api.parameters import LANG, Parameter
from registry.api.views import RegisterView
from registry.days import today
from registry.keys.telling import KeyState, events_of, state_of
from registry.models import PartnerKey

KINDS = ("public", "person", "key")


class KeyEventSerializer(serializers.Serializer[Any]):
    day = serializers.DateField(help_text=_("The day on which it happened or begins."))
    code = serializers.CharField(help_text=_("What happened, as a stable word."))
    text = serializers.CharField(help_text=_("What happened, as a sentence in the caller's language."))


class CallingKeySerializer(serializers.Serializer[Any]):
    prefix = serializers.CharField(help_text=_("The name of the key: what stands before its point."))
    label = serializers.CharField(help_text=_("What the key is used for."))  # type: ignore[assignment]
    partner = serializers.CharField(allow_null=True, help_text=_("The code of the partner who holds the key."))
    is_trial = serializers.BooleanField(help_text=_("Whether the key is for trying."))
    allowed_addresses = serializers.ListField(
        child=serializers.CharField(), help_text=_("From where it may be used; empty for anywhere.")
    )
    most_requests = serializers.IntegerField(
        allow_null=True, help_text=_("Its own limit of requests a minute; null for that of the register.")
    )
    valid_from = serializers.DateField(help_text=_("The first day on which it opens."))
    valid_until = serializers.DateField(help_text=_("The first day on which it opens no more."))
    state = serializers.ChoiceField(KeyState.choices, help_text=_("In force, or about to end."))
    events = KeyEventSerializer(many=True, help_text=_("What happened to it, newest first; before it ends, that too."))


class CallingSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(KINDS, help_text=_("Everybody, a person who signed in, or a key."))
    scopes = serializers.ListField(child=serializers.CharField(), help_text=_("What a caller may do here."))
    key = CallingKeySerializer(allow_null=True, help_text=_("The key that came with the request."))


class CallerSerializer(serializers.Serializer[Any]):
    """Who calls."""

    vars()["data"] = CallingSerializer()


class CallerView(RegisterView):
    """Who calls: everybody, a person, or a key with what it may do and what happens to it."""

    answer_serializer = CallerSerializer

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        return (LANG,)

    def get(self, request: Request) -> Response:
        key = request.auth if isinstance(request.auth, PartnerKey) else None
        kind = "key" if key is not None else "person" if request.user.is_authenticated else "public"
        scopes = [READ] if key is None else scopes_of(key)
        return Response({"data": {"kind": kind, "scopes": scopes, "key": key and _told(key)}})


def _told(key: PartnerKey) -> dict[str, Any]:
    day = today()
    return {
        "prefix": key.prefix,
        "label": key.label,
        "partner": key.partner.code if key.partner else None,
        "is_trial": key.is_trial,
        "allowed_addresses": key.allowed_addresses,
        "most_requests": key.most_requests,
        "valid_from": key.valid_from.isoformat(),
        "valid_until": key.valid_until.isoformat(),
        "state": state_of(key, day).value,
        "events": [{"day": e.day.isoformat(), "code": e.code, "text": str(e.text)} for e in events_of(key, day)],
    }

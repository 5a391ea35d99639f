"""What a key may do, as the contract writes it, and making one together with what it is granted."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import transaction

from incubators.models import Incubator, KeyGrant
from registry.keys import making
from registry.models import PartnerKey

if TYPE_CHECKING:
    from registry.models import User

READ, READ_PARTNER = "read", "read:partner"


def scopes_of(key: PartnerKey) -> list[str]:
    """Its scopes in order: `read`, `read:partner`, `write:incubator:<code>`, `write:financing:<party>`."""
    codes = key.grants.order_by("incubator__code").values_list("incubator__code", flat=True)
    partner = [READ_PARTNER] if key.reads_partner_fields else []
    party = [f"write:financing:{key.partner.code}"] if key.records_financings and key.partner else []
    return [READ, *partner, *(f"write:incubator:{code}" for code in codes), *party]


def make_key(
    maker: User | None = None, *, incubators: Iterable[Incubator] = (), **given: Any
) -> tuple[PartnerKey, str]:
    """A key that may write for the incubators, and its text; ValidationError where the rules refuse it."""
    with transaction.atomic():
        key, text = making.make_key(maker, **given)
        grant(key, incubators)
    return key, text


def grant(key: PartnerKey, incubators: Iterable[Incubator]) -> None:
    KeyGrant.objects.bulk_create(KeyGrant(key=key, incubator=incubator) for incubator in incubators)


def replace(
    key: PartnerKey, maker: User | None, overlap: datetime.timedelta = making.OVERLAP
) -> tuple[PartnerKey, str]:
    """As `registry.keys.making.replace`, with the same grants."""
    with transaction.atomic():
        new, text = making.replace(key, maker, overlap)
        grant(new, Incubator.objects.filter(key_grants__key=key))
    return new, text

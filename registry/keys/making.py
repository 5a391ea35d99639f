"""Making, replacing and revoking keys. The secret is given back once, and kept nowhere."""

from __future__ import annotations

import datetime
import hashlib
import secrets
import string
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from registry.days import today
from registry.models import PartnerKey

if TYPE_CHECKING:
    from registry.models import User

PREFIX_LENGTH = 8
SECRET_BYTES = 32
OVERLAP = datetime.timedelta(days=7)
RIGHTS = ("label", "partner", "is_trial", "reads_partner_fields", "records_financings", "allowed_addresses")
KEPT_BY_A_SUCCESSOR = (*RIGHTS, "most_requests")


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def furnish(key: PartnerKey, maker: User | None) -> str:
    """Gives a new key its name and its first day; its text `<prefix>.<secret>` as its holder will send it."""
    letters = string.ascii_lowercase + string.digits
    key.prefix = "".join(secrets.choice(letters) for _place in range(PREFIX_LENGTH))
    secret = secrets.token_urlsafe(SECRET_BYTES)
    key.digest = digest_of(secret)
    key.valid_from, key.made_by = today(), maker
    return f"{key.prefix}.{secret}"


def make_key(maker: User | None = None, **given: Any) -> tuple[PartnerKey, str]:
    """A saved key and its text; ValidationError where the rules refuse it."""
    given.setdefault("valid_until", today() + datetime.timedelta(days=30))
    key = PartnerKey(**given)
    text = furnish(key, maker)
    key.full_clean()
    key.save()
    return key, text


def replace(key: PartnerKey, maker: User | None, overlap: datetime.timedelta = OVERLAP) -> tuple[PartnerKey, str]:
    """A successor with the same rights for as long as the old key was made for; the old one ends after the overlap.

    The caller copies what other apps grant, in the same transaction.
    """
    with transaction.atomic():
        old = PartnerKey.objects.select_for_update().get(pk=key.pk)
        rights = {name: getattr(old, name) for name in KEPT_BY_A_SUCCESSOR}
        lasting = old.valid_until - old.valid_from
        new, text = make_key(maker, **rights, valid_until=today() + lasting, replaces=old)
        old.valid_until = min(old.valid_until, today() + max(overlap, datetime.timedelta(days=1)))
        old.save(update_fields=["valid_until"])
    key.valid_until = old.valid_until
    return new, text


def revoke(key: PartnerKey, by: User | None) -> bool:
    """Ends the key at once, in every process; False where it was revoked before."""
    ended = PartnerKey.objects.filter(pk=key.pk, revoked_at__isnull=True)
    return bool(ended.update(revoked_at=timezone.now(), revoked_by=by))

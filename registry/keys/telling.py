"""What is to be known of a key on a day: its state in a word, and what happened to it or will."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.days import last_included
from registry.models import PartnerKey

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SOON = datetime.timedelta(days=30)


class KeyState(models.TextChoices):
    """Computed, never stored."""

    IN_FORCE = "in_force", gettext_lazy("in force")
    ENDS_SOON = "ends_soon", gettext_lazy("ends soon")
    EXPIRED = "expired", gettext_lazy("expired")
    REVOKED = "revoked", gettext_lazy("revoked")


@dataclass(frozen=True)
class Event:
    """On which day, and what."""

    day: datetime.date
    code: str
    text: StrOrPromise


def state_of(key: PartnerKey, day: datetime.date) -> KeyState:
    if key.revoked_at is not None:
        return KeyState.REVOKED
    if not key.is_in_force(day):
        return KeyState.EXPIRED
    return KeyState.ENDS_SOON if key.valid_until - day <= SOON else KeyState.IN_FORCE


def events_of(key: PartnerKey, day: datetime.date) -> list[Event]:
    """What happened to the key by the day, newest first; before it ends, that it will."""
    made = _("made by %(who)s") % {"who": key.made_by.get_username()} if key.made_by else _("made")
    events = [Event(localdate(key.made_at), "made", made)]
    if key.replaces is not None:
        words = {"prefix": key.replaces.prefix}
        events.append(Event(localdate(key.made_at), "replaces", _("takes the place of %(prefix)s") % words))
    successor = PartnerKey.objects.filter(replaces=key).first()
    if successor is not None:
        words = {"prefix": successor.prefix}
        events.append(Event(localdate(successor.made_at), "replaced", _("replaced by %(prefix)s") % words))
    first = key.uses.order_by("day").values_list("day", flat=True).first()
    if first is not None:
        events.append(Event(first, "used", _("used for the first time")))
    events += _end_of(key, day)
    return sorted(events, key=lambda event: event.day, reverse=True)


def _end_of(key: PartnerKey, day: datetime.date) -> list[Event]:
    if key.revoked_at is not None:
        by = {"who": key.revoked_by.get_username() if key.revoked_by else "–"}
        return [Event(localdate(key.revoked_at), "revoked", _("revoked by %(who)s") % by)]
    state, last = state_of(key, day), last_included(key.valid_until)
    if state is KeyState.EXPIRED:
        return [Event(key.valid_until, "expired", _("expired; its last day was %(last)s") % {"last": last.isoformat()})]
    if state is KeyState.ENDS_SOON:
        words = {"last": last.isoformat(), "days": (key.valid_until - day).days}
        told = _("its last day is %(last)s: %(days)d days are left, replace it in time") % words
        return [Event(key.valid_until - SOON, "ends_soon", told)]
    return []

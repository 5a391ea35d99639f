"""Where the rows of incubators and of their people belong, and for which incubators a person works."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.db.models import Q

from incubators.models import (
    Designation,
    Incubator,
    IncubatorKind,
    IncubatorLevel,
    IncubatorSeat,
    KeyGrant,
    StaffMembership,
)
from incubators.models.staff import MembershipRole
from registry import scope
from registry.days import today
from registry.keys.holder import KeyHolder
from registry.models import KeyUse, PartnerKey, Role, User
from registry.scope import Circle, Incubators, Place


def memberships(user: User | KeyHolder, day: datetime.date) -> Mapping[Circle, Incubators]:
    """The incubators of the person's memberships on the day: all of them, and those as manager. Of a key its grants."""
    if isinstance(user, KeyHolder):
        granted = KeyGrant.objects.filter(key=user.key).values_list("incubator", flat=True)
        return {Circle.STAFF: frozenset(granted), Circle.MANAGERS: frozenset()}
    held = list(StaffMembership.objects.on(day).filter(user=user.pk).values_list("incubator", "role"))
    managed = frozenset(incubator for incubator, role in held if role == MembershipRole.MANAGER)
    return {Circle.STAFF: frozenset(incubator for incubator, _role in held), Circle.MANAGERS: managed}


def not_theirs_alone(incubators: Incubators) -> Q:
    """People whom the managers of these incubators do not manage: of another role, or working elsewhere, too."""
    elsewhere = _going_on().exclude(incubator__in=incubators)
    return ~Q(role=Role.STAFF) | Q(is_superuser=True) | Q(pk__in=elsewhere.values("user"))


def moved_on(incubators: Incubators) -> Q:
    """People who work for these incubators no more and have other work: docs/decisions/0025-former-colleagues.md."""
    here = _going_on().filter(incubator__in=incubators)
    return not_theirs_alone(incubators) & ~Q(pk__in=here.values("user"))


def not_of_an_incubator_alone(incubators: Incubators) -> Q:
    """Keys that a partner holds, or that write for another incubator, too: a registrar's to end."""
    elsewhere = KeyGrant.objects.exclude(incubator__in=incubators)
    return Q(partner__isnull=False) | Q(pk__in=elsewhere.values("key"))


def _going_on() -> Any:
    """Memberships in force today or to come."""
    return StaffMembership.objects.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=today()))


scope.declare_memberships(memberships)
scope.declare(scope.REFERENCE, IncubatorKind, IncubatorLevel)
scope.declare(Place(scope.ITSELF, writers=Circle.MANAGERS, removers=Circle.REGISTRARS), Incubator)
scope.declare(Place("incubator", writers=Circle.MANAGERS, removers=Circle.MANAGERS), IncubatorSeat)
scope.declare(Place("incubator", writers=Circle.REGISTRARS, removers=Circle.REGISTRARS), Designation)
scope.declare(
    Place(
        "incubator",
        readers=Circle.MANAGERS,
        writers=Circle.MANAGERS,
        removers=Circle.REGISTRARS,  # a membership is ended, not deleted
        anchors=("user",),
    ),
    StaffMembership,
)
scope.declare(
    Place(
        "memberships__incubator",
        readers=Circle.MANAGERS,
        writers=Circle.MANAGERS,
        removers=Circle.NOBODY,  # one who leaves is made inactive: changes name them
        beyond=not_theirs_alone,
        apart=moved_on,
    ),
    User,
)
scope.declare(
    Place(
        "grants__incubator",
        readers=Circle.MANAGERS,
        writers=Circle.MANAGERS,
        removers=Circle.NOBODY,  # a key is revoked: changes name it
        beyond=not_of_an_incubator_alone,
    ),
    PartnerKey,
)
scope.declare(Place("incubator", readers=Circle.MANAGERS, writers=Circle.NOBODY, removers=Circle.NOBODY), KeyGrant)
scope.declare(
    Place("key__grants__incubator", readers=Circle.MANAGERS, writers=Circle.NOBODY, removers=Circle.NOBODY), KeyUse
)

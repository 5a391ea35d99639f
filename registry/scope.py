"""Who may see and change which rows: one list of models, one `scope()`. What is not declared is closed to all.

The rights are the caller's of today, whatever the clocks of a question say: docs/decisions/0018-roles-and-scope.md.
"""

import datetime
import enum
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.models import Q

from registry.access import FieldClass, field_class
from registry.days import today

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from registry.keys.holder import KeyHolder
    from registry.models import User

    Person = User | AnonymousUser | KeyHolder

Rows = TypeVar("Rows", bound=models.QuerySet[Any])
Model = type[models.Model]
Incubators = frozenset[int]

ITSELF = "pk"
NO_INCUBATOR = None  # reference data and the register's own books: no incubator owns a row


class UndeclaredModelError(ImproperlyConfigured):
    """A model whose rows an answer would show without anyone having said that they may be seen."""


class Circle(enum.IntEnum):
    """Who has a right over the rows of a model, from the narrowest; each holds what those before it hold.

    Managers and staff hold it over the rows of their own incubators; managers are staff. Auditors are in no circle:
    they read every row and write none.
    """

    NOBODY = 0
    REGISTRARS = 1
    MANAGERS = 2
    STAFF = 3
    ROLES = 4
    """Every role, the analyst too; of rows that no incubator owns."""


@dataclass(frozen=True)
class Place:
    """Where a model's rows belong, and who reads, writes and deletes them.

    `incubator` is the lookup path from a row to the incubator it belongs to; `until`, over the same relation, that to
    the first day on which it belongs there no more. `party` is the path to the partners who, by a key made for that,
    hold the row as their own. `anchors` are foreign keys to rows that a change of this one could
    push out of its writer's scope. `beyond` gives the rows that nobody writes who keeps only these incubators, `apart`
    those that they do not even see, although the path leads to them.
    """

    incubator: str | None
    until: str = ""
    party: str = ""
    readers: Circle = Circle.STAFF
    writers: Circle = Circle.STAFF
    removers: Circle = Circle.STAFF
    anchors: tuple[str, ...] = ()
    beyond: Callable[[Incubators], Q] | None = None
    apart: Callable[[Incubators], Q] | None = None

    @property
    def owner(self) -> str:
        """The first step of the path: the row's own link to what it belongs to."""
        return (self.incubator or "").partition("__")[0]

    def held_by(self, incubators: Incubators, *, write: bool) -> Q:
        """The rows of these incubators; to write, while they belong there and for a while after."""
        held = Q(**{f"{self.incubator}__in": incubators})
        if write and self.until:
            began = today() - datetime.timedelta(days=settings.WRITABLE_DAYS_AFTER_LEAVING)
            held &= Q(**{f"{self.until}__isnull": True}) | Q(**{f"{self.until}__gt": began})
        return held


REFERENCE = Place(NO_INCUBATOR, readers=Circle.ROLES, writers=Circle.REGISTRARS, removers=Circle.REGISTRARS)
BOOKS = Place(NO_INCUBATOR, readers=Circle.REGISTRARS, writers=Circle.NOBODY, removers=Circle.NOBODY)

Memberships = Callable[[Any, datetime.date], Mapping[Circle, Incubators]]

_places: dict[Model, Place] = {}
_public: dict[Model, Callable[[], models.QuerySet[Any]]] = {}
_memberships: list[Memberships] = []
_KEPT = "_incubators_of_today"  # attribute of a user


# --- What the apps declare
def declare(place: Place, *kept: Model) -> None:
    """Each app says, for each of its models, where a row belongs."""
    _places.update(dict.fromkeys(kept, place))


def declared_places() -> Mapping[Model, Place]:
    return dict(_places)


def declare_memberships(question: Memberships) -> None:
    """How to ask for the incubators a person works for on a day: as `MANAGERS` and, all of them, as `STAFF`."""
    _memberships[:] = [question]


def declare_public(*models_of_all: Model) -> None:
    """Models of which everyone may see every row."""
    _public.update({model: model._default_manager.all for model in models_of_all})


def declare_public_rows(rows: Mapping[Model, Callable[[], models.QuerySet[Any]]]) -> None:
    """Models of which everyone may see some rows, with the question that gives them."""
    _public.update(rows)


def public_rows(model: Model) -> models.QuerySet[Any]:
    """The rows that everyone may see where an answer names them; UndeclaredModelError for a model not declared."""
    if model not in _public:
        raise UndeclaredModelError(f"{model._meta.label}: which rows everyone may see is not declared.")
    return _public[model]()


# --- The person
def incubators_of(user: "Person", circle: Circle) -> Incubators:
    """The incubators that the person works for today, as manager or as any staff; none for every other role."""
    if not (user.is_active and getattr(user, "is_incubator_staff", False)):
        return frozenset()
    day = today()
    kept: tuple[datetime.date, dict[Circle, Incubators]] | None = getattr(user, _KEPT, None)
    if kept is None or kept[0] != day:
        kept = (day, dict(_memberships[0](user, day)) if _memberships else {})
        setattr(user, _KEPT, kept)
    return kept[1].get(circle, frozenset())


def forget_memberships(user: "Person") -> None:
    """After a change that may concern the person's own: the next question asks the database again."""
    setattr(user, _KEPT, None)  # not `vars()`: the user of a request is a lazy object around the person


def worked_for(user: "Person", day: datetime.date) -> Incubators:
    """The incubators that the person worked for on a day, whatever became of the account since."""
    return _memberships[0](user, day).get(Circle.STAFF, frozenset()) if _memberships else frozenset()


def sees_all(user: "Person") -> bool:
    """Registrars and auditors: no row of a declared model is out of their sight."""
    return user.is_active and (getattr(user, "is_registrar", False) or getattr(user, "is_auditor", False))


def _is_in(user: "Person", circle: Circle) -> bool:
    if not user.is_active or circle is Circle.NOBODY:
        return False
    if getattr(user, "is_registrar", False):
        return True
    return circle in (Circle.MANAGERS, Circle.STAFF) and bool(incubators_of(user, circle))


def _is_party(user: "Person", place: Place) -> bool:
    """Whether rows of the place can be the caller's as a party to them, whichever incubator they belong to."""
    return bool(place.party) and user.is_active and getattr(user, "party", None) is not None


def may_enter(user: "Person", model: Model) -> bool:
    """Whether the person may see any row of the model at all."""
    place = _places.get(model)
    if place is None:
        return False
    if place.readers is Circle.ROLES:
        is_analyst = user.is_active and getattr(user, "is_analyst", False)
        return sees_all(user) or _is_in(user, Circle.STAFF) or (is_analyst and is_all_public(model))
    return sees_all(user) or _is_in(user, place.readers) or _is_party(user, place)


def may_write(user: "Person", model: Model) -> bool:
    """Whether the person may change any row of the model at all."""
    place = _places.get(model)
    return place is not None and (_is_in(user, place.writers) or _is_party(user, place))


def may_delete(user: "Person", model: Model) -> bool:
    place = _places.get(model)
    return place is not None and (_is_in(user, place.removers) or _is_party(user, place))


def is_all_public(model: Model) -> bool:
    return all(field_class(model, field.name) is FieldClass.PUBLIC for field in model._meta.concrete_fields)


# --- The rows
def scope(queryset: Rows, user: "Person", *, write: bool = False) -> Rows:
    """The rows that the person may see, or with `write` change."""
    model = queryset.model
    if not (may_write(user, model) if write else may_enter(user, model)):
        return queryset.none()
    place = _places[model]
    if getattr(user, "is_registrar", False) or (not write and sees_all(user)) or place.incubator is NO_INCUBATOR:
        return queryset
    held = rows_of(queryset, incubators_of(user, place.writers if write else place.readers), write=write)
    if not _is_party(user, place):
        return held
    own = model._base_manager.filter(**{place.party: getattr(user, "party", None)})
    return queryset.filter(Q(pk__in=held.values("pk")) | Q(pk__in=own.values("pk")))


def rows_of(queryset: Rows, incubators: Incubators, *, write: bool = False) -> Rows:
    """Those of the rows that belong to these incubators, whoever asks."""
    place = _places[queryset.model]
    held = queryset.model._base_manager.filter(place.held_by(incubators, write=write))
    if write and place.beyond is not None:
        held = held.exclude(place.beyond(incubators))
    if place.apart is not None:
        held = held.exclude(place.apart(incubators))
    return queryset.filter(pk__in=held.values("pk"))


def choices(key: Any, user: "Person") -> models.QuerySet[Any]:
    """The rows that the foreign key may be pointed at: those that are seen; as owner only one that may be written.

    A party's own rows may be about any owner that everyone may see. That an owner without `until` may be written is
    asked of the saved row: staff choose the incubator they work for.
    """
    target, place = key.remote_field.model, _places.get(key.model)
    is_owner = place is not None and place.owner == key.name and bool(getattr(_places.get(target), "until", ""))
    if target in _public and getattr(_places.get(target), "readers", None) is Circle.ROLES:
        return public_rows(target)  # code lists, which everyone may read
    rows: models.QuerySet[Any] = scope(target._default_manager.all(), user, write=is_owner)
    if not (place is not None and is_owner and _is_party(user, place) and target in _public):
        return rows
    every_owner = Q(pk__in=rows.values("pk")) | Q(pk__in=public_rows(target).values("pk"))
    owners: models.QuerySet[Any] = target._default_manager.filter(every_owner)
    return owners


def unseen_keys(rows: Iterable[models.Model], user: "Person") -> set[str]:
    """The names of the foreign keys by which one of the rows, all of one model, points to a row not to be seen."""
    listed = list(rows)
    if not listed or sees_all(user):
        return set()
    keys = [field for field in type(listed[0])._meta.concrete_fields if field.is_relation]
    return {key.name for key in keys if not _all_seen(key, {getattr(row, key.attname) for row in listed}, user)}


def _all_seen(key: Any, values: set[Any], user: "Person") -> bool:
    target, values = key.remote_field.model, values - {None}
    place = _places.get(target)
    if not values or (place is not None and place.readers is Circle.ROLES):
        return True
    return bool(scope(target._base_manager.filter(pk__in=values), user).count() == len(values))

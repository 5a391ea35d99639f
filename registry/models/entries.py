"""What every entry of the register shares: a version, periods, and who may read which field."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar, Self, cast

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.days import last_included
from registry.models.naming import Named


class EntryQuerySet(models.QuerySet[Any]):
    """Questions that any entry can answer."""

    _shares_joins = False

    def sharing_joins(self) -> Self:
        """Further filters over one relation use one join, as if they were one call.

        For relations of which there is at most one row: Django gives each call over a to-many relation its own join.
        """
        queryset = self._chain()
        queryset._shares_joins = True
        return queryset

    def _clone(self) -> Self:
        queryset = super()._clone()  # type: ignore[misc]
        queryset._shares_joins = self._shares_joins
        return cast("Self", queryset)

    def _chain(self) -> Self:
        if self._shares_joins:
            self._sticky_filter = True
        return cast("Self", super()._chain())  # type: ignore[misc]


class PeriodQuerySet(EntryQuerySet):
    """Entries that hold for a half-open period `[from, until)`; an open end is empty."""

    def on(self, day: datetime.date) -> Self:
        return self.filter(in_period(day))


def in_period(day: datetime.date, prefix: str = "", start: str = "valid_from", end: str = "valid_until") -> Q:
    """The condition that a row's period holds `day`; `prefix` is a relation path such as `seats__`."""
    begun = Q(**{f"{prefix}{start}__isnull": True}) | Q(**{f"{prefix}{start}__lte": day})
    not_over = Q(**{f"{prefix}{end}__isnull": True}) | Q(**{f"{prefix}{end}__gt": day})
    return begun & not_over


class Entry(models.Model):
    """A row whose every change leaves a version (see `registry.history`).

    `version` counts the changes of the row. The database keeps it: what an instance holds after a save
    is stale until it is read again.
    """

    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    objects: ClassVar[Any] = EntryQuerySet.as_manager()

    class Meta:
        abstract = True

    class Access:
        public: ClassVar[tuple[str, ...]] = ("id", "version")


class DateRange(Func):
    """PostgreSQL's `daterange(from, until)`: half-open, an empty side is without bound."""

    function = "DATERANGE"
    output_field = DateRangeField()


class Owner(Func):
    """A key so written that only its constraint looks it up: PostgreSQL takes the GiST index of an exclusion for as
    cheap as the plain one of the foreign key, and reads three times as long."""

    template = "(%(expressions)s + 0)"
    output_field = models.BigIntegerField()


class NoOverlap(ExclusionConstraint):
    """No two periods of the same owner share a day; checked at commit, so that an end and a beginning may
    be written in either order. A form set that judges its rows together sets `judged_as_a_set` on them."""

    def __init__(
        self,
        *,
        name: str,
        owner: tuple[str, ...] = (),
        start: str = "valid_from",
        end: str = "valid_until",
        violation_error_message: str | Promise | None = None,
        expressions: Any = None,
        deferrable: Any = models.Deferrable.DEFERRED,
        **rest: Any,
    ) -> None:
        if expressions is None:
            # The owner first: an index by ranges alone finds half of all rows under any range.
            same = [(F(field), RangeOperators.EQUAL) for field in owner]
            if owner and owner[0] != "code":  # which is no key of another row
                same[0] = (Owner(F(owner[0])), RangeOperators.EQUAL)  # type: ignore[assignment]
            expressions = [*same, (DateRange(F(start), F(end)), RangeOperators.OVERLAPS)]
        super().__init__(
            name=name,
            expressions=expressions,
            deferrable=deferrable,
            violation_error_message=violation_error_message,  # type: ignore[arg-type]
            **rest,
        )

    # By the expressions: a clone of the constraint keeps nothing else.
    @property
    def sides(self) -> tuple[str, str]:
        """The fields of the period."""
        period: Any = self.expressions[-1][0]
        start, end = (side.name for side in period.get_source_expressions())
        return start, end

    @property
    def owner(self) -> list[str]:
        """The fields by which rows belong together."""
        owners: list[Any] = [expression for expression, _operator in self.expressions[:-1]]
        return [(one.get_source_expressions()[0] if isinstance(one, Owner) else one).name for one in owners]

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: str = "default") -> None:
        start, end = (getattr(instance, side) for side in self.sides)
        is_backwards = start is not None and end is not None and end < start  # another rule's to say
        if not is_backwards and not getattr(instance, "judged_as_a_set", False):
            super().validate(model, instance, exclude=exclude, using=using)


FIRST_DAY, LAST_DAY = datetime.date(1900, 1, 1), datetime.date(2199, 12, 31)


def plausible(field: str) -> Q:
    """Empty, or a day that can be meant: between 1900 and 2199."""
    return Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__range": (FIRST_DAY, LAST_DAY)})


def period_is_not_empty(start: str = "valid_from", end: str = "valid_until") -> models.CheckConstraint:
    """An empty range never overlaps anything, so it must not exist."""
    in_order = Q(**{f"{end}__gt": F(start)}) | Q(**{f"{end}__isnull": True}) | Q(**{f"{start}__isnull": True})
    return models.CheckConstraint(
        condition=in_order & plausible(start) & plausible(end),
        name="%(app_label)s_%(class)s_period_not_empty",
        violation_error_message=_("A period ends after it begins, and lies between 1900 and 2199."),
    )


def shown_period(start: datetime.date | None, end: datetime.date | None) -> str:
    """For people: from the first day to the last day included."""
    last = last_included(end).isoformat() if end else ""
    return f"{start.isoformat() if start else ''} – {last}".strip()


def in_choices(field: str, choices: type[models.TextChoices]) -> models.CheckConstraint:
    """Choices bind forms only; this binds the database."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__in": choices.values}),
        name=f"%(app_label)s_%(class)s_{field}_known",
        violation_error_message=_("This value is not one of the list."),
    )


class Mark(models.TextChoices):
    """How far a reference row can be relied on."""

    VERIFIED = "V", _("verified in a public source")
    DERIVED = "D", _("derived by arithmetic")
    MEMORY = "M", _("from memory, plausible")
    UNCERTAIN = "U", _("uncertain")


OFFICIAL_MARKS = (Mark.VERIFIED, Mark.DERIVED)


class Sourced(models.Model):
    """Where a reference row comes from; rows marked from memory or uncertain are unofficial."""

    mark = models.CharField(_("mark"), max_length=1, choices=Mark.choices, default=Mark.UNCERTAIN)
    source = models.CharField(_("source"), max_length=300, blank=True)

    class Meta:
        abstract = True

    class Access:
        public: ClassVar[tuple[str, ...]] = ("mark", "source")

    @property
    def is_official(self) -> bool:
        return self.mark in OFFICIAL_MARKS


class DatedCode(Named, Sourced, Entry):
    """A code of a list, in force for a period. The same code may return for another period."""

    code = models.CharField(_("code"), max_length=40, db_index=True)
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_until = models.DateField(_("until (excluded)"), null=True, blank=True)

    objects: ClassVar[Any] = PeriodQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ("code",)
        constraints: ClassVar[Any] = (
            period_is_not_empty(),
            in_choices("mark", Mark),
            NoOverlap(
                name="%(app_label)s_%(class)s_code_once_a_day",
                owner=("code",),
                violation_error_message=_("This code is already in force on a day of this period."),
            ),
        )

    class Access:
        public: ClassVar[tuple[str, ...]] = ("code", "valid_from", "valid_until")


class Vocabulary(DatedCode):
    """A code of a list in which a code is used once and for all."""

    class Meta(DatedCode.Meta):
        abstract = True
        constraints: ClassVar[Any] = (
            period_is_not_empty(),
            in_choices("mark", Mark),
            models.UniqueConstraint(
                fields=("code",),
                name="%(app_label)s_%(class)s_code_unique",
                violation_error_message=_("This code is already in the list."),
            ),
        )


def position_is_whole() -> models.CheckConstraint:
    """Latitude and longitude (WGS 84, degrees) come together and lie on the globe."""
    return models.CheckConstraint(
        condition=Q(latitude__isnull=True, longitude__isnull=True)
        # A CHECK accepts what is NULL, so that presence is said apart.
        | Q(latitude__isnull=False, longitude__isnull=False)
        & Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
        name="%(app_label)s_%(class)s_position_whole",
        violation_error_message=_("A position is a latitude (-90 to 90) together with a longitude (-180 to 180)."),
    )


class Positioned(models.Model):
    """A position in WGS 84 degrees, or none."""

    latitude = models.DecimalField(_("latitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=8, decimal_places=5, null=True, blank=True)

    class Meta:
        abstract = True

    class Access:
        public: ClassVar[tuple[str, ...]] = ("latitude", "longitude")


class Distance(Func):
    """Whole metres between two positions; empty when one is."""

    function = "registry_distance"
    output_field = models.IntegerField()


class IsCreditCode(Func):
    """The database's own full check of a credit code, both check characters included."""

    function = "registry_is_credit_code"
    output_field = models.BooleanField()

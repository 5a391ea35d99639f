"""What each public firm is filtered by, day by day: one narrow row where the list itself asks many tables."""

from __future__ import annotations

import datetime
import hashlib
from enum import IntEnum
from functools import reduce
from operator import or_
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from companies.models.companies import Company
from incubators.models import Incubator
from registry.models import District, Hub, Industry, ReportingUnit, StrategicField

STATES_FROM = datetime.date(2026, 1, 1)
"""The first day that has states; the database holds the same in `companies_states_from()`."""


class Facet(IntEnum):
    """What a mark tells of a firm on a day; the numbers stand in `companies_states_of()`, too."""

    CERTIFIED = 1  # kind of a valid certificate
    TECHNOLOGY_FIELD = 2  # of a valid certificate
    CERTIFIED_IN_FIELD = 3  # both, of one certificate
    EVER_CERTIFIED = 4  # kind
    UNIVERSITY = 5  # of a link
    BASIS = 6  # of a link
    UNIVERSITY_ON_BASIS = 7  # both, of one link
    LINKED = 8
    GRADUATED = 9
    FINANCED = 10
    INSTRUMENT = 11
    HOLDER = 12  # of any valid certificate


def mark(facet: Facet, code: int = 0, other: int = 0) -> int:
    """One number for a facet and the keys of its codes, which stay below 2 ** 24: that of `companies_mark()`."""
    return facet << 48 | code << 24 | other


def bits_of(text: str) -> int:
    """The bits of `characters` that a name with this text has: one of 63 for each character that is not of ASCII.

    Other characters share a bit, so the bits only tell where to look; `companies_write_states()` sets them.
    """
    return reduce(or_, (1 << ord(character) % 63 for character in text if ord(character) > 127), 0)


def basis_number(basis: str) -> int:
    """A basis of a link as a number: the first six digits of its MD5."""
    return int(hashlib.md5(basis.encode(), usedforsecurity=False).hexdigest()[:6], 16)


class CompanyStateQuerySet(models.QuerySet[Any]):
    def on(self, day: datetime.date) -> CompanyStateQuerySet:
        """One state of each public firm; of a day before STATES_FROM none."""
        return self.filter(valid_from__lte=day, valid_until__gt=day)


class CompanyState(models.Model):
    """What a public firm is filtered by, over days on which none of it changes.

    Derived, kept by trigger; no entry. From STATES_FROM on each firm that everyone may see has one state on each day,
    the last of them until 9999-12-31. Seat and host are those of these days; `is_seated` says that the firm exists,
    too. `held_until` ends the longest of the certificates that count then (9999-12-31: it has no end). `marks` holds a
    number for each thing of which there may be several (`mark`), `characters` a bit for each character of its names, of
    any day (`bits_of`).

    Keys have no constraint, for what is derived follows what it is derived from. That of the firm has one in the
    database (migration 0018) which Django cannot declare: states go with their firm, whoever deletes it.
    """

    company = models.ForeignKey(
        Company, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until (excluded)"))
    is_seated = models.BooleanField(_("existing, and seated in the city"))
    district = models.ForeignKey(
        District, null=True, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    reporting_unit = models.ForeignKey(
        ReportingUnit, null=True, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    hub = models.ForeignKey(
        Hub, null=True, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    strategic_field = models.ForeignKey(
        StrategicField, null=True, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    industry = models.ForeignKey(
        Industry, null=True, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    established_on = models.DateField(_("established on"), null=True)
    campus_metres = models.PositiveIntegerField(_("metres to the nearest campus"), null=True)
    latitude = models.DecimalField(_("latitude"), max_digits=8, decimal_places=5, null=True)
    longitude = models.DecimalField(_("longitude"), max_digits=8, decimal_places=5, null=True)
    incubator = models.ForeignKey(
        Incubator, null=True, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    held_until = models.DateField(_("certified until (excluded)"), null=True)
    marks = ArrayField(models.BigIntegerField(), verbose_name=_("marks"))
    characters = models.BigIntegerField(_("characters of its names"), default=0)

    objects: ClassVar[Any] = CompanyStateQuerySet.as_manager()

    class Meta:
        verbose_name = _("state of a firm")
        verbose_name_plural = _("states of firms")
        indexes = (
            models.Index(fields=("company", "valid_until"), name="companystate_of_company"),
            models.Index(fields=("district",), name="companystate_district"),
            models.Index(fields=("reporting_unit",), name="companystate_unit"),
            models.Index(fields=("hub",), name="companystate_hub"),
            models.Index(fields=("strategic_field",), name="companystate_field"),
            models.Index(fields=("industry",), name="companystate_industry"),
            models.Index(fields=("established_on",), name="companystate_established"),
            models.Index(fields=("latitude", "longitude"), name="companystate_position"),
            models.Index(
                fields=("campus_metres",), condition=Q(campus_metres__isnull=False), name="companystate_campus"
            ),
            models.Index(fields=("incubator",), condition=Q(incubator__isnull=False), name="companystate_incubator"),
            models.Index(fields=("valid_from",), condition=Q(is_seated=False), name="companystate_elsewhere"),
            models.Index(fields=("held_until",), condition=Q(held_until__isnull=False), name="companystate_held"),
            # A list of what is not yet in the tree would be read by every count.
            GinIndex(fields=("marks",), fastupdate=False, name="companystate_marks"),
        )

    class Access:
        public: ClassVar[tuple[str, ...]] = (
            "id",
            "company",
            "valid_from",
            "valid_until",
            "is_seated",
            "district",
            "reporting_unit",
            "hub",
            "strategic_field",
            "industry",
            "established_on",
            "campus_metres",
            "latitude",
            "longitude",
            "incubator",
            "held_until",
            "marks",
            "characters",
        )

    def __str__(self) -> str:
        return f"{self.company_id} {self.valid_from}"

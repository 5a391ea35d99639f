"""What public facts are filtered by: one narrow row for each, where the list itself joins the firm, its seat and host.

Each table names its own columns as the fact does, so that the filters of the list read them as they are.
"""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from companies.models.certifications import Certification, CertificationKind
from companies.models.companies import Company
from companies.models.financing import Financing, FinancingInstrument
from companies.models.links import Residency
from companies.models.pilot_zones import PilotZone
from incubators.models import Incubator
from registry.models import District, Hub, Industry, ReportingUnit, StrategicField, TechnologyField

# The facts' own keys are checked; these follow them at commit.
_UNCHECKED: dict[str, Any] = {"on_delete": models.DO_NOTHING, "related_name": "+", "db_constraint": False}


def derived_from(model: type[models.Model], *, is_nullable: bool = True) -> Any:
    """The key of a row that the facts refer to."""
    return models.ForeignKey(model, null=is_nullable, db_index=False, **_UNCHECKED)


class EventState(models.Model):
    """What a fact about a public firm is filtered by. Derived at commit; no entry.

    Seat and host are those of the fact's own day; `is_seated` says that the firm had a seat. `universities` are those
    to which it had a recorded link then. Hub, field and industry are the firm's.
    """

    company = derived_from(Company, is_nullable=False)
    is_seated = models.BooleanField(_("seated in the city"))
    district = derived_from(District)
    reporting_unit = derived_from(ReportingUnit)
    incubator = derived_from(Incubator)
    hub = derived_from(Hub)
    strategic_field = derived_from(StrategicField)
    industry = derived_from(Industry)
    universities = ArrayField(models.BigIntegerField(), verbose_name=_("universities"))

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        abstract = True

    class Access:
        public: ClassVar[tuple[str, ...]] = (
            "company",
            "is_seated",
            "district",
            "reporting_unit",
            "incubator",
            "hub",
            "strategic_field",
            "industry",
            "universities",
        )


class CertificationState(EventState):
    """What a certificate is filtered by; its day is that of issue."""

    certification = models.OneToOneField(Certification, primary_key=True, **_UNCHECKED)
    kind = derived_from(CertificationKind, is_nullable=False)
    technology_field = derived_from(TechnologyField)
    issued_on = models.DateField(_("issued on"))
    valid_until = models.DateField(_("valid until (excluded)"), null=True)
    revoked_from = models.DateField(_("revoked with effect from"), null=True)

    class Meta:
        verbose_name = _("state of a certificate")
        verbose_name_plural = _("states of certificates")
        indexes = (
            models.Index(fields=("company",), name="certificationstate_of_company"),
            models.Index(fields=("district",), name="certificationstate_district"),
            models.Index(fields=("reporting_unit",), name="certificationstate_unit"),
            models.Index(fields=("hub",), name="certificationstate_hub"),
            models.Index(fields=("strategic_field",), name="certificationstate_field"),
            models.Index(fields=("industry",), name="certificationstate_industry"),
            models.Index(
                fields=("incubator",), condition=Q(incubator__isnull=False), name="certificationstate_incubator"
            ),
            # A list of what is not yet in the tree would be read by every count.
            GinIndex(fields=("universities",), fastupdate=False, name="certificationstate_links"),
        )

    class Access:
        public: ClassVar[tuple[str, ...]] = (
            "certification",
            "kind",
            "technology_field",
            "issued_on",
            "valid_until",
            "revoked_from",
        )

    def __str__(self) -> str:
        return f"{self.certification_id} {self.issued_on}"


class ResidencyStateQuerySet(models.QuerySet[Any]):
    def on(self, day: datetime.date) -> ResidencyStateQuerySet:
        """One state of each stay in the answer about the day; of a day before STATES_FROM only of those that ended."""
        return self.filter(answers_from__lte=day, answers_until__gt=day)


class ResidencyState(EventState):
    """What a stay is filtered by; its day is the one on which the firm left.

    An open stay has no such day: it has one state for each answer's day, over spans of days on which its firm's seat
    and links stay the same, from STATES_FROM on. That of a stay that ended serves answers about any day.
    """

    residency = derived_from(Residency, is_nullable=False)
    answers_from = models.DateField(_("for answers about this day and later"))
    answers_until = models.DateField(_("until (excluded)"))
    outcome = models.CharField(_("outcome"), max_length=11, blank=True)
    ground = models.CharField(_("ground of graduation"), max_length=18, blank=True)
    entered_on = models.DateField(_("entered on"))
    left_on = models.DateField(_("left on"), null=True)

    objects: ClassVar[Any] = ResidencyStateQuerySet.as_manager()

    class Meta:
        verbose_name = _("state of a stay")
        verbose_name_plural = _("states of stays")
        indexes = (models.Index(fields=("company",), name="residencystate_of_company"),)

    class Access:
        public: ClassVar[tuple[str, ...]] = (
            "id",
            "residency",
            "answers_from",
            "answers_until",
            "outcome",
            "ground",
            "entered_on",
            "left_on",
        )

    def __str__(self) -> str:
        return f"{self.residency_id} {self.answers_from}"


class FinancingState(EventState):
    """What a published financing is filtered by; its day is that of the agreement."""

    financing = models.OneToOneField(Financing, primary_key=True, **_UNCHECKED)
    instrument = derived_from(FinancingInstrument, is_nullable=False)
    pilot_zone = derived_from(PilotZone)
    agreed_on = models.DateField(_("agreed on"))

    class Meta:
        verbose_name = _("state of a financing")
        verbose_name_plural = _("states of financings")
        indexes = (models.Index(fields=("company",), name="financingstate_of_company"),)

    class Access:
        public: ClassVar[tuple[str, ...]] = ("financing", "instrument", "pilot_zone", "agreed_on")

    def __str__(self) -> str:
        return f"{self.financing_id} {self.agreed_on}"

"""Where the rows of firms and of their facts belong: to the incubators in which the firm is or was in residence."""

from django.db.models import Q

from companies.models import (
    AnnualReport,
    Certification,
    CertificationKind,
    Company,
    CompanyName,
    Explanation,
    Financing,
    FinancingInstrument,
    FinancingParty,
    FinancingStatusEvent,
    Indicator,
    Notice,
    NoticeLine,
    Observation,
    PilotZone,
    PilotZoneMember,
    Residency,
    Seat,
    SoftRule,
    Target,
    TargetArea,
    TargetAreaMember,
    UniversityLink,
    Upload,
    UploadRow,
)
from registry import scope
from registry.scope import Circle, Place

HOST, LEFT, PARTY = "residencies__incubator", "residencies__left_on", "parties__partner"

scope.declare(Place(HOST, until=LEFT, removers=Circle.REGISTRARS), Company)
scope.declare(Place("incubator", until="left_on", anchors=("company",)), Residency)
scope.declare(
    Place(f"company__{HOST}", until=f"company__{LEFT}"),
    *(CompanyName, Seat, UniversityLink, AnnualReport, Certification),
)
scope.declare(Place(f"company__{HOST}", until=f"company__{LEFT}", party=PARTY), Financing)
scope.declare(
    Place(f"financing__company__{HOST}", until=f"financing__company__{LEFT}", party=f"financing__{PARTY}"),
    *(FinancingParty, FinancingStatusEvent),
)
scope.declare(
    Place(
        f"company__{HOST}",
        until=f"company__{LEFT}",
        removers=Circle.NOBODY,  # it stays on the record
        apart=lambda incubators: Q(residency__isnull=False) & ~Q(residency__incubator__in=incubators),
    ),
    Explanation,
)
scope.declare(
    scope.REFERENCE,
    *(SoftRule, CertificationKind, FinancingInstrument, Indicator, Observation, PilotZone, PilotZoneMember),
    *(Target, TargetArea, TargetAreaMember),
)
scope.declare(Place("incubator", removers=Circle.NOBODY), Upload)
scope.declare(Place("upload__incubator", writers=Circle.NOBODY, removers=Circle.NOBODY), UploadRow)
# Which lists there are, everybody who works here may know; of their lines, those of the own firms.
scope.declare(
    Place(scope.NO_INCUBATOR, readers=Circle.STAFF, writers=Circle.REGISTRARS, removers=Circle.REGISTRARS), Notice
)
scope.declare(Place(f"company__{HOST}", writers=Circle.REGISTRARS, removers=Circle.NOBODY), NoticeLine)

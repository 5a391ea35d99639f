from registry.models.changes import ChangeSet, Clock
from registry.models.entries import DatedCode, Entry, Mark, Vocabulary
from registry.models.kept_answers import KeptAnswer
from registry.models.keys import KeyUse, PartnerKey
from registry.models.limits import RequestCount
from registry.models.partners import Partner, PartnerKind
from registry.models.places import (
    CorridorArea,
    CorridorNode,
    CorridorNodeKind,
    DatePrecision,
    District,
    Province,
    ReportingUnit,
    Zone,
)
from registry.models.readings import PersonalDataReading
from registry.models.universities import Campus, Circle, CircleSite, University
from registry.models.users import Role, User
from registry.models.vocabularies import Hub, Industry, StrategicField, TechnologyField

__all__ = [
    "Campus",
    "ChangeSet",
    "Circle",
    "CircleSite",
    "Clock",
    "CorridorArea",
    "CorridorNode",
    "CorridorNodeKind",
    "DatePrecision",
    "DatedCode",
    "District",
    "Entry",
    "Hub",
    "Industry",
    "KeptAnswer",
    "KeyUse",
    "Mark",
    "Partner",
    "PartnerKey",
    "PartnerKind",
    "PersonalDataReading",
    "Province",
    "ReportingUnit",
    "RequestCount",
    "Role",
    "StrategicField",
    "TechnologyField",
    "University",
    "User",
    "Vocabulary",
    "Zone",
]

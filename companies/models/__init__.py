from companies.models.certifications import Certification, CertificationKind, ValidityRule
from companies.models.companies import Company, CompanyChange, CompanyName
from companies.models.disclosure import FinancingTable, FinancingTableCell
from companies.models.event_states import CertificationState, FinancingState, ResidencyState
from companies.models.figures import Indicator, MeasureKind, Observation, Target, TargetArea, TargetAreaMember
from companies.models.financing import (
    Confidentiality,
    Financing,
    FinancingInstrument,
    FinancingParty,
    FinancingStatus,
    FinancingStatusEvent,
    InstrumentKind,
    PartyRole,
)
from companies.models.findings import Explanation, SoftRule
from companies.models.links import (
    AdjacencyBasis,
    AnnualReport,
    GraduationGround,
    Residency,
    ResidencyOutcome,
    UniversityLink,
)
from companies.models.notices import Notice, NoticeLine
from companies.models.pilot_zones import PilotZone, PilotZoneMember
from companies.models.search import SearchText
from companies.models.seats import Seat
from companies.models.soft_checks import SoftCheck
from companies.models.states import CompanyState
from companies.models.uploads import Upload, UploadRow, Work

__all__ = [
    "AdjacencyBasis",
    "AnnualReport",
    "Certification",
    "CertificationKind",
    "CertificationState",
    "Company",
    "CompanyChange",
    "CompanyName",
    "CompanyState",
    "Confidentiality",
    "Explanation",
    "Financing",
    "FinancingInstrument",
    "FinancingParty",
    "FinancingState",
    "FinancingStatus",
    "FinancingStatusEvent",
    "FinancingTable",
    "FinancingTableCell",
    "GraduationGround",
    "Indicator",
    "InstrumentKind",
    "MeasureKind",
    "Notice",
    "NoticeLine",
    "Observation",
    "PartyRole",
    "PilotZone",
    "PilotZoneMember",
    "Residency",
    "ResidencyOutcome",
    "ResidencyState",
    "SearchText",
    "Seat",
    "SoftCheck",
    "SoftRule",
    "Target",
    "TargetArea",
    "TargetAreaMember",
    "UniversityLink",
    "Upload",
    "UploadRow",
    "ValidityRule",
    "Work",
]

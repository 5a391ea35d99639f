"""Firms and the facts about them in the feed, and who may see them: as in lists, by what is stored alone."""

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
)
from companies.models.questions import SOLE_TRADER
from registry.feed.types import Circle, FeedType, declare_feed, leave_out

PUBLIC_FIRM = f"{{v}}.is_published AND left({{v}}.uscc, {len(SOLE_TRADER)}) <> '{SOLE_TRADER}'"
FINANCINGS = {
    Circle.PUBLIC: "{v}.confidentiality = 'published'",
    Circle.PARTNER: "{v}.confidentiality IN ('published', 'partners')",
}

declare_feed(
    FeedType(CertificationKind, "certification_kind"),
    FeedType(FinancingInstrument, "instrument"),
    FeedType(PilotZone, "pilot_zone"),
    FeedType(PilotZoneMember, "pilot_zone_member"),
    FeedType(Indicator, "indicator"),
    FeedType(TargetArea, "target_area"),
    FeedType(TargetAreaMember, "target_area_member"),
    FeedType(Target, "target"),
    FeedType(Observation, "observation"),
    FeedType(Company, "company", shown=dict.fromkeys(Circle, PUBLIC_FIRM)),
    FeedType(CompanyName, "company_name", owner="company"),
    FeedType(Seat, "seat", owner="company"),
    FeedType(Residency, "residency", owner="company"),
    FeedType(UniversityLink, "university_link", owner="company"),
    FeedType(Certification, "certification", owner="company"),
    FeedType(AnnualReport, "annual_report", owner="company", shown={Circle.PARTNER: "true"}),
    FeedType(Financing, "financing", owner="company", shown=FINANCINGS),
    FeedType(FinancingParty, "financing_party", owner="financing"),
)
leave_out(FinancingStatusEvent, "internal: what became of a financing is its parties' to tell")
leave_out(SoftRule, "internal: how entries are checked")
leave_out(Explanation, "internal: why a finding is none")

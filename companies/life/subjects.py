"""What a firm's life is told of: the firm and its public facts, each with the members that a change shows.

Codes stand as the register knew them when it recorded the version.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from companies.models.questions import SOLE_TRADER


def coded(table: str, column: str, code: str = "code", condition: str = "true") -> str:
    """SQL for the code that a foreign key of the version `v` meant when the version was recorded."""
    return (
        f"(SELECT c.{code} FROM history.{table} c WHERE c.id = v.{column} AND c.recorded @> lower(v.recorded)"
        f" AND {condition})"
    )


WITHDRAWN = "SELECT entry_id FROM history.withdrawn WHERE table_name = '{table}'"
IS_PUBLIC = "{version}.is_published AND {version}.uscc NOT LIKE '{sole_trader}%%'"
"""With the percent sign of a statement with parameters."""
PUBLIC_SUCCESSOR = (
    IS_PUBLIC.format(version="c", sole_trader=SOLE_TRADER)
    + f" AND c.id NOT IN ({WITHDRAWN.format(table='companies_company')})"
)


@dataclass(frozen=True)
class Subject:
    """One kind of entry in a firm's life.

    `members` are shown, as SQL over the version `v`; it holds from `begins` until `ends`. `ending` names the members
    that alone change when it comes to an end, the first of which is empty before.
    """

    name: str
    table: str
    members: Mapping[str, str]
    begins: str
    ends: str
    ending: tuple[str, ...]
    owner: str = "company_id"
    condition: str = "true"


def columns(*names: str) -> dict[str, str]:
    return {name: f"v.{name}" for name in names}


PERIOD = columns("valid_from", "valid_until")

FIRM = Subject(
    "firm",
    "companies_company",
    {
        **columns("uscc", "established_on", "dissolved_on", "website"),
        "registered_capital": "v.registered_capital::text",
        "hub": coded("registry_hub", "hub_id"),
        "strategic_field": coded("registry_strategicfield", "strategic_field_id"),
        "industry": coded("registry_industry", "industry_id"),
        "successor": coded("companies_company", "successor_id", "uscc", PUBLIC_SUCCESSOR),
    },
    "v.established_on",
    "v.dissolved_on",
    ("dissolved_on", "successor"),
    owner="id",
)
NAME = Subject(
    "name",
    "companies_companyname",
    columns("name_zh", "name_en") | PERIOD,
    "v.valid_from",
    "v.valid_until",
    ("valid_until",),
)
SEAT = Subject(
    "seat",
    "companies_seat",
    {
        "district": coded("registry_district", "district_id"),
        "reporting_unit": coded("registry_reportingunit", "reporting_unit_id"),
        "address": "v.address",
        "latitude": "v.latitude::text",
        "longitude": "v.longitude::text",
        "moved_from": coded("registry_province", "moved_from_id"),
        "moved_to": coded("registry_province", "moved_to_id"),
        **PERIOD,
    },
    "v.valid_from",
    "v.valid_until",
    ("valid_until", "moved_to"),
)
RESIDENCY = Subject(
    "residency",
    "companies_residency",
    {
        "incubator": coded("incubators_incubator", "incubator_id"),
        **columns("entered_on", "left_on", "outcome", "ground"),
    },
    "v.entered_on",
    "v.left_on",
    ("left_on", "outcome", "ground"),
)
LINK = Subject(
    "university_link",
    "companies_universitylink",
    {
        "university": coded("registry_university", "university_id"),
        "basis": "v.basis",
        "circle_site": coded("registry_circlesite", "circle_site_id", "name_zh"),
        **PERIOD,
    },
    "v.valid_from",
    "v.valid_until",
    ("valid_until",),
)
CERTIFICATION = Subject(
    "certification",
    "companies_certification",
    {
        "kind": coded("companies_certificationkind", "kind_id"),
        "technology_field": coded("registry_technologyfield", "technology_field_id"),
        **columns("number", "issued_on", "valid_until", "revoked_from", "revoked_on", "revocation_reason", "issuer"),
    },
    "v.issued_on",
    "LEAST(v.valid_until, v.revoked_from)",
    ("revoked_from", "revoked_on", "revocation_reason"),
)
FINANCING = Subject(
    "financing",
    "companies_financing",
    {
        "instrument": coded("companies_financinginstrument", "instrument_id"),
        "pilot_zone": coded("companies_pilotzone", "pilot_zone_id"),
        "agreed_on": "v.agreed_on",
        "agreed_amount": "v.agreed_amount::text",
        "drawn_amount": "v.drawn_amount::text",
        "matures_on": "v.matures_on",
    },
    "v.agreed_on",
    "v.matures_on",
    ("matures_on",),
    condition=f"v.confidentiality = 'published' AND v.id NOT IN ({WITHDRAWN.format(table='companies_financing')})",
)
SUBJECTS = (FIRM, NAME, SEAT, RESIDENCY, LINK, CERTIFICATION, FINANCING)

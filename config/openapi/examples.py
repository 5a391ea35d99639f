"""Examples of the document. A test asks every parameter with its value here, and compares every answer."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

ANSWERS = Path(__file__).with_name("answers.json")
"""What each operation has answered about a few invented firms, in English; `make schema` writes it."""

PARAMETERS: dict[str, Any] = {
    "at": 0,
    "id": 1001,
    "reason": "Entered twice",
    "adjacency_basis": ["spin_off"],
    "area": ["city"],
    "certification": ["high_tech"],
    "certified": ["high_tech"],
    "companies.uscc": "91500106M80000026L",
    "exports.name": "company.csv",
    "exports.sequence": 1001,
    "company": "91500106M80000026L",
    "corridor": ["western_science_city"],
    "count": "exact",
    "district": ["500106"],
    "entered_from": "2024-01-01",
    "entered_to": "2026-06-30",
    "established_from": "2015-01-01",
    "established_to": "2026-06-30",
    "expiring_before": "2027-01-01",
    "expiring_from": "2027-01-01",
    "from": "2026-01-01",
    "grants_per_year": 2400,
    "ground": ["revenue"],
    "having": "1..",
    "hub": ["H1"],
    "incubator": ["invented-house"],
    "incubator_level": ["municipal"],
    "incubators.code": "invented-house",
    "incubators_list.kind": ["incubator"],
    "indicator": ["high_tech_firms"],
    "industry": ["I"],
    "instrument": ["KVL"],
    "issued_from": "2024-01-01",
    "issued_to": "2026-06-30",
    "agreed_from": "2024-01-01",
    "agreed_to": "2026-06-30",
    "kind": ["high_tech"],
    "known_from": "2026-06-30T08:00:00Z",
    "known_to": "2026-06-30T09:00:00Z",
    "known_at": "2026-06-30T08:00:00Z",
    "lang": "en",
    "left_from": "2024-01-01",
    "left_to": "2026-06-30",
    "moves_in": 60,
    "near": [29.563, 106.466, 5],
    "number": "GR202451100001",
    "outcome": ["graduated"],
    "partner": ["invented-bank"],
    "pilot_zone": ["cq_tech_finance_pilot"],
    "q": "青禾",
    "renewal_rate": 0.9,
    "reporting_unit": ["cq_hightech_zone"],
    "statistics.part": "established",
    "statistics_financing_tables_list.year": 2025,
    "statistics_incubators_read.kind": ["incubator"],
    "strategic_field": ["F01"],
    "table": "certifications",
    "targets.code": "high-tech-2030",
    "technology_field": ["1"],
    "to": "2026-06-30",
    "universities.code": "4150010611",
    "university": ["4150010611"],
    "updated_since": "2026-06-01T08:00:00Z",
    "valid_on": "2026-06-30",
    "year": 2030,
    "zone": ["central_urban"],
    **{
        f"statistics_{metric}_{address}_read.from": "2018-12-31"
        for metric in ("firms", "high_tech_firms", "incubated_firms", "university_adjacent_firms")
        for address in ("bridge", "bridge_part")
    },
}
"""By name, or by tag or operation and name where the name means something else there."""
WITHOUT = {"cursor", "If-None-Match", "If-Match", "Idempotency-Key", "Range"}
"""Values that hold for one answer only."""


@cache
def answers() -> dict[str, Any]:
    """By operation."""
    found: dict[str, Any] = json.loads(ANSWERS.read_text(encoding="utf-8"))
    return found


def parameter_example(name: str, operation: dict[str, Any], schema: dict[str, Any]) -> Any:
    """A value that the operation takes: the one named here, else the schema's default or first word."""
    if name in WITHOUT:
        return None
    for key in (f"{operation['operationId']}.{name}", f"{operation['tags'][0]}.{name}", name):
        if key in PARAMETERS:
            return PARAMETERS[key]
    if listed := schema.get("items", {}).get("enum"):
        return listed[1:3] if name == "fields" else listed[:1]
    if schema.get("type") == "array":
        return None
    return schema.get("default", schema["enum"][0] if "enum" in schema else schema.get("type") == "boolean" or None)

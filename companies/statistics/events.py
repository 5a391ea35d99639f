"""By what facts with a day of their own are grouped: seat, host and universities of the firm are those of that day."""

from __future__ import annotations

from typing import Any

from django.db.models import F, FilteredRelation, Q
from django.db.models.functions import ExtractYear

from companies.models import CertificationKind, FinancingInstrument, PilotZone
from companies.statistics.dimensions import Dimension, Prepare
from incubators.models import Incubator, IncubatorLevel
from registry.models import (
    CorridorNode,
    District,
    Hub,
    Industry,
    ReportingUnit,
    StrategicField,
    TechnologyField,
    University,
    Zone,
)
from registry.models.entries import in_period


def _relation(alias: str, path: str, happened_on: str) -> Prepare:
    """The rows at the end of the path that hold on the day of the fact."""
    holds: Any = in_period(F(happened_on), f"{path}__")  # type: ignore[arg-type]
    return lambda rows, day, asked: rows.annotate(**{alias: FilteredRelation(path, condition=holds)})


def _links(happened_on: str) -> Prepare:
    """Recorded links on the day of the fact; of the universities asked for."""
    holds: Any = in_period(F(happened_on), "company__university_links__")  # type: ignore[arg-type]

    def prepare(rows: Any, day: Any, asked: dict[str, Any]) -> Any:
        universities = asked.get("university")
        wanted = Q(company__university_links__university__in=universities) if universities else Q()
        return rows.annotate(counted_link=FilteredRelation("company__university_links", condition=holds & wanted))

    return prepare


def _established_year(rows: Any, day: Any, asked: dict[str, Any]) -> Any:
    return rows.annotate(established_year=ExtractYear("company__established_on"))


def _of_place(seat: str, happened_on: str) -> tuple[Dimension, ...]:
    corridor = _relation("corridor_area", f"{seat}__district__corridor_areas", happened_on)
    return (
        Dimension("district", f"{seat}__district", District),
        Dimension("reporting_unit", f"{seat}__reporting_unit", ReportingUnit),
        Dimension("zone", f"{seat}__district__zone", Zone),
        Dimension("corridor", "corridor_area__node", CorridorNode, is_multi_valued=True, prepare=corridor),
    )


def _of_host(host: str, happened_on: str) -> tuple[Dimension, ...]:
    level = _relation("host_designation", f"{host}__designations", happened_on)
    return (
        Dimension("incubator", host, Incubator),
        Dimension("incubator_level", "host_designation__level", IncubatorLevel, prepare=level),
    )


def of_events(
    seat: str, happened_on: str, *own: Dimension, host: str = "stay_at_event__incubator"
) -> tuple[Dimension, ...]:
    """The dimensions that every such fact has, then its own. `seat` and `host` are paths on the rows."""
    return (
        *_of_place(seat, happened_on),
        Dimension("hub", "company__hub", Hub),
        Dimension("strategic_field", "company__strategic_field", StrategicField),
        Dimension("industry", "company__industry", Industry),
        *_of_host(host, happened_on),
        Dimension(
            "university", "counted_link__university", University, is_multi_valued=True, prepare=_links(happened_on)
        ),
        Dimension("established_year", "established_year", prepare=_established_year, opened_by=lambda year: {}),
        *own,
    )


OF_CERTIFICATIONS = of_events(
    "seat_at_issue",
    "issued_on",
    Dimension("technology_field", "technology_field", TechnologyField),
    Dimension("certification_kind", "kind", CertificationKind, opened_by=lambda code: {"kind": code}),
)
OF_RESIDENCIES = of_events("seat_at_event", "left_on", host="incubator")
OF_FINANCINGS = of_events(
    "seat_at_event",
    "agreed_on",
    Dimension("instrument", "instrument", FinancingInstrument),
    Dimension("pilot_zone", "pilot_zone", PilotZone),
)

"""By what a figure can be grouped. A dimension is a relation path on the rows of a list, prepared for the day."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import FilteredRelation, Q
from django.db.models.functions import ExtractYear

from companies.models import CertificationKind, Confidentiality, FinancingInstrument
from companies.models.questions import Rows, valid_certificate
from incubators.models import Incubator, IncubatorKind, IncubatorLevel
from registry.models import (
    CorridorNode,
    DatedCode,
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

Prepare = Callable[[Rows, datetime.date, dict[str, Any]], Rows]


def as_it_is(rows: Rows, day: datetime.date, asked: dict[str, Any]) -> Rows:
    return rows


@dataclass(frozen=True)
class Dimension:
    """`path` leads to a row of the code list `codes`, or, without one, to a plain value.

    A multi-valued dimension puts an entry into several groups, so that groups no longer add up to the total.
    """

    name: str
    path: str
    codes: type[DatedCode] | None = None
    is_multi_valued: bool = False
    prepare: Prepare = field(default=as_it_is)
    opened_by: Callable[[Any], dict[str, str]] | None = None
    """The filters of the list that keep the entries of the group of this key; by default the one of its name."""
    parted_by: frozenset[str] = frozenset()
    """Filters beside which the list keeps other entries than the group counts."""

    def filters_of(self, key: Any) -> dict[str, str]:
        return {self.name: str(key)} if self.opened_by is None else self.opened_by(key)


def relation(alias: str, path: str, condition: Callable[[datetime.date, dict[str, Any]], Q]) -> Prepare:
    def prepare(rows: Rows, day: datetime.date, asked: dict[str, Any]) -> Rows:
        return rows.annotate(**{alias: FilteredRelation(path, condition=condition(day, asked))})

    return prepare


def _period(path: str) -> Callable[[datetime.date, dict[str, Any]], Q]:
    return lambda day, asked: in_period(day, f"{path}__")


def _counted_certificates(day: datetime.date, asked: dict[str, Any]) -> Q:
    """The certificates that a firm is counted for: valid on the day, of the kinds and fields asked for."""
    counted = valid_certificate(day, "certifications__")
    if kinds := asked.get("certified"):
        counted &= Q(certifications__kind__in=kinds)
    if fields := asked.get("technology_field"):
        counted &= Q(certifications__technology_field__in=fields)
    return counted


def _links(day: datetime.date, asked: dict[str, Any]) -> Q:
    linked = in_period(day, "university_links__")
    if universities := asked.get("university"):
        linked &= Q(university_links__university__in=universities)
    if bases := asked.get("adjacency_basis"):
        linked &= Q(university_links__basis__in=bases)
    return linked


def _financings(day: datetime.date, asked: dict[str, Any]) -> Q:
    financed = Q(financings__confidentiality=Confidentiality.PUBLISHED, financings__agreed_on__lte=day)
    if instruments := asked.get("instrument"):
        financed &= Q(financings__instrument__in=instruments)
    return financed


def established_in(year: int) -> dict[str, str]:
    return {"established_from": f"{year}-01-01", "established_to": f"{year}-12-31"}


def _established_year(rows: Rows, day: datetime.date, asked: dict[str, Any]) -> Rows:
    return rows.annotate(established_year=ExtractYear("established_on"))


_certificates = relation("counted_certificate", "certifications", _counted_certificates)

OF_COMPANIES = (
    Dimension("district", "seat_on_day__district", District),
    Dimension("reporting_unit", "seat_on_day__reporting_unit", ReportingUnit),
    Dimension("zone", "seat_on_day__district__zone", Zone),
    Dimension(
        "corridor",
        "corridor_area__node",
        CorridorNode,
        is_multi_valued=True,
        prepare=relation(
            "corridor_area", "seat_on_day__district__corridor_areas", _period("seat_on_day__district__corridor_areas")
        ),
    ),
    Dimension("hub", "hub", Hub),
    Dimension("strategic_field", "strategic_field", StrategicField),
    Dimension(
        "technology_field",
        "counted_certificate__technology_field",
        TechnologyField,
        is_multi_valued=True,
        prepare=_certificates,
        parted_by=frozenset({"expiring_before"}),
    ),
    Dimension("incubator", "residency_on_day__incubator", Incubator),
    Dimension(
        "incubator_level",
        "host_designation__level",
        IncubatorLevel,
        prepare=relation(
            "host_designation",
            "residency_on_day__incubator__designations",
            _period("residency_on_day__incubator__designations"),
        ),
    ),
    Dimension(
        "university",
        "counted_link__university",
        University,
        is_multi_valued=True,
        prepare=relation("counted_link", "university_links", _links),
        parted_by=frozenset({"adjacency_basis"}),
    ),
    Dimension(
        "certification_kind",
        "counted_certificate__kind",
        CertificationKind,
        is_multi_valued=True,
        prepare=_certificates,
        opened_by=lambda code: {"certified": code},
        parted_by=frozenset({"expiring_before"}),
    ),
    Dimension("established_year", "established_year", prepare=_established_year, opened_by=established_in),
    Dimension("industry", "industry", Industry),
    Dimension(
        "instrument",
        "counted_financing__instrument",
        FinancingInstrument,
        is_multi_valued=True,
        prepare=relation("counted_financing", "financings", _financings),
    ),
)

OF_INCUBATORS = (
    Dimension("district", "seat_on_day__district", District),
    Dimension("reporting_unit", "seat_on_day__reporting_unit", ReportingUnit),
    Dimension("zone", "seat_on_day__district__zone", Zone),
    Dimension("incubator_level", "designation_on_day__level", IncubatorLevel),
    Dimension("incubator_kind", "kind", IncubatorKind, opened_by=lambda code: {"kind": code}),
    Dimension("university", "university", University),
)

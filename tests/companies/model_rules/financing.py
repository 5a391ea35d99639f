"""Financings, pilot zones and the tables released of them."""

import datetime
from decimal import Decimal
from typing import Any

from django.db import models

from companies.models import Financing, FinancingInstrument, FinancingParty, FinancingTable, PilotZone
from registry.models import District, Partner, ReportingUnit
from tests.rules import Case, MakeCase, day, fields_once, known, no_overlap, one_of
from tests.samples import DAY, saved


def pilot_zone_member(field: str, model: type[models.Model]) -> MakeCase:
    empty: dict[str, Any] = {name: None for name in ("district", "reporting_unit") if name != field}

    def make() -> Case:
        return no_overlap(pilot_zone=saved(PilotZone), **{field: saved(model)}, **empty, other={field: saved(model)})

    return make


def moment(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text)


def quarter(year: int, number: int, ended_on: str) -> dict[str, Any]:
    return {"year": year, "quarter": number, "ended_on": day(ended_on)}


def cell_once() -> Case:
    table, instrument = saved(FinancingTable), saved(FinancingInstrument)
    cell = {"table": table, "instrument": instrument}
    margin = {"table": table, "is_all_zones": True, "is_all_instruments": True, "instrument": None}
    return Case(
        beside=[cell, margin],
        refused=[cell, margin],
        allowed=[cell | {"is_all_zones": True}, cell | {"pilot_zone": saved(PilotZone)}],
    )


RULES: dict[str, MakeCase] = {
    "companies_financingtable_released_once": lambda: Case(
        beside=[quarter(2023, 3, "2023-10-01")],
        refused=[quarter(2023, 3, "2023-10-01")],
        allowed=[quarter(2023, 2, "2023-07-01"), quarter(2022, 3, "2022-10-01")],
    ),
    "companies_financingtable_quarter_known": lambda: Case(
        refused=[quarter(1999, 3, "1999-10-01"), quarter(2023, 5, "2024-04-01")],
        allowed=[quarter(2000, 1, "2000-04-01")],
    ),
    "companies_financingtable_ends_with_quarter": lambda: Case(
        refused=[quarter(2023, 3, "2023-09-30"), quarter(2023, 4, "2023-10-01"), quarter(2024, 3, "2023-10-01")],
        allowed=[quarter(2023, 4, "2024-01-01"), quarter(2023, 1, "2023-04-01")],
    ),
    "companies_financingtable_quarter_is_over": lambda: Case(  # the last second of the quarter, in Shanghai
        refused=[quarter(2023, 3, "2023-10-01") | {"released_at": moment("2023-09-30T15:59:59+00:00")}],
        allowed=[quarter(2023, 3, "2023-10-01") | {"released_at": moment("2023-09-30T16:00:00+00:00")}],
    ),
    "companies_financingtablecell_once": cell_once,
    "companies_financingtablecell_all_zones": lambda: Case(
        refused=[{"is_all_zones": True, "pilot_zone": saved(PilotZone)}],
        allowed=[{"is_all_zones": True, "pilot_zone": None}, {"pilot_zone": saved(PilotZone)}],
    ),
    "companies_financingtablecell_all_instruments": lambda: Case(
        refused=[{"is_all_instruments": True}, {"instrument": None}],
        allowed=[{"is_all_instruments": True, "instrument": None}],
    ),
    "companies_financingtablecell_hidden_holds_nothing": lambda: Case(
        refused=[{"financings": 4}, {"is_hidden": False, "financings": 4, "firms": 3}, {"agreed_amount": Decimal(9)}],
        allowed=[{"is_hidden": False, "financings": 4, "firms": 3, "agreed_amount": Decimal(9)}],
    ),
    "companies_financinginstrument_kind_known": known("kind", "debt", "funding_line"),
    "companies_pilotzonemember_one_area": lambda: one_of({"district": District, "reporting_unit": ReportingUnit}),
    "companies_pilotzonemember_district_once": pilot_zone_member("district", District),
    "companies_pilotzonemember_unit_once": pilot_zone_member("reporting_unit", ReportingUnit),
    "companies_financing_confidentiality_known": known("confidentiality", "confidential", "published"),
    "companies_financing_agreed_amount_positive": lambda: Case(
        refused=[{"agreed_amount": Decimal(0)}, {"agreed_amount": Decimal(-1)}],
        allowed=[{"agreed_amount": Decimal("0.0001")}],
    ),
    "companies_financing_drawn_within_agreed": lambda: Case(
        refused=[{"drawn_amount": Decimal("500.0001")}, {"drawn_amount": Decimal(-1)}],
        allowed=[{"drawn_amount": Decimal(500)}, {"drawn_amount": Decimal(0)}, {"drawn_amount": None}],
    ),
    "companies_financing_matures_after_agreed": lambda: Case(
        refused=[{"matures_on": DAY}, {"agreed_on": day("0001-01-01")}, {"matures_on": day("9999-12-31")}],
        allowed=[{"matures_on": day("2024-03-02")}, {"matures_on": None}],
    ),
    "companies_financingparty_role_known": known("role", "lender", "investor"),
    "companies_financingparty_once": lambda: fields_once(
        FinancingParty,
        {"role": "guarantor", "partner": lambda: saved(Partner), "financing": lambda: saved(Financing)},
        financing=lambda: saved(Financing),
        partner=lambda: saved(Partner),
        role="lender",
    ),
    "companies_financingparty_share_within_100": lambda: Case(
        refused=[{"risk_share": Decimal("100.01")}, {"risk_share": Decimal("-0.01")}],
        allowed=[{"risk_share": Decimal(100)}, {"risk_share": None}],
    ),
    "companies_financingstatusevent_status_known": known("status", "agreed", "written_off"),
    "companies_financingstatusevent_once": lambda: fields_once(
        Financing,
        {"status": "drawn", "happened_on": day("2025-01-01")},
        financing=lambda: saved(Financing),
        status="agreed",
        happened_on=DAY,
    ),
    "companies_financingstatusevent_amount_not_negative": lambda: Case(
        refused=[{"amount": Decimal("-0.0001")}], allowed=[{"amount": Decimal(0)}, {"amount": None}]
    ),
}

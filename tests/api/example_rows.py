"""Two invented firms and what belongs to them: the rows behind the examples of the OpenAPI document."""

import datetime
from decimal import Decimal
from typing import Any

from companies import models as companies
from incubators import models as incubators
from registry import models as registry
from tests.samples import saved

FIRM, GRADUATE = "91500106M80000026L", "91500112M80000018F"
CHANGED_AT = datetime.datetime(2026, 6, 30, 8, 5, tzinfo=datetime.UTC)


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def coded(model: type[Any], code: str) -> Any:
    return model.objects.get(code=code)


def make_example_rows() -> None:
    house, bank = (
        make_house(),
        saved(registry.Partner, code="invented-bank", name_zh="虚构银行", name_en="Invented Bank"),
    )
    firm = make_firm(FIRM, "重庆青禾智能科技有限公司", "Chongqing Qinghe Intelligent Technology Co., Ltd.")
    graduate = make_firm(GRADUATE, "重庆远山数字技术有限公司", "Chongqing Yuanshan Digital Technology Co., Ltd.")
    make_facts(firm, house, bank)
    make_table()
    saved(
        companies.Residency,
        company=graduate,
        incubator=house,
        entered_on=day("2022-05-01"),
        left_on=day("2025-05-01"),
        outcome="graduated",
        ground="revenue",
    )


def make_house() -> Any:
    house = saved(
        incubators.Incubator,
        code="invented-house",
        name_zh="虚构孵化器",
        name_en="Invented House",
        name_it="Casa inventata",
        kind=coded(incubators.IncubatorKind, "incubator"),
        university=coded(registry.University, "4150010611"),
        is_invented=True,
    )
    saved(
        incubators.IncubatorSeat,
        incubator=house,
        district=coded(registry.District, "500106"),
        reporting_unit=coded(registry.ReportingUnit, "cq_hightech_zone"),
        valid_from=day("2020-01-01"),
    )
    level = coded(incubators.IncubatorLevel, "municipal")
    saved(incubators.Designation, incubator=house, level=level, valid_from=day("2021-01-01"))
    return house


def make_firm(uscc: str, name_zh: str, name_en: str) -> Any:
    firm = saved(
        companies.Company,
        uscc=uscc,
        is_invented=True,
        is_published=True,
        hub=coded(registry.Hub, "H1"),
        strategic_field=coded(registry.StrategicField, "F01"),
        established_on=day("2019-03-18"),
        registered_capital=Decimal("500"),
        website="https://firm.example",
    )
    saved(companies.CompanyName, company=firm, name_zh=name_zh, name_en=name_en, valid_from=day("2019-03-18"))
    saved(
        companies.Seat,
        company=firm,
        district=coded(registry.District, "500106"),
        reporting_unit=coded(registry.ReportingUnit, "cq_hightech_zone"),
        address="沙坪坝区虚构路1号",
        latitude=Decimal("29.56300"),
        longitude=Decimal("106.46600"),
        valid_from=day("2019-03-18"),
    )
    return firm


def make_table() -> None:
    """A quarter with one instrument in and outside of the pilot zone: the sum is told, its parts are hidden."""
    table = saved(companies.FinancingTable, year=2025, quarter=1, ended_on=day("2025-04-01"), is_invented=True)
    told = {"is_hidden": False, "financings": 7, "firms": 6, "agreed_amount": Decimal("1640")}
    instrument, zone = (
        coded(companies.FinancingInstrument, "KVL"),
        coded(companies.PilotZone, "cq_tech_finance_pilot"),
    )
    for more in ({"pilot_zone": zone}, {}, {"is_all_zones": True} | told):
        saved(companies.FinancingTableCell, table=table, instrument=instrument, **more)


def make_facts(firm: Any, house: Any, bank: Any) -> None:
    saved(companies.Residency, company=firm, incubator=house, entered_on=day("2024-03-01"))
    university = coded(registry.University, "4150010611")
    saved(companies.UniversityLink, company=firm, university=university, basis="spin_off", valid_from=day("2019-03-18"))
    saved(
        companies.Certification,
        company=firm,
        kind=coded(companies.CertificationKind, "high_tech"),
        technology_field=coded(registry.TechnologyField, "1"),
        number="GR202451100001",
        issued_on=day("2024-10-28"),
        valid_until=day("2027-10-28"),
    )
    financing = saved(
        companies.Financing,
        company=firm,
        instrument=coded(companies.FinancingInstrument, "KVL"),
        pilot_zone=coded(companies.PilotZone, "cq_tech_finance_pilot"),
        agreed_on=day("2025-02-10"),
        agreed_amount=Decimal("300"),
        confidentiality="published",
    )
    saved(companies.FinancingParty, financing=financing, partner=bank, role="lender")

"""Certificates, stays and fields in a row."""

from collections.abc import Callable
from pathlib import Path

from companies.models import Certification, CertificationKind, Residency
from incubators.models import Incubator
from tests.companies.imports.lists import Rows, Value, commit, day, firm, places, plan, rolled_back, verdicts
from tests.samples import saved, uscc


@rolled_back
def test_certificate_is_met_by_number_or_day_and_follows_its_rule(sheet: Callable[..., Path]) -> None:
    company = firm(1, "重庆甲有限公司")
    kind = CertificationKind.objects.get(code="high_tech")
    saved(
        Certification, company=company, kind=kind, number="", issued_on=day("2023-10-16"), valid_until=day("2026-10-16")
    )
    rows: Rows = [
        ["企业名称", "信用代码", "证书编号", "发证日期"],
        ["重庆甲有限公司", uscc(1), "GR202351100001", "2023-10-16"],
    ]
    assert verdicts(commit(sheet(rows))) == [(2, "changed")]
    assert list(company.certifications.values_list("number", flat=True)) == ["GR202351100001"]
    rows = [*rows[:1], ["重庆甲有限公司", uscc(1), "GR202351100001", "2024-02-29"]]
    assert verdicts(commit(sheet(rows))) == [(2, "changed")]
    assert list(company.certifications.values_list("issued_on", "valid_until")) == [
        (day("2024-02-29"), day("2027-03-01"))
    ]


@rolled_back
def test_new_certificate_without_its_day_is_wrong(sheet: Callable[..., Path]) -> None:
    firm(1, "重庆甲有限公司")
    found = plan(sheet([["企业名称", "信用代码", "证书编号"], ["重庆甲有限公司", uscc(1), "GR202351100001"]]))
    assert places(found) == [(2, "证书编号")]


@rolled_back
def test_stay_that_overlaps_another_is_wrong_before_anything_is_written(sheet: Callable[..., Path]) -> None:
    first, second = saved(Incubator, name_zh="甲孵化器"), saved(Incubator, name_zh="乙孵化器")
    company = firm(1, "重庆甲有限公司")
    saved(Residency, company=company, incubator=first, entered_on=day("2022-01-01"))
    head: list[Value] = ["企业名称", "信用代码", "孵化器", "入驻日期", "离开日期"]
    name, code = "重庆甲有限公司", uscc(1)
    found = plan(sheet([head, [name, code, second.code, "2023-01-01", ""]]))
    assert places(found) == [(2, "入驻日期")]
    rows: Rows = [head, [name, code, "甲孵化器", "", "2023-01-01"], [name, code, "乙孵化器", "2023-01-01", ""]]
    assert verdicts(commit(sheet(rows))) == [(2, "changed"), (3, "changed")]
    stays = company.residencies.values_list("incubator__name_zh", "entered_on", "left_on")
    assert list(stays) == [
        ("甲孵化器", day("2022-01-01"), day("2023-01-01")),
        ("乙孵化器", day("2023-01-01"), None),
    ]


@rolled_back
def test_spellings_of_fields_and_kinds(sheet: Callable[..., Path]) -> None:
    rows: Rows = [
        ["企业名称", "信用代码", "技术领域", "资质类型", "发证日期", "行业", "战略领域"],
        ["重庆甲有限公司", uscc(1), "八、先进制造与自动化", "高企", "2023-10-16", "C39", "人工智能"],
        ["重庆乙有限公司", uscc(2), "资源与环境技术", "专精特新", "2023-10-16", "6513", "F15"],
    ]
    assert commit(sheet(rows)).is_clean
    facts = Certification.objects.order_by("company__uscc").values_list(
        "technology_field__code",
        "kind__code",
        "company__industry__code",
        "company__strategic_field__code",
        "company__hub__code",
    )
    assert list(facts) == [("8", "high_tech", "C", "F01", "H1"), ("7", "specialised_sme", "I", "F15", "H4")]

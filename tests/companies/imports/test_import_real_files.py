"""Published files, where they lie beside the repository."""

import warnings
from decimal import Decimal
from pathlib import Path

import pytest

from companies.models import Company
from registry.sheets.plan import render
from registry.sheets.verdicts import Verdict
from tests.companies.imports.lists import firm, plan, rolled_back
from tests.samples import uscc

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"


def real(name: str) -> Path:
    path = SHARED / name
    if not path.exists():
        message = f"REAL FILE NOT CHECKED: {name} is not in ../shared/data beside the repository"
        warnings.warn(message, stacklevel=2)
        pytest.skip(message)
    return path


@pytest.mark.parametrize("name", ["cq_listed_companies_cc0.csv", "cq_listed_companies_cc0_gbk.csv"])
@rolled_back
def test_listed_companies_match_by_name_and_never_create(name: str) -> None:
    path = real(name)
    firm(1, "福安药业（集团）股份有限公司", registered_capital=Decimal("118971.2382"))
    firm(2, "重庆市紫建电子股份有限公司", registered_capital=Decimal(1))
    found = plan(path)
    assert len(found.rows) == 82
    known = {verdict.label: verdict.verdict.value for verdict in found.rows if verdict.verdict is not Verdict.WRONG}
    assert known == {
        f"{uscc(1)} 福安药业（集团）股份有限公司": "same",
        f"{uscc(2)} 重庆市紫建电子股份有限公司": "changed",
    }
    assert found.counts[Verdict.WRONG] == 80
    assert len(render(found).splitlines()) < 40


@rolled_back
def test_ministry_list_of_universities_is_told_in_a_few_lines() -> None:
    path = real("moe_universities_c2017.xls")
    found = plan(path)
    assert found.counts[Verdict.WRONG] == 2631
    assert Company.objects.count() == 0
    text = render(found)
    assert len(text.splitlines()) < 40
    assert "2631" in text

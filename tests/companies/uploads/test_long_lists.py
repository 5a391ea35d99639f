"""The small sister of `benchmarks/uploads.py`: 37 wrong rows of ten kinds among 400, named, corrected, written once."""

import pytest

from companies.models import Certification, CertificationKind, Company
from registry.sheets.columns import recognise
from tests.companies.imports.lists import as_table, day, digest, firm, good_row, number_of
from tests.companies.imports.test_import_faults import list_with_faults
from tests.companies.uploads.pages import (
    REASON,
    committed,
    file_of,
    judged,
    logged_in,
    registrar,
    step,
    verdicts,
    wrong_cells,
)
from tests.samples import saved, uscc


@pytest.mark.usefixtures("committed_db")
def test_37_wrong_rows_of_400_are_named_corrected_and_written_once() -> None:
    holder, kind = firm(999_999, "重庆别家有限公司"), CertificationKind.objects.get(code="high_tech")
    for place in range(3):
        number, issued = number_of(900_000 + place), day(f"202{place}-01-05")
        saved(Certification, company=holder, kind=kind, number=number, issued_on=issued)
    client, (rows, faults) = logged_in(registrar()), list_with_faults(400, seed=37)
    before = digest()
    upload = judged(client, file_of(as_table(rows)))
    assert wrong_cells(upload) == {(place + 2, heading) for place, heading in faults.items()}
    assert len(faults) == 37
    assert digest() == before

    fixes = {}
    for place in faults:
        good = good_row(place + 1)
        for heading in ("统一社会信用代码", "企业名称", "证书编号", faults[place]):
            fixes[f"fix-{place + 2}-{recognise(heading)[0]}"] = str(good[heading])
    step(client, upload, "correct", fixes)
    assert set(verdicts(upload).values()) == {"new"}
    step(client, upload, "commit", {"reason": REASON})
    assert Company.objects.filter(uscc__in=[uscc(place) for place in range(1, 401)]).count() == 400

    after = digest()
    again = committed(client, file_of(as_table([good_row(place) for place in range(1, 401)])))
    assert set(verdicts(again).values()) == {"same"}
    assert digest() == after

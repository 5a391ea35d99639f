"""What is exported and uploaded as it is changes nothing, over some 300 invented firms."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from companies.models import Company
from tests.companies.imports.lists import digest
from tests.companies.uploads.pages import content_of, judged, logged_in, registrar, step, verdicts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
ADDRESSES = ["companies", "certifications", "residencies"]


def test_firms_exported_for_correction_change_nothing_when_they_come_back() -> None:
    client = logged_in(registrar())
    keys = list(Company.objects.values_list("pk", flat=True))
    sent = {"action": "export_for_correction", "_selected_action": keys}
    answer = client.post("/admin/companies/company/", sent)
    before = digest()
    upload = judged(client, SimpleUploadedFile("更正.xlsx", content_of(answer)))
    assert upload.rows.count() == len(keys) > 200
    assert {number: row for number, row in verdicts(upload).items() if row != "same"} == {}
    step(client, upload, "commit", {"reason": "back again"})
    assert digest() == before


@pytest.mark.parametrize("ending", ["xlsx&lang=zh", "xlsx&lang=en", "csv&lang=en"])
@pytest.mark.parametrize("path", ADDRESSES)
def test_a_list_downloaded_from_the_api_changes_nothing_when_it_comes_back(path: str, ending: str) -> None:
    client = logged_in(registrar())
    answer = client.get(f"/api/v1/{path}/?format={ending}")
    upload = judged(client, SimpleUploadedFile(f"{path}.{ending.partition('&')[0]}", content_of(answer)))
    others = upload.rows.exclude(verdict="same")
    assert [(row.number, row.verdict, row.problems, row.differences) for row in others[:5]] == []
    assert upload.rows.exists()

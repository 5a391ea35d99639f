"""django-import-export: a resource of the firm that checks each row (`full_clean`) and saves its facts beside it.

Asked for `plan:FILE` it makes its preview (a dry run, rolled back), for `commit:FILE` it imports.
"""

import datetime
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any


def make(options: dict[str, Any]) -> tuple[Callable[[str], bytes], str]:
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django

    django.setup()
    from import_export import fields, resources, widgets
    from tablib import Dataset

    from benchmarks.sheets import HEADINGS
    from companies.models import Certification, CertificationKind, Company, CompanyName, Seat
    from registry.models import District

    class FirmResource(resources.ModelResource):
        uscc = fields.Field(attribute="uscc", column_name=HEADINGS["uscc"])
        established_on = fields.Field(
            attribute="established_on", column_name=HEADINGS["established_on"], widget=widgets.DateWidget("%Y-%m-%d")
        )
        registered_capital = fields.Field(
            attribute="registered_capital",
            column_name=HEADINGS["registered_capital"],
            widget=widgets.DecimalWidget(),
        )

        class Meta:
            model = Company
            fields = ("uscc", "established_on", "registered_capital")
            import_id_fields = ("uscc",)
            clean_model_instances = True
            use_transactions = True

        def before_import(self, dataset: Any, **options: Any) -> None:
            self.districts = {district.code: district for district in District.objects.filter(valid_until=None)}
            self.kind = CertificationKind.objects.get(code="high_tech")

        def after_save_instance(self, instance: Any, row: Any, **options: Any) -> None:
            issued_on = datetime.date.fromisoformat(row[HEADINGS["issued_on"]])
            facts = (
                CompanyName(company=instance, name_zh=row[HEADINGS["name"]], valid_from=instance.established_on),
                Seat(
                    company=instance,
                    district=self.districts[row[HEADINGS["district"]]],
                    address=row[HEADINGS["address"]],
                    valid_from=instance.established_on,
                ),
                Certification(
                    company=instance,
                    kind=self.kind,
                    number=row[HEADINGS["certificate_number"]],
                    issued_on=issued_on,
                ),
            )
            for fact in facts:
                fact.full_clean()
                fact.save()

    def ask(path: str) -> bytes:
        way, _, file = path.partition(":")
        dataset = Dataset().load(Path(file).read_text(encoding="utf-8"), format="csv")
        result = FirmResource().import_data(dataset, dry_run=way == "plan", raise_errors=True)
        if result.has_errors() or result.has_validation_errors():
            raise SystemExit(f"bench: {[row.error for row in result.invalid_rows[:3]]}")
        return json.dumps(dict(result.totals)).encode()

    return ask, ""

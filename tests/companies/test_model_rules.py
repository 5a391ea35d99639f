"""Every rule of firms and their facts is kept by the database and said in words."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from companies.models import Certification, Company, Target
from tests.companies.model_rules import certificates, financing, findings, firms, notices, targets, uploads
from tests.rules import MakeCase, check_rule, constraints_of, day, rules_of_database
from tests.samples import DAY, saved

RULES: dict[str, MakeCase] = {
    **firms.RULES,
    **certificates.RULES,
    **targets.RULES,
    **financing.RULES,
    **findings.RULES,
    **uploads.RULES,
    **notices.RULES,
}
# A row that would point at itself; the rule, and the other values that it needs.
AT_ITSELF: dict[str, tuple[type[Any], str, dict[str, Any]]] = {
    "companies_company_successor_of_dissolved": (Company, "successor", {"dissolved_on": DAY}),
    "companies_certification_renews_another": (Certification, "predecessor", {}),
    "companies_target_superseded_by_another": (Target, "superseded_by", {}),
}
# Rules that only the database's own language can say; each has a test of its own below.
ACROSS_ROWS = {
    "companies_company_field_of_hub",
    "companies_company_field_has_hub",
    "companies_certification_renews_own",
    "companies_financingparty_shares_sum_to_100",
    "companies_universitylink_site_of_university",
    "companies_seat_unit_of_district",
}
# What those rules need, and no row can break: keys that hold the unique id; a derived table's own.
HELPING = {
    "companies_certification_of_company",
    "companies_companychange_company_id_cascade",
    "companies_companystate_company_id_cascade",
    "companies_searchtext_company_id_cascade",
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(constraints_of("companies").keys() - (AT_ITSELF.keys() - RULES.keys())))
def test_rule(name: str) -> None:
    check_rule("companies", name, RULES)


@pytest.mark.django_db
@pytest.mark.parametrize("name", AT_ITSELF)
def test_no_row_points_at_itself(name: str) -> None:
    model, field, needed = AT_ITSELF[name]
    entry, other = saved(model, **needed), saved(model)
    if model is Certification:
        other = saved(model, company=entry.company, kind=entry.kind, issued_on=day("2020-01-01"))
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        model.objects.filter(pk=entry.pk).update(**{field: entry})
    setattr(entry, field, entry)
    with pytest.raises(ValidationError) as refusal:
        entry.full_clean()
    assert refusal.value.messages == [str(constraints_of("companies")[name][1].get_violation_error_message())]
    setattr(entry, field, other)
    entry.full_clean()
    entry.save()


def test_the_table_names_no_rule_that_is_gone() -> None:
    assert RULES.keys() - constraints_of("companies").keys() == set()


@pytest.mark.django_db
def test_every_rule_of_the_database_is_tried() -> None:
    indexes = {"companies_certification_number_unique"}  # unique under a condition: no constraint to PostgreSQL
    assert rules_of_database("companies") - HELPING == (constraints_of("companies").keys() - indexes) | ACROSS_ROWS

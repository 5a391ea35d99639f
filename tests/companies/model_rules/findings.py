"""Soft rules and explanations."""

from companies.models import Certification, Residency
from tests.rules import Case, MakeCase, known
from tests.samples import saved


def parameters_given() -> Case:
    return Case(
        refused=[{"kind": "age_at_entry", "parameters": {}}, {"kind": "capital_unit", "parameters": {"over": 1}}],
        allowed=[{"kind": "age_at_entry", "parameters": {"months": 24}}, {"kind": "graduation_ground"}],
        is_said_by_field=True,
    )


def about_one() -> Case:
    stay, certificate = saved(Residency), saved(Certification)
    return Case(
        refused=[{"residency": stay, "certification": certificate}],
        allowed=[{"residency": stay}, {"certification": certificate}, {}],
    )


RULES: dict[str, MakeCase] = {
    "companies_softrule_kind_known": known("kind", "graduation_ground", or_rule="companies_softrule_parameters_given"),
    "companies_softrule_parameters_given": parameters_given,
    "companies_explanation_says_something": lambda: Case(refused=[{"text": " "}], allowed=[{"text": "so it is"}]),
    "companies_explanation_about_one": about_one,
}

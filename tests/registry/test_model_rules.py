"""Every rule of the floor's models is kept by the database and said in words."""

import datetime
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from registry.models import District, Entry, Partner, PartnerKey, University, User
from tests.rules import (
    Case,
    MakeCase,
    Values,
    check_rule,
    constraints_of,
    known,
    no_overlap,
    refusal_of_database,
    rules_of_database,
)
from tests.samples import saved

BEGAN, DAY_AFTER = datetime.date(2026, 3, 1), datetime.date(2026, 3, 2)
# The triggers of the versions; see test_history.
HISTORY = {"registry_changeset_one_a_transaction", "registry_clock_one_row", "seal", "seal_last"}


def campus_name() -> Case:
    university = saved(University)
    return Case(
        beside=[{"university": university, "name_zh": "主校区"}],
        refused=[{"university": university, "name_zh": "主校区"}],
        allowed=[{"university": university, "name_zh": "南校区"}, {"name_zh": "主校区"}],
    )


def site_name() -> Case:
    from registry.models import Circle

    circle = saved(Circle)
    return Case(
        beside=[{"circle": circle, "name_zh": "创客港"}],
        refused=[{"circle": circle, "name_zh": "创客港"}],
        allowed=[{"circle": circle, "name_zh": "创客湾"}, {"name_zh": "创客港"}],
    )


def key_until(days: int, **given: Any) -> Values:
    return given | {"valid_from": BEGAN, "valid_until": BEGAN + datetime.timedelta(days=days)}


def rights_of_partners() -> Case:
    rights = [{"reads_partner_fields": True}, {"records_financings": True}]
    return Case(refused=rights, allowed=[{}, *(one | {"partner": saved(Partner)} for one in rights)])


def rights_of_trials() -> Case:
    held: Values = {"is_trial": True, "partner": saved(Partner)}
    return Case(
        refused=[held | {"reads_partner_fields": True}, held | {"records_financings": True}],
        allowed=[held, held | {"reads_partner_fields": True, "is_trial": False}],
    )


def use_of_a_day() -> Case:
    row = {"key": saved(PartnerKey), "day": BEGAN}
    return Case(beside=[row], refused=[row], allowed=[row | {"key": saved(PartnerKey)}, row | {"day": DAY_AFTER}])


def corridor_area() -> Case:
    from registry.models import CorridorNode

    return no_overlap(node=saved(CorridorNode), district=saved(District), other={"district": saved(District)})


RULES: dict[str, MakeCase] = {
    "registry_partnerkey_expires": lambda: Case(
        refused=[key_until(0), key_until(-1), key_until(367)], allowed=[key_until(1), key_until(366)]
    ),
    "registry_partnerkey_trial_is_short": lambda: Case(
        refused=[key_until(31, is_trial=True)], allowed=[key_until(30, is_trial=True), key_until(31)]
    ),
    "registry_partnerkey_trial_reads": rights_of_trials,
    "registry_partnerkey_of_a_partner": rights_of_partners,
    "registry_partnerkey_most_requests_positive": lambda: Case(
        refused=[{"most_requests": 0}, {"most_requests": 1_000_001}],
        allowed=[{"most_requests": 1}, {"most_requests": 1_000_000}, {"most_requests": None}],
    ),
    "registry_keyuse_once_a_day": use_of_a_day,
    "registry_keptanswer_once": lambda: Case(
        beside=[{"caller": "key:1", "key": "a"}],
        refused=[{"caller": "key:1", "key": "a"}],
        allowed=[{"caller": "key:2", "key": "a"}, {"caller": "key:1", "key": "b"}],
    ),
    "registry_partner_kind_known": known("kind", "bank", "park"),
    "registry_partner_uscc_valid": lambda: Case(
        refused=[{"uscc": "91500103622188319K"}],
        allowed=[{"uscc": "91500103622188319J"}, {"uscc": ""}],
        is_said_by_field=True,
    ),
    "registry_partner_uscc_unique": lambda: Case(
        beside=[{"uscc": "91500103622188319J"}, {"uscc": ""}],
        refused=[{"uscc": "91500103622188319J"}],
        allowed=[{"uscc": "91500000202833449G"}, {"uscc": ""}],
    ),
    "registry_corridornode_kind_known": known("kind", "core", "link"),
    "registry_district_valid_from_precision_known": known("valid_from_precision", "day", "year"),
    "registry_corridorarea_once_a_day": corridor_area,
    "registry_university_ror_unique": lambda: Case(
        beside=[{"ror": "0zzzzzz01"}, {"ror": ""}],
        refused=[{"ror": "0zzzzzz01"}],
        allowed=[{"ror": "0zzzzzz02"}, {"ror": ""}],
    ),
    "registry_campus_name_unique": campus_name,
    "registry_circlesite_name_unique": site_name,
    "registry_user_role_known": known("role", "registrar", "staff", "auditor", "analyst", password="x"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(constraints_of("registry").keys() - HISTORY))
def test_rule(name: str) -> None:
    check_rule("registry", name, RULES)


@pytest.mark.django_db
def test_every_rule_of_the_database_is_tried() -> None:
    helping = {"registry_strategicfield_with_hub"}  # lets a firm's field point at field and hub together
    assert rules_of_database("registry") - HISTORY - helping == constraints_of("registry").keys() - HISTORY - {
        name for name, (model, _) in constraints_of("registry").items() if model is User or is_index_only(name)
    }


def is_index_only(name: str) -> bool:
    """A unique rule with a condition is an index of PostgreSQL and no constraint."""
    constraint = constraints_of("registry")[name][1]
    return isinstance(constraint, models.UniqueConstraint) and constraint.condition is not None


@pytest.mark.django_db
def test_a_code_returns_for_a_later_period() -> None:
    """500110 was Wansheng until its abolition, and then Qijiang: codes of places are unique for each day only."""
    same = {"code": "5001xx"}
    assert (
        refusal_of_database(District, same | {"valid_until": "2011-10-22"}, same | {"valid_from": "2011-10-22"}) is None
    )
    assert refusal_of_database(District, same, same) == "registry_district_code_once_a_day"


# Choices that only forms keep so far.
UNBOUND: set[str] = set()


def test_every_choice_is_kept_by_the_database() -> None:
    unbound = set()
    for model in apps.get_models():
        if not issubclass(model, Entry):
            continue
        bound = " ".join(str(c.condition) for c in model._meta.constraints if isinstance(c, models.CheckConstraint))
        unbound |= {
            f"{model.__name__}.{field.name}"
            for field in model._meta.concrete_fields
            if field.choices and f"'{field.name}__in'" not in bound
        }
    assert unbound == UNBOUND

"""How a rule of the model is tested: what it refuses, in the database and in words, and what it must let pass."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction

from registry.models import User
from tests.samples import sample, saved

Values = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """Rows of one model. `beside` stand already; of `refused` and `allowed` each is tried alone beside them."""

    refused: list[Values]
    allowed: list[Values] = field(default_factory=list)
    beside: list[Values] = field(default_factory=list)
    # The field itself refuses first, in its own words: a choice, a validator.
    is_said_by_field: bool = False
    # Another rule that the same rows break, and that PostgreSQL may name instead.
    or_rule: str = ""


MakeCase = Callable[[], Case]


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def period(start: str | None, end: str | None, names: tuple[str, str] = ("valid_from", "valid_until")) -> Values:
    return dict(zip(names, (start and day(start), end and day(end)), strict=True))


def not_empty(names: tuple[str, str] = ("valid_from", "valid_until"), **shared: Any) -> Case:
    return Case(
        refused=[
            shared | period("2024-03-01", "2024-03-01", names),
            shared | period("2024-03-01", "2024-02-29", names),
            shared | period("0001-01-01", None, names),
            shared | period("2024-03-01", "9999-12-31", names),
        ],
        allowed=[
            shared | period("2024-03-01", "2024-03-02", names),
            shared | period("2024-03-01", None, names),
        ],
    )


def no_overlap(
    names: tuple[str, str] = ("valid_from", "valid_until"), other: Values | None = None, **owner: Any
) -> Case:
    """One period from 2024 to 2025: neighbours may touch it, and another owner may share its days."""
    return Case(
        beside=[owner | period("2024-01-01", "2025-01-01", names)],
        refused=[
            owner | period("2024-12-31", None, names),
            owner | period("2023-01-01", "2024-01-02", names),
            owner | period("2024-05-01", "2024-05-02", names),
        ],
        allowed=[
            owner | period("2025-01-01", None, names),
            owner | period("2023-01-01", "2024-01-01", names),
            owner | (other or {}) | period("2024-05-01", None, names),
        ],
    )


def fields_once(model: type[models.Model], changed: Values, **shared: Any) -> Case:
    """A row may stand beside another that differs in any one field, and not beside one that differs in none."""
    made = {name: value() if callable(value) else value for name, value in shared.items()}
    return Case(
        beside=[made],
        refused=[made],
        allowed=[made | {name: value() if callable(value) else value} for name, value in changed.items()],
    )


def one_of(fields: dict[str, type[models.Model]]) -> Case:
    given = {name: saved(model) for name, model in fields.items()}
    none: Values = dict.fromkeys(fields)
    first, second = list(fields)[:2]
    return Case(
        refused=[none, none | {first: given[first], second: given[second]}, given],
        allowed=[none | {name: entry} for name, entry in given.items()],
    )


def known(name: str, *allowed: str, or_rule: str = "", **shared: Any) -> MakeCase:
    """A field of choices."""
    return lambda: Case(
        refused=[shared | {name: "?"}],
        allowed=[shared | {name: value} for value in allowed],
        is_said_by_field=True,
        or_rule=or_rule,
    )


POSITION = Case(
    refused=[
        {"latitude": Decimal("29.56"), "longitude": None},
        {"latitude": None, "longitude": Decimal("106.55")},
        {"latitude": Decimal("90.1"), "longitude": Decimal("106.55")},
        {"latitude": Decimal("29.56"), "longitude": Decimal("-180.1")},
    ],
    allowed=[{"latitude": "29.56", "longitude": "106.55"}, {"latitude": 90, "longitude": -180}],
)
# The rules of `registry.models.entries`, by the last part of their name.
SHARED_RULES: dict[str, MakeCase] = {
    "period_not_empty": not_empty,
    "mark_known": known("mark", "V", "D", "M", "U"),
    "code_unique": lambda: Case(
        beside=[{"code": "one"}], refused=[{"code": "one"}], allowed=[{"code": "One"}, {"code": "two"}]
    ),
    "position_whole": lambda: POSITION,
    "code_once_a_day": lambda: no_overlap(code="one", other={"code": "two"}),
}


def constraints_of(app_label: str) -> dict[str, tuple[type[models.Model], models.BaseConstraint]]:
    found = {}
    for model in apps.get_app_config(app_label).get_models():
        for constraint in model._meta.constraints:
            found[constraint.name] = (model, constraint)
    return found


def case_for(name: str, model: type[models.Model], rules: dict[str, MakeCase]) -> Case:
    """The table's own case, or that of a shared rule. KeyError, hence a failure, for a rule without a case."""
    own = rules.get(name)
    return own() if own else SHARED_RULES[name.removeprefix(f"{model._meta.db_table}_")]()


def check_rule(app_label: str, name: str, rules: dict[str, MakeCase]) -> None:
    model, constraint = constraints_of(app_label)[name]
    case = case_for(name, model, rules)
    write(model, case.beside)
    assert case.refused
    for row in case.refused:
        assert refusal_of_database(model, row) in {name, case.or_rule or name}, row
        assert_said_in_words(sample(model, **row), constraint, case)
    for row in case.allowed:
        assert_allowed(model, row)


def write(model: type[models.Model], rows: Iterable[Values]) -> None:
    """Past all Python: no clean, no save."""
    model._default_manager.bulk_create([sample(model, **row) for row in rows])
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def refusal_of_database(model: type[models.Model], *rows: Values) -> str | None:
    """The name of the constraint that refuses the rows; none where they pass."""
    try:
        with transaction.atomic():
            write(model, rows)
            transaction.set_rollback(True)
    except IntegrityError as refusal:
        return str(refusal.__cause__.diag.constraint_name)  # type: ignore[union-attr]
    return None


def assert_said_in_words(entry: Any, constraint: models.BaseConstraint, case: Case) -> None:
    with pytest.raises(ValidationError) as refusal:
        entry.full_clean()
    if not case.is_said_by_field:
        assert words_of(constraint, entry) in refusal.value.messages


def words_of(constraint: models.BaseConstraint, entry: Any) -> str:
    """Its own message; without one, Django's sentence for a unique rule that names the fields."""
    has_own = constraint.violation_error_message != constraint.default_violation_error_message
    if has_own or not isinstance(constraint, models.UniqueConstraint):
        assert has_own, f"{constraint.name} has no message"
        return str(constraint.get_violation_error_message())
    return str(entry.unique_error_message(type(entry), constraint.fields).messages[0])


def assert_allowed(model: type[models.Model], row: Values) -> None:
    assert refusal_of_database(model, row) is None, row
    sample(model, **row).full_clean()


def rules_of_database(app_label: str) -> set[str]:
    """Every constraint of the app's tables but those that Django makes of the fields alone."""
    tables = [model._meta.db_table for model in apps.get_app_config(app_label).get_models() if model is not User]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = ANY(%s::text[]::regclass[])"
            " AND NOT (contype IN ('p', 'n') OR contype = 'f' AND cardinality(conkey) = 1"
            " OR contype = 'u' AND conname ~ '_(key|uniq)$' OR contype = 'c' AND conname ~ '_check$')",
            [tables],
        )
        return {name for (name,) in cursor}

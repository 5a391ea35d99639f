"""What a write is refused with: wrong members, rules of the models, other rows in the way, stale versions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DatabaseError, models
from django.utils.translation import gettext as _

from registry.api.refusals import BodyProblem, Mistake, Problem
from registry.database_words import words_of
from registry.leaving import LeftScopeError
from registry.models.entries import NoOverlap

CONFLICTS = ("23505", "23P01", "23503", "40P01", "23001")
"""SQLSTATE of what another row, or another writer, stands in the way of."""


class Conflict(Problem):
    status_code = 409
    default_code = "conflict"


class Stale(Problem):
    status_code = 412
    default_code = "precondition_failed"


class NoVersion(Problem):
    status_code = 428
    default_code = "precondition_required"


class Unprocessable(Problem):
    status_code = 422
    default_code = "unprocessable"


class OutOfScope(Problem):
    """403: the caller writes, but not this."""

    status_code = 403
    default_code = "out_of_scope"


class MayNotWrite(Problem):
    status_code = 403
    default_code = "permission_denied"

    def __init__(self) -> None:
        detail = _("Writing this needs other rights: a key with a scope write:…, or a person of the register.")
        super().__init__([Mistake("missing_scope", detail)])


def refuse_row(row: models.Model, at: str, names: Mapping[str, str]) -> None:
    """Raises what the model's own rules say of a row that is about to be saved: BodyProblem, or Conflict where only
    another row stands in the way. `at` points to where the row stands in the body, `names` gives members of fields."""
    try:
        row.full_clean(validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        raise BodyProblem(list(_mistakes(error, at, names))) from None
    wrong: list[Mistake] = []
    taken: list[Mistake] = []
    for constraint in row._meta.constraints:
        try:
            constraint.validate(type(row), row)
        except ValidationError as error:
            is_taken = isinstance(constraint, models.UniqueConstraint | NoOverlap)
            pointer = _pointer(constraint, at, names)
            (taken if is_taken else wrong).append(Mistake(constraint.name, error.messages[0], pointer=pointer))
    if wrong:
        raise BodyProblem(wrong)
    if taken:
        raise Conflict(taken)


def refusal_of(error: DatabaseError | LeftScopeError, at: str = "", *, is_party: bool = False) -> Problem:
    """What the database, or the scope, refused after all: in words, by what stood in the way."""
    if isinstance(error, LeftScopeError):
        detail = (
            _("A party records its own financings: its partner must be among the parties.") if is_party else str(error)
        )
        return OutOfScope([Mistake("out_of_scope", detail, pointer=at)])
    diagnosis = getattr(error.__cause__, "diag", None)
    code = getattr(diagnosis, "constraint_name", None) or "conflict"
    mistake = Mistake(code, words_of(error), pointer=at)
    return Conflict([mistake]) if getattr(diagnosis, "sqlstate", "") in CONFLICTS else BodyProblem([mistake])


def _mistakes(error: ValidationError, at: str, names: Mapping[str, str]) -> Any:
    for field, errors in error.error_dict.items():
        pointer = at if field == NON_FIELD_ERRORS else f"{at}/{names.get(field, field)}"
        for one in errors:
            for message in one.messages:
                yield Mistake(one.code or "invalid", message, pointer=pointer)


def _pointer(constraint: Any, at: str, names: Mapping[str, str]) -> str:
    """To the first member that the rule is about."""
    if isinstance(constraint, NoOverlap):
        fields = [constraint.sides[0]]
    elif isinstance(constraint, models.UniqueConstraint):
        fields = [name for name in constraint.fields if name != "company"]
    else:
        fields = sorted(getattr(getattr(constraint, "condition", None), "referenced_base_fields", ()))
    return f"{at}/{names.get(fields[0], fields[0])}" if fields else at

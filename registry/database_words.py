"""What the database refuses, in words: the message of the constraint that refused."""

from typing import TYPE_CHECKING

from django.apps import apps
from django.db import DatabaseError, DataError, IntegrityError
from django.utils.translation import gettext as _

from registry.leaving import LeftScopeError

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

REFUSALS = (IntegrityError, DataError, LeftScopeError)

# Constraints that a migration made in SQL, so that no model knows their message; the apps add theirs.
WORDS: "dict[str, StrOrPromise]" = {}


def words_of(error: DatabaseError | LeftScopeError) -> str:
    """One sentence for a person, from the constraint's own message where it has one; no value of any row."""
    if isinstance(error, LeftScopeError):
        return str(error)
    diagnosis = getattr(error.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", None)
    if name in WORDS:
        return str(WORDS[name])
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name == name:
                return str(constraint.get_violation_error_message())
    told = name or getattr(diagnosis, "sqlstate", None) or type(error).__name__
    return _("The register cannot hold this: it breaks the rule “%(rule)s”.") % {"rule": told}

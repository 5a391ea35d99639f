"""That nothing withdrawn is given away in a set that was published before."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from rest_framework import status

from registry.api.refusals import Mistake, Problem
from registry.feed import statements
from registry.feed.types import Circle, feed_types
from registry.feed.walking import moment_of


class Withdrawn(Problem):
    status_code = status.HTTP_410_GONE
    default_code = "export_withdrawn"

    def __init__(self) -> None:
        detail = _(
            "An entry of this set has been withdrawn since, so that it is given no more. Take a newer set of "
            "exports/, or begin with changes/."
        )
        super().__init__([Mistake("export_withdrawn", detail)])


def withdrawn_since(circle: Circle, sequence: int) -> bool:
    """Whether something that stood to be seen at the number has been withdrawn since: the set may not be given away.

    What was deleted since was a mistake, and no withdrawal.
    """
    if sequence == 0:
        return False
    values: dict[str, Any] = {"sequence": sequence, "until": moment_of(sequence)}
    with connection.cursor() as cursor:
        for type_ in feed_types():
            if type_.shown.get(circle, "false") not in ("true", "false"):
                cursor.execute(statements.withdrawn(type_, circle), values)
                ((found,),) = cursor.fetchall()
                if found:
                    return True
    return False

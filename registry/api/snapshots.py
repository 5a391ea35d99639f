"""One answer, one snapshot: rows, counts, groups and the echoed clock belong to the same moment."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import connection, transaction

Parameters = ParamSpec("Parameters")
Answer = TypeVar("Answer")


def in_one_snapshot(read: Callable[Parameters, Answer]) -> Callable[Parameters, Answer]:
    """Runs a reading handler in one REPEATABLE READ, READ ONLY transaction.

    Where a transaction is open already (a test that rolls back) it joins that: the level can only be chosen before
    a transaction's first query.
    """

    @wraps(read)
    def reading(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Answer:
        if connection.in_atomic_block:
            return read(*args, **kwargs)
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            return read(*args, **kwargs)

    return reading

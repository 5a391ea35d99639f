"""One answer, one snapshot: rows, counts, groups and the echoed clock belong to the same moment."""

import datetime
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django.db import connection, transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from registry.api.refusals import Mistake, ParameterProblem
from registry.history.acting import reading_only
from registry.history.known import NotYetKnown, as_known, for_the_rest, settle

View = TypeVar("View", bound=Any)
Parameters = ParamSpec("Parameters")
Answer = TypeVar("Answer")


def settle_or_refuse(moment: datetime.datetime, parameter: str = "known_at") -> None:
    """ParameterProblem for a moment that lies ahead; of any other, all that was recorded by it is now to be seen."""
    try:
        settle(moment)
    except NotYetKnown as ahead:
        now = localtime(ahead.now).isoformat()
        words = {"parameter": parameter, "moment": localtime(moment).isoformat(), "now": now}
        detail = _("%(parameter)s: %(moment)s lies ahead; it is %(now)s.") % words
        raise ParameterProblem([Mistake("not_yet_known", detail, parameter=parameter)]) from None


@contextmanager
def one_snapshot(known_at: datetime.datetime | None = None) -> Iterator[None]:
    """A REPEATABLE READ, READ ONLY transaction, as known at the moment.

    Where a transaction is open already (a test that rolls back) it joins that: the level can only be chosen before
    a transaction's first query.
    """
    if connection.in_atomic_block:
        with as_known(known_at):
            yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        with reading_only(), for_the_rest(known_at):
            yield


def in_one_snapshot(
    read: Callable[Concatenate[View, Parameters], Answer],
) -> Callable[Concatenate[View, Parameters], Answer]:
    """Runs a view's reading handler in one snapshot, as known at what was asked."""

    @wraps(read)
    def reading(view: View, *args: Parameters.args, **kwargs: Parameters.kwargs) -> Answer:
        with one_snapshot(view.asked.known_at):
            if view.statement_seconds is not None:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT set_config('statement_timeout', %s, true)", [f"{view.statement_seconds}s"])
            return read(view, *args, **kwargs)

    return cast("Callable[Concatenate[View, Parameters], Answer]", reading)

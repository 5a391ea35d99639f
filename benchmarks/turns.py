"""Work inside this process, in turns: what it costs here and in the database connection that Django holds."""

import datetime
import math
import time
from collections.abc import Callable, Mapping
from typing import Any

from benchmarks.asking import processor_time
from benchmarks.measuring import Cost
from benchmarks.results import Line

TURN_SECONDS = 0.15
Work = Callable[[], Any]


def cost(work: Work, times: int = 1) -> Cost:
    """CPU of one call, the mean of so many."""
    from django.db import connection

    connection.ensure_connection()
    process = connection.connection.info.backend_pid
    before, began = processor_time(process), time.process_time()
    for _ in range(times):
        work()
    application, database = time.process_time() - began, (processor_time(process) - before) / 1e9
    return Cost(application, database).each(times)


def in_turns(works: Mapping[str, Work], rounds: int) -> dict[str, list[Cost]]:
    """A B C A B C, each as often a turn as makes `TURN_SECONDS`."""
    times = {}
    for label, work in works.items():
        work()
        times[label] = max(1, math.ceil(TURN_SECONDS / max(cost(work).total, 1e-4)))
    costs: dict[str, list[Cost]] = {label: [] for label in works}
    for _round in range(rounds):
        for label, work in works.items():
            costs[label].append(cost(work, times[label]))
    return costs


def of_database(costs: list[Cost], share: int = 1) -> list[Cost]:
    """The database's part alone, `share` times: for work of which a share was done."""
    return [Cost(0.0, one.database * share) for one in costs]


def lines(costs: Mapping[str, list[Cost]], base: str) -> list[Line]:
    return [Line(label, found, costs[base]) for label, found in costs.items()]


def month_ends(last: datetime.date, number: int) -> list[datetime.date]:
    """The last days of so many months before the month of the day, oldest first."""
    found, first = [], last.replace(day=1)
    for _ in range(number):
        found.append(first - datetime.timedelta(days=1))
        first = found[-1].replace(day=1)
    return found[::-1]

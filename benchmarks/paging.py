"""Counting and paging at size: `count=capped` for every pair of filters, first, middle and last page of every order.

    python -m benchmarks.paging [FIRMS] [--pairs] [--pages] [--list companies] [--worst 20] [--rounds 2]

Works on the data of `benchmarks.size`. Each filter takes its most frequent value and a rare one. Times are processor
milliseconds of the database, planning included: the least of some rounds.
"""

import argparse
import itertools
from typing import Any

from benchmarks import asking, size
from benchmarks.asking import Asked, Stopwatch

LIMIT = "5s"
"""What the application gives a statement."""


def least(rounds: int, work: Any) -> float:
    """The best of some rounds; a statement that the application would have cut off counts as that limit."""
    from django.db import OperationalError, connection

    taken = []
    for _ in range(rounds):
        watch = Stopwatch()
        try:
            with connection.execute_wrapper(watch):
                work()
        except OperationalError:
            return 5000.0
        taken.append(watch.milliseconds)
        if len(taken) == 1 and taken[0] < 20:
            break
    return min(taken)


def pairs(name: str, view: Any, rounds: int, worst: int) -> None:
    from registry.api.paging import count_rows
    from registry.api.refusals import ParameterProblem

    limit_statements("0")
    values = list(asking.values_of(view))
    limit_statements(LIMIT)
    print(f"\n{name}: {len(values)} values\n  " + "\n  ".join(map(str, values)))
    found: list[tuple[float, Asked, Asked, int]] = []
    for one, other in itertools.combinations_with_replacement(values, 2):
        if one.name == other.name and one is not other:
            continue
        try:
            rows = asking.counted_of(view, **{one.name: one.value, other.name: other.value})
        except ParameterProblem:
            continue  # a period that ends before it begins is no question
        counted: dict[str, Any] = {}
        spent = least(rounds, lambda rows=rows, counted=counted: counted.update(count_rows(rows, "capped")))
        found.append((spent, one, other, counted.get("count", -1)))
    found.sort(key=lambda pair: -pair[0])
    late = sum(spent > 100 for spent, *_ in found)
    middle = found[len(found) // 2][0]
    print(f"{name}: {len(found)} pairs, {late} over 100 ms, median {middle:.1f} ms; the worst {worst}:")
    for spent, one, other, rows in found[:worst]:
        print(
            f"{spent:9.1f} ms {rows:>7,}  {one}  &  {other}"
            if one is not other
            else f"{spent:9.1f} ms {rows:>7,}  {one}"
        )


def pages(name: str, view: Any, rounds: int) -> None:
    """First, middle and last page of each order in both directions, alone and with a rare filter."""
    limit_statements("0")
    values = list(asking.values_of(view))
    frequent = max((v for v in values if v.name not in ("seated", "near")), key=lambda v: v.rows)
    narrowed: list[Any] = [None, frequent, *sorted((v for v in values if v.rows >= 20), key=lambda v: v.rows)[:3]]
    print(f"\n{name}: pages of 100 keys, ms: first, middle, last")
    orders = [order for order in view.orders if order.needs != "q"]  # `benchmarks.search` asks for pages by relevance
    for order, sign in itertools.product(orders, ("", "-")):
        for asked in narrowed:
            given = {asked.name: asked.value} if asked else {}
            if order.needs:
                given[order.needs] = "29.56,106.55,30"
            times = page_times(view, order, bool(sign), given, rounds)
            mark = f"{times[2] / times[0]:5.1f} x" if times[0] else ""
            print(f"  {sign + order.name:18} {asked or 'all'!s:45.45} " + " ".join(f"{t:8.1f}" for t in times) + mark)


def page_times(view: Any, order: Any, is_descending: bool, given: dict[str, str], rounds: int) -> list[float]:
    from registry.api.paging import Direction, Walk

    rows = asking.rows_of(view, **given)
    walk = Walk(lambda _day: rows, Direction(order, is_descending), 100)
    places = [None, *places_in(rows, walk.direction)]
    return [least(rounds, lambda place=place: walk.page(size.DAY, place)) for place in places]


def places_in(rows: Any, direction: Any) -> list[Any]:
    """The positions before the middle page and before the last one."""
    from django.db.models import F

    from registry.api.cursors import Position

    value = F(direction.order.expression)
    sorted_by = value.desc(nulls_last=True) if direction.is_descending else value.asc(nulls_last=True)
    ordered = rows.annotate(_value=value).order_by(sorted_by, *direction.by_key())
    number = rows.order_by().count()
    found = ordered.values_list("_value", "pk")
    return [Position(*found[place : place + 1][0]) for place in (number // 2, max(0, number - 101))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("firms", type=int, nargs="?", default=500_000)
    parser.add_argument("--pairs", action="store_true")
    parser.add_argument("--pages", action="store_true")
    parser.add_argument("--list", choices=["companies", "certifications", "residencies", "financings"])
    parser.add_argument("--worst", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args()
    size.ready(options.firms)
    for name, view in asking.views().items():
        if options.list in (None, name):
            measure(name, view, options)


def measure(name: str, view: Any, options: argparse.Namespace) -> None:
    if options.pairs or not options.pages:
        pairs(name, view, options.rounds, options.worst)
    if options.pages or not options.pairs:
        pages(name, view, options.rounds)


def limit_statements(time: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, false)", [time])
        cursor.execute("SET max_parallel_workers_per_gather = 0")


if __name__ == "__main__":
    main()

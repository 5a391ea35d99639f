"""The search `q` at size: database time of pages and counts for pieces of every length and frequency.

    python -m benchmarks.search [FIRMS] [--pieces 200] [--rounds 3]

Works on the data of `benchmarks.size`. Times are processor milliseconds of the database, planning included: the least
of some rounds. First it compares what random pieces find with what LIKE finds over all names.
"""

import argparse
import random
from collections.abc import Iterator
from typing import Any

from benchmarks import asking, database, size
from benchmarks.asking import Stopwatch

RARE_MS, PAGE_MS = 5.0, 50.0
RARE = 100
"""A piece that finds fewer firms is rare."""
LATIN = (
    "chongqing",
    "chong qing",
    "zhongqing",
    "huasheng",
    "cq",
    "kj",
    "cqkj",
    "ai",
    "a",
    "915001",
    "重庆 科技",
    "华 科技",
)


def pieces(count: int) -> list[str]:
    """Pieces of one to four characters out of names that are spread over the register."""
    from companies.models import CompanyName

    chance = random.Random(20261120)
    last = CompanyName.objects.order_by("-pk").values_list("pk", flat=True)[0]
    found: list[str] = []
    while len(found) < count:
        row = (
            CompanyName.objects.filter(pk__gte=chance.randrange(last)).order_by("pk").values_list("name_zh", flat=True)
        )
        length = len(found) % 4 + 1
        start = chance.randrange(len(row[0]) - length + 1)
        piece = row[0][start : start + length]
        if any(character.isalnum() for character in piece):
            found.append(piece)
    return found


def compare(asked: list[str]) -> Iterator[tuple[str, int, bool]]:
    """Each piece, how many firms LIKE finds by it, and whether the search finds the same."""
    from companies.models import Company, CompanyName
    from companies.search import Search

    for piece in asked:
        like = set(CompanyName.objects.filter(name_zh__contains=piece).values_list("company_id", flat=True))
        found = set(Search(piece).narrow(Company.objects.all()).values_list("pk", flat=True))
        yield piece, len(like), found == like


class Asked:
    """A search as a request asks it, with its list in either direction."""

    def __init__(self, text: str) -> None:
        self.text = text

    def page(self, order: str, position: Any = None) -> Any:
        """One page after the position; everything is looked up anew, as for each request."""
        from companies.views import CompanyListView
        from registry.api.paging import Walk

        view = asking.opened(CompanyListView, q=self.text, order=order)
        filterset = view.filterset_class(view.asked, view.queryset)
        walk = Walk(lambda day: filterset.on(day, view.rows(day)), view.direction(), 100)
        found = walk.page(view.valid_on, position)
        self.ordered, self.rows = view.asked.values["q"].ordered, filterset.on(view.valid_on, view.rows(view.valid_on))
        return found


def timed(work: Any, rounds: int) -> float:
    from django.db import connection

    taken = []
    for _ in range(rounds):
        watch = Stopwatch()
        with connection.execute_wrapper(watch):
            work()
        taken.append(watch.milliseconds)
    return min(taken)


def measure(text: str, rounds: int) -> tuple[str, float, float, float, dict[str, Any]]:
    """How it was ordered, milliseconds of the first page, the last page and `count=capped`, and the count."""
    from registry.api.paging import count_rows

    asked = Asked(text)
    before_last = asked.page("-relevance").last  # the position after which the last hundred come
    first = timed(lambda: asked.page("relevance"), rounds)
    last = timed(lambda: asked.page("relevance", before_last), rounds)
    counting = timed(lambda: count_rows(asked.rows, "capped"), rounds)
    return asked.ordered, first, last, counting, count_rows(asked.rows, "capped")


def report(texts: list[str], rounds: int) -> bool:
    slow = False
    print(f"{'text':14} way {'firms':>7} {'first':>8} {'last':>8} {'count':>8}  ms of database time")
    for text in texts:
        ordered, first, last, counting, counted = measure(text, rounds)
        is_rare = ordered == "R" and counted["count"] < RARE
        is_slow = max(first, last) > (RARE_MS if is_rare and len(text) == 2 else PAGE_MS)
        slow |= is_slow
        firms = f"{counted['count']:,}{'+' if counted['count_is_lower_bound'] else ''}"
        print(
            f"{text:14} {ordered:3} {firms:>7} {first:8.1f} {last:8.1f} {counting:8.1f} {'  SLOW' if is_slow else ''}"
        )
    return slow


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("firms", type=int, nargs="?", default=500_000)
    parser.add_argument("--pieces", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    with database.stopped_afterwards():
        size.ready(asked.firms)
        run(asked.pieces, asked.rounds)


def run(count: int, rounds: int) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")  # a stopwatch sees one process
    found = list(compare(pieces(count)))
    differing = [piece for piece, _firms, is_same in found if not is_same]
    print(f"{len(found)} pieces, {len(differing)} find others than LIKE over all names: {differing}")
    by_frequency = sorted({(firms, piece) for piece, firms, _same in found})
    chosen = [
        some[place][1]
        for length in (1, 2, 3, 4)
        if (some := [one for one in by_frequency if len(one[1]) == length])
        for place in (0, len(some) // 4, len(some) // 2, 3 * len(some) // 4, len(some) - 1)
    ]
    if report([*dict.fromkeys(chosen), *LATIN], rounds) or differing:
        raise SystemExit(1)


if __name__ == "__main__":
    main()

"""Every ratio of the register beside its limit and its peers, each from one interleaved run.

    python -m benchmarks [FIRMS] [--rounds 9] [--only pages ...] [--naive] [--strict]

Works on the data of `benchmarks.size`. CPU of application and database, user and system; medians of the rounds, with
the spread. Says what is met; with --strict it ends with 1 when anything is missed.
"""

import argparse
import os
import platform
import time
from collections.abc import Callable
from typing import Any

import psycopg

from benchmarks import database, imports, pages, size, starting
from benchmarks.results import Table

SETTINGS = {"LOG_LEVEL": "ERROR"}


def machine(url: str) -> str:
    with psycopg.connect(url) as client:
        (server,) = client.execute("SHOW server_version").fetchone() or ("?",)
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1024**3
    load = " ".join(f"{one:.1f}" for one in os.getloadavg())
    kernel = platform.release().split("-")[0]
    return (
        f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores ({processor()}), {memory:.0f} GB, "
        f"Linux {kernel}, Python {platform.python_version()}, PostgreSQL {server}, load {load}"
    )


def processor() -> str:
    with open("/proc/cpuinfo", encoding="utf-8") as told:
        return next((line.partition(":")[2].strip() for line in told if line.startswith("model name")), "unknown")


def parts(options: argparse.Namespace, url: str) -> dict[str, Callable[[], list[Table]]]:
    return {
        "pages": lambda: pages.measure(url, options.rounds, with_naive=options.naive),
        "imports": lambda: [imports.measure(url, rounds=2)],
        "process": lambda: [starting.measure(url, max(3, options.rounds // 2))],
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("firms", type=int, nargs="?", default=15_000)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--only", nargs="+", choices=("pages", "imports", "process"), default=())
    parser.add_argument("--naive", action="store_true", help="with naive DRF, seconds a page")
    parser.add_argument("--strict", action="store_true", help="end with 1 when a ratio is missed")
    options = parser.parse_args()
    os.environ.update(SETTINGS)
    with database.stopped_afterwards():
        url = size.ready(options.firms)
        forget_connections()
        print(f"{options.firms:,} firms; {machine(url)}")
        missed: list[Any] = []
        for name, measure in parts(options, url).items():
            if not options.only or name in options.only:
                missed += show(measure())
    print(f"\n{len(missed)} missed" + "".join(f"\n  {each.label}" for each in missed))
    return 1 if missed and options.strict else 0


def show(tables: list[Table]) -> list[Any]:
    forget_connections()
    for table in tables:
        table.print()
    return [each for table in tables for each in table.missed]


def forget_connections() -> None:
    """Nobody may be connected to a database that is cloned."""
    from django.db import connections

    connections.close_all()


if __name__ == "__main__":
    raise SystemExit(main())

"""What counting each request costs: answers of one worker with the counter beside one without it.

    python -m benchmarks.limits [FIRMS] [--rounds 200]

Works on the data of `benchmarks.size`. Both workers run at once and are asked in turns; the medians count. A request
by key is also noted as a use of the key, with and without the counter.
"""

import argparse
import os
import statistics
from contextlib import ExitStack

from benchmarks import __main__ as telling
from benchmarks import size
from benchmarks.codings import ask
from benchmarks.database import stopped_afterwards
from benchmarks.size import DAY
from benchmarks.streams import worker

ADDRESSES = {
    "one firm of a list": f"/api/v1/companies/?limit=1&valid_on={DAY}",
    "100 firms": f"/api/v1/companies/?valid_on={DAY}",
    "a figure by district": f"/api/v1/statistics/high-tech-firms/?group_by=district&valid_on={DAY}",
    "the feed, nothing new": "/api/v1/changes/?after=0&limit=1",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("firms", nargs="?", type=int, default=15_000)
    parser.add_argument("--rounds", type=int, default=200)
    asked = parser.parse_args()
    os.environ |= {"LOG_LEVEL": "ERROR", "PUBLIC_REQUESTS_A_MINUTE": "1000000"}
    with stopped_afterwards(), ExitStack() as workers:
        url = size.ready(asked.firms)
        telling.forget_connections()
        print(f"{asked.firms:,} firms; {telling.machine(url)}")
        counted, _process = workers.enter_context(worker(url))
        plain, _process = workers.enter_context(worker(url, DJANGO_SETTINGS_MODULE="benchmarks.without_limit"))
        for name, path in ADDRESSES.items():
            pairs = [
                tuple(ask(place, path, "identity")[0] * 1000 for place in (counted, plain))
                for _round in range(asked.rounds)
            ]
            with_it, without = (statistics.median(times) for times in zip(*pairs, strict=True))
            print(f"{name:22} {with_it:6.2f} ms counted, {without:6.2f} ms not: {with_it / without:.2f} x")


if __name__ == "__main__":
    main()

"""Pages of firms in each coding beside the same page as it is: time and bytes.

    python -m benchmarks.codings [FIRMS] [--rounds 40]

Works on the data of `benchmarks.size`, with one worker as served. The codings take turns; the medians count.
"""

import argparse
import http.client
import os
import socket
import statistics
import time
from pathlib import Path

from benchmarks import __main__ as telling
from benchmarks import database, size
from benchmarks.size import DAY
from benchmarks.streams import worker

PAGES = {"one firm": "limit=1", "100 firms": "limit=100", "500 firms": "limit=500"}
CODINGS = ("identity", "gzip", "zstd")


def ask(place: Path, path: str, coding: str) -> tuple[float, int]:
    """Seconds and bytes of one answer."""
    connection = http.client.HTTPConnection("localhost", timeout=60)
    connection.sock = socket.socket(socket.AF_UNIX)
    connection.sock.connect(str(place))
    begun = time.perf_counter()
    connection.request("GET", path, headers={"Host": "localhost", "Accept-Encoding": coding})
    answer = connection.getresponse()
    content = answer.read()
    taken = time.perf_counter() - begun
    connection.close()
    if answer.status != 200:
        raise SystemExit(f"{path}: {answer.status} {content[:200]!r}")
    return taken, len(content)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("firms", nargs="?", type=int, default=15_000)
    parser.add_argument("--rounds", type=int, default=40)
    asked = parser.parse_args()
    os.environ |= {"LOG_LEVEL": "ERROR", "PUBLIC_REQUESTS_A_MINUTE": "1000000"}
    with database.stopped_afterwards():
        url = size.ready(asked.firms)
        telling.forget_connections()
        print(f"{asked.firms:,} firms; {telling.machine(url)}")
        with worker(url) as (place, _process):
            for name, query in PAGES.items():
                path = f"/api/v1/companies/?valid_on={DAY}&{query}"
                found: dict[str, list[tuple[float, int]]] = {coding: [] for coding in CODINGS}
                for _round in range(asked.rounds):
                    for coding in CODINGS:
                        found[coding].append(ask(place, path, coding))
                plain = statistics.median(taken for taken, _length in found["identity"])
                for coding, asks in found.items():
                    taken, length = statistics.median(seconds for seconds, _length in asks), asks[0][1]
                    print(f"{name:10} {coding:9} {length:9,} bytes {taken * 1000:7.1f} ms  {taken / plain:.2f} x plain")


if __name__ == "__main__":
    main()

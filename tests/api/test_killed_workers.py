"""Programmes that send again while workers are killed: with a key each financing is there once, without it not."""

import contextlib
import itertools
import json
import os
import random
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
from django.db import connections

from companies.models import Company, Financing
from incubators.keys import make_key
from registry.models import Partner
from tests.samples import saved
from tests.servers import serving

KILLS, CLIENTS = 20, 4
MOST_KILLS_OF_THE_CONTROL = 150
PATIENCE = 60.0


def workers() -> list[int]:
    """The processes below gunicorn's own, which is a child of this one."""
    found = subprocess.run(
        ["pgrep", "-f", "gunicorn config.wsgi"], capture_output=True, text=True, check=False
    ).stdout.split()
    mine = [int(pid) for pid in found if _parent(int(pid)) == os.getpid()]
    return [int(pid) for pid in found if _parent(int(pid)) in mine]


def _parent(pid: int) -> int:
    with contextlib.suppress(OSError), open(f"/proc/{pid}/stat", encoding="ascii") as stat:
        return int(stat.read().rpartition(")")[2].split()[1])
    return 0


def send_until_answered(client: httpx.Client, body: dict[str, Any], headers: dict[str, str]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with contextlib.suppress(httpx.TransportError):
            answer = client.post("/api/v1/financings/", content=json.dumps(body), headers=headers)
            if answer.status_code == 201:
                return
            assert answer.status_code in (409, 503), answer.text
        time.sleep(0.02)
    raise AssertionError("never answered")


def under_fire(root: str, key: str, firm: str, kills: int, enough: Callable[[], bool], *, once: bool) -> int:
    """Sends financings, each known by its reference, until so many workers were killed; how many were sent."""
    stop, numbers = threading.Event(), itertools.count(1)

    def client(_place: int) -> int:
        sent = 0
        with httpx.Client(base_url=root, timeout=10) as program:
            while not stop.is_set():
                number = next(numbers)
                body = {
                    "company": firm, "instrument": "KVL", "agreed_on": "2026-01-10", "agreed_amount": "5",
                    "reference": f"{once}-{number}", "parties": [{"partner": "bank", "role": "lender"}],
                }  # fmt: skip
                headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
                headers |= {"Idempotency-Key": f"f-{number}"} if once else {}
                send_until_answered(program, body, headers)
                sent += 1
        return sent

    chance = random.Random(7)
    with ThreadPoolExecutor(CLIENTS) as pool:
        sent = [pool.submit(client, place) for place in range(CLIENTS)]
        try:
            for _kill in range(kills):
                time.sleep(0.2 + chance.random() * 0.3)
                running = workers()
                doomed = [chance.choice(running)] if once and running else running
                wait_for_a_commit()
                for worker in doomed:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(worker, signal.SIGKILL)
                if enough():
                    break
        finally:
            stop.set()
        return sum(one.result() for one in sent)


def wait_for_a_commit() -> None:
    """Until a financing is there that was not: its answer is most likely still under way."""
    before, deadline = Financing.objects.count(), time.monotonic() + 10
    while Financing.objects.count() == before and time.monotonic() < deadline:
        pass


def references(once: bool) -> Counter[str]:
    try:
        rows = Financing.objects.filter(reference__startswith=f"{once}-").values_list("reference", flat=True)
        return Counter(rows)
    finally:
        connections.close_all()


def test_a_financing_sent_again_after_a_killed_worker_is_there_once(committed_db: str) -> None:
    saved(Partner, code="bank")
    firm = saved(Company)
    partner = Partner.objects.get(code="bank")
    key = make_key(label="bank", partner=partner, records_financings=True, most_requests=1_000_000)[1]
    with serving(committed_db) as root:
        sent = under_fire(root, key, firm.uscc, KILLS, lambda: False, once=True)
        found = references(True)
        assert set(found.values()) == {1}, "a duplicate"
        assert len(found) == sent >= KILLS, "one is missing"
        # The control: the same without the key writes some of them twice.
        under_fire(
            root,
            key,
            firm.uscc,
            MOST_KILLS_OF_THE_CONTROL,
            lambda: max(references(False).values(), default=0) > 1,
            once=False,
        )
        assert max(references(False).values()) > 1, "nothing was written twice: this test could not fail"

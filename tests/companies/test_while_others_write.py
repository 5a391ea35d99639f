"""While others write and commit, every answer is of one moment: groups = total = list, bridges add up, nothing given
out changes, and the ledger says what the lists count."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connections
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from companies.models import Seat
from companies.statistics.codes import STANDING
from companies.statistics.ledger.truth import differences
from tests.companies.test_answers_stay import CHANGES, FIRMS, enter, move, rename_district
from tests.registry.test_history_commits import another_client, until

pytestmark = pytest.mark.usefixtures("committed_db")

DAYS = ("2021-12-31", "2023-06-30", "2025-01-01", "2025-11-06", "2026-11-22", "2028-01-01")
GROUPS = ("district", "zone", "incubator", "established_year")
WRITERS, MOST_ROUNDS = 2, 12
WAITING = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
Step = tuple[Callable[[str, int], None], str, int]
# Each writer has firms of its own, so that most writings are not refused; the districts are everybody's.
OF_WRITERS = [FIRMS[:2], FIRMS[2:]]
HISTORIES = st.tuples(
    *(
        st.lists(
            st.tuples(st.sampled_from(CHANGES), st.sampled_from(codes), st.integers(0, 2)), min_size=8, max_size=16
        )
        for codes in OF_WRITERS
    )
)


def write(steps: list[Step]) -> int:
    """How many of the steps were written; one that the rules refuse is none."""
    written = 0
    try:
        for change, code, number in steps:
            try:
                change(code, number)
                written += 1
            except (IntegrityError, ValidationError):
                continue
    finally:
        connections.close_all()
    return written


def ask(address: str) -> tuple[Any, bytes]:
    response = Client().get(f"/api/v1/{address}")
    assert response.status_code == 200, (address, response.content)
    return response.json(), response.content


class Reader:
    """Asks while others write, and keeps what it was told for a moment that stays."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.given_out: dict[str, bytes] = {}

    def once(self, metric: str) -> None:
        day, dimension = self.chance.choice(DAYS), self.chance.choice(GROUPS)
        figure, _content = ask(f"statistics/{metric}/?valid_on={day}&group_by={dimension}")
        assert sum(group["value"] for group in figure["groups"]) == figure["total"], figure
        if figure["known_at"] is not None:
            known = f"&known_at={quote(figure['known_at'])}"
            listed, _content = ask(figure["list"].split("/api/v1/")[1] + f"&count=exact&limit=500{known}")
            assert len(listed["data"]) == listed["meta"]["count"] == figure["total"]
            self.keep(f"statistics/{metric}/?valid_on={day}&group_by={dimension}{known}", figure)
        self.bridge(metric)

    def keep(self, address: str, figure: Any) -> None:
        """As known at the moment that an answer echoed, it is the same again."""
        told, content = ask(address)
        assert (told["total"], [group["value"] for group in told["groups"]]) == (
            figure["total"],
            [group["value"] for group in figure["groups"]],
        )
        self.given_out[address] = content

    def bridge(self, metric: str) -> None:
        first, last = sorted(self.chance.sample(DAYS, 2))
        bridge, _content = ask(f"statistics/{metric}/bridge/?from={first}&to={last}")
        assert bridge["opening"] + sum(part["value"] for part in bridge["parts"]) == bridge["closing"], bridge

    def nothing_changed(self) -> None:
        for address, content in self.given_out.items():
            assert ask(address)[1] == content, address


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(HISTORIES, st.integers(0, 2**16))
def test_every_answer_is_of_one_moment(histories: tuple[list[Step], ...], seed: int) -> None:
    for place, code in enumerate(FIRMS):
        enter(code, place)
    reader, metrics = Reader(random.Random(seed)), itertools.cycle(STANDING)
    with ThreadPoolExecutor(WRITERS) as pool:
        writing = [pool.submit(write, steps) for steps in histories]
        for _round in rounds(writing):
            reader.once(next(metrics))
        assert sum(written.result(timeout=60) for written in writing) > 0
    assert len(reader.given_out) > 1
    reader.nothing_changed()
    assert list(differences(6, seed)) == []


def rounds(writing: list[Future[int]]) -> Iterator[int]:
    """One for each metric at least, then on while somebody writes, but not for ever."""
    for number in range(MOST_ROUNDS):
        if number < len(STANDING) or not all(done.done() for done in writing):
            yield number


def test_writers_who_share_a_row_do_not_block_a_reader() -> None:
    """The same district is renamed by both, while its firms are counted."""
    enter(FIRMS[0], 0)
    steps: list[Step] = [(rename_district, FIRMS[0], 0), (rename_district, FIRMS[1], 0)] * 4
    with ThreadPoolExecutor(WRITERS) as pool:
        writing = [pool.submit(write, steps) for _ in range(WRITERS)]
        labels = set()
        for _round in rounds(writing):
            (group,) = ask("statistics/firms/?valid_on=2025-01-01&group_by=district&lang=en")[0]["groups"]
            assert (group["key"]["district"], group["value"]) == ("500106", 1)
            labels.add(group["label"]["district"])
        assert [written.result(timeout=60) for written in writing] == [len(steps)] * WRITERS
    assert labels <= {"Shapingba District", *(f"{code[-3:]} district" for code in FIRMS)}


def test_who_moves_a_seat_waits_for_a_new_campus_without_holding_the_seat() -> None:
    """The campus measures the seats around it: if the seat were held meanwhile, each would wait for the other."""
    enter(FIRMS[0], 0)
    move(FIRMS[0], 0)
    with another_client() as builder, another_client() as observer, ThreadPoolExecutor(1) as pool:
        builder.execute("BEGIN")
        builder.execute("SELECT pg_advisory_xact_lock(hashtext('companies_campus_metres'))")
        moving = pool.submit(write, [(move, FIRMS[0], 1)])
        until(lambda: observer.execute(WAITING).fetchone() == (1,))
        builder.execute("SET LOCAL lock_timeout = '5s'")
        builder.execute("UPDATE companies_seat SET longitude = 109.25")
        builder.execute("COMMIT")
        assert moving.result(timeout=10) == 1
    assert [seat.longitude for seat in Seat.objects.all()] == [Decimal("109.21000")]

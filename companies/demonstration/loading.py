"""Loads an invented set: in one transaction, once, and never beside real firms."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from django.db import connection

from companies.demonstration.inventing import Invention, invent
from companies.demonstration.writing import (
    AnotherThread,
    Writer,
    analyze,
    analyze_all,
    build_indexes,
    without_growing_indexes,
)
from companies.models import Company
from companies.statistics.releasing import release_all
from registry.history import acting
from registry.history.acting import check_constraints_now, seal_now
from registry.models import Entry

SEED = 20_000
QUICK_SIZE = 300  # for tests and quick tries
LOCK = 20_261_122  # an advisory lock: any number; two loads at once wait for each other
CORRECTED_SHARE = 15  # one firm in so many of the first ones is corrected after the load
MOST_CORRECTED = 200
FIRMS_AT_A_TIME = 1000


class RealDataPresent(ValueError):
    """The register holds firms that are not invented; the two are never mixed."""


@dataclass(frozen=True)
class Loaded:
    """What a load wrote: firms, and all entries together; nothing if a set was there already."""

    firms: int
    entries: int


Tell = Callable[[str], None]


def load(
    today: datetime.date, seed: int = SEED, size: int | None = QUICK_SIZE, tell: Tell = lambda sentence: None
) -> Loaded:
    """Write an invented set in one transaction; an existing one is left as it is. Without a size: the whole set.

    A second transaction then corrects a few of the firms, as a registrar would: otherwise all of them would have
    been changed at one moment, and nothing of the register's memory could be tried. Last, what the unpublished
    financings of past quarters came to is released.
    """
    with acting(reason=f"demonstration set, seed {seed}"):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        if Company.objects.filter(is_invented=True).exists():
            return Loaded(0, 0)
        refuse_real_firms()
        tell("making up firms and their years")
        indexes = without_growing_indexes()
        loaded = _write(invent(today, seed, size), tell)
        tell("writing the versions of all entries")
        seal_now()
        build_indexes(indexes)
    with acting(reason="demonstration of a correction"):
        _correct()
    release_all(today)
    analyze_all()
    return loaded


def refuse_real_firms() -> None:
    real = Company.objects.filter(is_invented=False).order_by("uscc").first()
    if real is not None:
        raise RealDataPresent(
            f"The register holds firms that are not invented, such as {real.uscc}; "
            "invented firms are never mixed with them."
        )


def _write(invention: Invention, tell: Tell) -> Loaded:
    writer, drafts = Writer(), invention.drafts
    hosts = invention.hosts
    writer.write([*hosts.incubators, *hosts.seats, *hosts.designations, *invention.partners])
    writer.write([draft.company for draft in drafts])
    tell(f"{len(drafts):,} firms, {len(hosts.incubators)} incubators; now what is known of them")
    analyze(writer.written)
    with AnotherThread() as other:  # the database writes some firms while the next are made up
        for start in range(0, len(drafts), FIRMS_AT_A_TIME):
            chunk = drafts[start : start + FIRMS_AT_A_TIME]
            facts = [fact for draft in chunk for fact in invention.facts(draft)]
            other.run(partial(_write_facts, writer, facts, start + len(chunk), tell))
    analyze(writer.written)
    return Loaded(len(drafts), writer.written.total())


def _write_facts(writer: Writer, facts: list[Entry], firms: int, tell: Tell) -> None:
    writer.write(facts)
    check_constraints_now()
    tell(f"{firms:>7,} firms, {writer.written.total():>8,} entries")


def _correct() -> None:
    """A few firms get a corrected capital."""
    found = Company.objects.filter(is_invented=True).order_by("uscc")
    corrected = list(found[: CORRECTED_SHARE * MOST_CORRECTED])[::CORRECTED_SHARE]
    for firm in corrected:
        firm.registered_capital = (firm.registered_capital or Decimal(0)) + Decimal("10.5")
    Company.objects.bulk_update(corrected, ["registered_capital"])

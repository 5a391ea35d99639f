"""`manage.py rebuild_states`: what lists of firms are counted by, written anew."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection, transaction

from companies.models import Company

AT_A_TIME = 1_000
"""Firms of one transaction: writers wait for it, less than a second."""


class Command(BaseCommand):
    help = (
        "Write the states of all firms anew, by which their lists are counted. A thousand firms at a time: lists "
        "are read meanwhile, and writers wait for one such part at most."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--at-a-time", type=int, default=AT_A_TIME, help="firms of one transaction")

    def handle(self, *_args: Any, at_a_time: int, **_options: Any) -> None:
        written = 0
        for keys in parts(at_a_time):
            write_anew(keys)
            written += len(keys)
            self.stdout.write(f"{written:,} firms")


def parts(size: int) -> Iterator[list[int]]:
    last = 0
    while keys := list(Company.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:size]):
        yield keys
        last = keys[-1]


def write_anew(keys: list[int]) -> None:
    """The states of some firms, under the clock as at every commit; each firm is held before it, as by its writers."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT FROM companies_company WHERE id = ANY (%s) ORDER BY id FOR KEY SHARE", [keys])
        cursor.execute("SELECT FROM registry_clock FOR UPDATE")
        cursor.execute("SELECT companies_write_states(%s::bigint[])", [keys])

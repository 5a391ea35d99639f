"""`manage.py release_financing_tables`: tells the public what unpublished financings of past quarters came to."""

import re
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError

from companies.models import FinancingTable
from companies.statistics.releasing import NotOver, Quarter, release, release_all


class Command(BaseCommand):
    help = (
        "Release the quarterly tables of financings that are over and not released yet. A released table is final: "
        "later records never change it, and what it counts can no longer be published one by one."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--quarter", help="One quarter only, such as 2025Q1.")

    def handle(self, *args: Any, quarter: str | None, **options: Any) -> None:
        for table in release_all() if quarter is None else [self._release(quarter)]:
            hidden = table.cells.filter(is_hidden=True).count()
            self.stdout.write(f"{table}: {table.cells.count()} cells, {hidden} of them hidden")

    def _release(self, text: str) -> FinancingTable:
        found = re.fullmatch(r"([0-9]{4})Q([1-4])", text)
        if not found:
            raise CommandError(f"“{text}” is not a quarter such as 2025Q1.")
        try:
            return release(Quarter(int(found[1]), int(found[2])))
        except NotOver as error:
            raise CommandError(str(error)) from error
        except IntegrityError as error:
            raise CommandError(f"The table of {text} has been released; it is final.") from error

"""`manage.py load_demonstration`: invented firms along the city's published curve, for the trial."""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from companies.demonstration.lists import ReferenceMissing
from companies.demonstration.loading import SEED, RealDataPresent, load
from registry.days import parse_day, today


class Command(BaseCommand):
    help = "Load invented firms with every kind of fact. A set that is there already stays as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--firms",
            type=int,
            default=None,
            help="how many firms, such as 300 for a quick try; the published figures are scaled down in the same "
            "proportion. Without it the whole set, which meets them exactly: some 15,000 firms at the end of 2025, "
            "more on a later day",
        )
        parser.add_argument("--seed", type=int, default=SEED, help="another seed, another set")
        parser.add_argument(
            "--today", type=parse_day, default=None, help="the day up to which facts are invented (YYYY-MM-DD)"
        )
        parser.add_argument(
            "--yes-invented-data",
            action="store_true",
            help="load them into a database of your own (DATABASE_URL), which is no trial",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.TRIAL or options["yes_invented_data"]):
            raise CommandError(
                "DATABASE_URL is set, so this is no trial: give --yes-invented-data to load invented firms there."
            )
        began = time.monotonic()
        try:
            loaded = load(options["today"] or today(), options["seed"], options["firms"], tell=self._tell)
        except (RealDataPresent, ReferenceMissing) as error:
            raise CommandError(str(error)) from error
        if loaded.firms:
            self._tell(f"{loaded.firms} invented firms loaded in {time.monotonic() - began:.1f} s")
        else:
            self._tell("a demonstration set is there already; nothing was changed")

    def _tell(self, sentence: str) -> None:
        self.stdout.write(f"          {sentence}")
        self.stdout.flush()

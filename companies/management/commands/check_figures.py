"""`manage.py check_figures`: whether the ledger says what the lists' own queries count."""

import random
from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from companies.statistics.ledger.truth import differences
from registry.api.snapshots import one_snapshot

MOST_TOLD = 10


class Command(BaseCommand):
    help = (
        "Compare the ledger with the slow truth, the lists' own counts: every metric on random days, in total and by "
        "group. Ends with 1 and the first differences when they do not agree."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=20, help="Random days for each metric (20).")
        parser.add_argument("--seed", type=int, help="For the same days as another run.")

    def handle(self, *_args: Any, **options: Any) -> None:
        seed = random.randrange(10**6) if options["seed"] is None else options["seed"]
        with one_snapshot():
            found = list(islice(differences(options["days"], seed), MOST_TOLD))
        if found:
            told = "\n".join(str(difference) for difference in found)
            raise CommandError(f"The ledger and the lists disagree (seed {seed}); rebuild_ledger repairs it.\n{told}")
        self.stdout.write(f"The ledger says what the lists count, on {options['days']} days of each metric.")

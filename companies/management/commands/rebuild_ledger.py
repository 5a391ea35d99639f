"""`manage.py rebuild_ledger`: the ledger derived anew from the versions."""

from typing import Any

from django.core.management.base import BaseCommand

from companies.statistics.ledger.rebuilding import rebuild


class Command(BaseCommand):
    help = (
        "Derive the ledger of the figures anew from the versions of all entries, with the moment at which each change "
        "was recorded. Figures can be read meanwhile; writers wait."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        rebuilt = rebuild(tell=self.stdout.write)
        self.stdout.write(f"{rebuilt.entries:,} entries from {rebuilt.changesets:,} change-sets.")

"""`manage.py load_reference`: the city's districts, universities, targets and the other lists, from the files."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from companies.reference import TABLES as COMPANIES
from incubators.reference import TABLES as INCUBATORS
from registry.reference import BrokenReferenceError, load
from registry.reference.tables import TABLES as REGISTRY

TABLES = (*REGISTRY, *INCUBATORS, *COMPANIES)


class Command(BaseCommand):
    help = (
        "Create the reference rows that are missing. Rows that are there stay as they are; with --refresh those that "
        "nobody edited take the content of their file. The same files again change nothing."
    )
    stealth_options = ("tables",)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--refresh",
            action="store_true",
            help="Print each difference (so does -v 2), and apply it to rows that nobody edited.",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            tallies = load(options.get("tables", TABLES), refresh=options["refresh"])
        except BrokenReferenceError as error:
            raise CommandError(f"Nothing was loaded. {error}") from error
        if options["verbosity"] == 1 and not options["refresh"] and not any(tally.created for tally in tallies):
            rows = sum(tally.same + tally.differs for tally in tallies)
            self.stdout.write(f"          {rows} rows of {len(tallies)} lists are there already; nothing was changed")
            return
        for tally in tallies:
            if options["verbosity"]:
                self.stdout.write(f"          {tally}")
            if options["refresh"] or options["verbosity"] > 1:
                self.stdout.write("".join(f"  {line}\n" for line in tally.differences), ending="")

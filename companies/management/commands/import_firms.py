"""`manage.py import_firms FILE`: what a sheet would change, and with --commit the change itself."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError
from django.utils.translation import gettext as _

from companies.imports import commit_import, plan_import
from registry.models import User
from registry.sheets.errors import SheetError
from registry.sheets.headers import parse_overrides
from registry.sheets.plan import Plan, render
from registry.sheets.reading import Table, read_tables


class Command(BaseCommand):
    help = "Print what a list of firms (.xlsx, .xls, .csv) would change. With --commit write all of it, or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--sheet", help="The sheet to read where several could be meant.")
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="HEADING=KEY",
            help="Read a column as a key (原列名=uscc, C=name); HEADING=- leaves it unread. May be repeated.",
        )
        parser.add_argument("--commit", action="store_true", help="Write; a single doubtful row stops it all.")
        parser.add_argument("--reason", default="", help="Why, kept with every version (after the file's name).")
        parser.add_argument("--user", help="The user name of the person who answers for the change.")
        parser.add_argument("--limit", type=int, default=50, help="Rows shown of each verdict (50).")

    def handle(self, *_args: Any, **options: Any) -> None:
        user = _user(options["user"])
        try:
            table = read_tables(options["file"], options["sheet"], parse_overrides(options["map"]))
        except SheetError as error:
            raise CommandError(str(error)) from error
        if not options["commit"]:
            self._print(plan_import(table), options["limit"])
            self.stdout.write(_("Nothing was written; --commit writes."))
            return
        self._commit(table, user, f"import {options['file'].name}: {options['reason']}".rstrip(": "), options["limit"])

    def _commit(self, table: Table, user: User | None, reason: str, limit: int) -> None:
        try:
            plan = commit_import(table, user, reason)
        except OperationalError as error:  # a deadlock, a lost connection: the transaction is gone as a whole
            raise CommandError(_("Nothing was written; the database says: %s") % str(error).strip()) from error
        self._print(plan, limit)
        if not plan.is_clean:
            raise CommandError(_("Nothing was written: the rows named above are wrong or ambiguous."))
        self.stdout.write(_("Written."))

    def _print(self, plan: Plan, limit: int) -> None:
        self.stdout.write(render(plan, max(limit, 0)))


def _user(name: str | None) -> User | None:
    if name is None:
        return None
    user = User.objects.filter(username=name, is_active=True).first()
    if user is None:
        raise CommandError(_("There is no active user “%s”.") % name)
    return user

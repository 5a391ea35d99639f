"""`migrate`, which never makes the service wait: a lock that is not free within a second is asked for again."""

import time
from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands.migrate import Command as Migrate
from django.db import OperationalError, connections
from psycopg.errors import LockNotAvailable

ATTEMPTS = 30
PAUSE_SECONDS = 1.0


class Command(Migrate):
    """A migration that waits behind a long read would block every reader that comes after it."""

    def handle(self, *args: Any, **options: Any) -> None:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._migrate_within_limit(*args, **options)
            except OperationalError as error:
                if not isinstance(error.__cause__, LockNotAvailable):
                    raise
                self.stderr.write(f"A table is in use; attempt {attempt} of {ATTEMPTS} gave way.")
                time.sleep(PAUSE_SECONDS)
        raise CommandError("The migration gave way to other users of its tables each time; try at a quieter hour.")

    def _migrate_within_limit(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '1s'")
        try:
            super().handle(*args, **options)
        finally:
            connection.close()  # the limit goes with the connection

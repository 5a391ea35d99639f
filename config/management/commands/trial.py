"""`manage.py trial`: the register on its own database, with reference data, invented firms and log-ins."""

import os
import sys
import time
from typing import Any

from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from config import environment
from config.port import refusal
from config.trial import running_server, server_command, server_file, start_worker, trial_cluster

STEPS = {
    "migrate": "Bringing the tables up to date",
    "load_reference": "Loading districts, universities, vocabularies and published figures",
    "load_demonstration": "Loading invented demonstration firms: some 15,000, at the first start only",
    "create_trial_logins": "Making the demonstration log-ins",
}


class Command(BaseCommand):
    help = "Run the register on the embedded database, on loopback only."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=environment.read().port)

    def handle(self, *args: Any, port: int, **options: Any) -> None:
        cluster = trial_cluster()
        if sentence := refusal(port):
            raise CommandError(sentence)
        if running_server(cluster) is not None:
            raise CommandError("This trial is already being served; `make stop` ends it.")
        server_file(cluster).unlink(missing_ok=True)
        self._began_at = time.monotonic()
        self._say("Starting the embedded database")
        cluster.find_or_start()
        for name, sentence in STEPS.items():
            if name in get_commands():
                self._say(sentence)
                self._step(name)
        self._say("Starting the server; Ctrl-C ends it, `make stop` ends the database too")
        self._print_addresses(port)
        connections.close_all()
        start_worker(sys.executable)
        self._become_server(server_command(cluster, sys.executable, port))

    def _step(self, name: str) -> None:
        """A register that holds real firms takes no invented ones, and is served all the same."""
        try:
            call_command(name, **({"verbosity": 0} if name == "migrate" else {}), stdout=self.stdout)
        except CommandError as refusal:
            if name != "load_demonstration":
                raise
            self.stdout.write(f"          left out: {refusal}")

    def _say(self, sentence: str) -> None:
        self.stdout.write(f"[{time.monotonic() - self._began_at:5.1f} s] {sentence}")
        self.stdout.flush()

    def _print_addresses(self, port: int) -> None:
        root = f"http://127.0.0.1:{port}"
        self.stdout.write(
            f"\n  Figures {root}/dashboard/\n  Admin   {root}/admin/\n  API     {root}/api/v1/\n"
            f"  Docs    {root}/api/v1/docs/\n"
            f"  Schema  {root}/api/v1/schema/\n"
            "\n  This is a trial: invented firms, demonstration log-ins, its own database. Not for real data.\n"
        )
        self.stdout.flush()

    def _become_server(self, command: list[str]) -> None:
        """Replaces this process, so that Ctrl-C and the exit status are the server's."""
        os.execv(command[0], command)

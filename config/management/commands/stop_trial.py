"""`manage.py stop_trial`: end the trial's server and its database; the data stay."""

from typing import Any

from django.core.management.base import BaseCommand

from config.trial import stop_server, trial_cluster


class Command(BaseCommand):
    help = "Stop the trial's server and its embedded database. The data are kept."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        cluster = trial_cluster()
        was_serving = stop_server(cluster)
        self.stdout.write("The server has stopped." if was_serving else "No server was running.")
        was_running = cluster.stop()
        self.stdout.write("The database has stopped." if was_running else "No database was running.")
        self.stdout.write(f"The data are kept in {cluster.home}.")

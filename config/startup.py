"""What happens before any management command."""

import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

OWN_START = {"trial", "stop_trial"}  # these have something to check before a database may start


def ensure_database(arguments: list[str]) -> None:
    """Start the embedded database of the trial if it does not run; end with a sentence if that fails."""
    try:
        if settings.TRIAL and not OWN_START.intersection(arguments[1:2]):
            settings.TRIAL_CLUSTER.find_or_start()
    except ImproperlyConfigured as error:
        sys.exit(f"manage.py: {error}")

#!/usr/bin/env python
"""Django's command line. In the trial it first finds or starts the embedded database."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    from config.startup import ensure_database

    ensure_database(sys.argv)
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()

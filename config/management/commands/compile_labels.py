"""Compiles the labels of `locale/`. After changing a label, in two commands (the first needs Debian's gettext):

    manage.py makemessages -l zh_Hans -l it --no-location --no-wrap -i .venv -i .trial -i tests
    manage.py compile_labels

Between the two, fill in what the first left empty and judge what it marked fuzzy; `tests/test_labels.py` names what
is missing. The compiled files are committed, so that nothing has to be compiled where the register runs.
"""

from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand

FOLDER = Path(settings.BASE_DIR) / "locale"


def catalogues() -> list[Path]:
    """The texts that people edit: locale/<language>/LC_MESSAGES/django.po."""
    return sorted(FOLDER.glob("*/LC_MESSAGES/django.po"))


def compiled(path: Path) -> bytes:
    """What gettext reads at run time; without msgfmt, and the same bytes each time."""
    content: bytes = polib.pofile(str(path)).to_binary()
    return content


class Command(BaseCommand):
    help = "Compile the labels in locale/ (.po) to what the server reads (.mo)."

    def handle(self, *args: Any, **options: Any) -> None:
        for path in catalogues():
            path.with_suffix(".mo").write_bytes(compiled(path))
            self.stdout.write(str(path.with_suffix(".mo").relative_to(FOLDER.parent)))

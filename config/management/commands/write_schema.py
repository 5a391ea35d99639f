"""`manage.py write_schema`: the OpenAPI document and what it promises, as files for clients and reviewers.

Tests compare them; a promise of v1 that is gone is not written away.
"""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.openapi.promises import broken, promises
from registry.api.documentation import document

FILE = Path(settings.BASE_DIR) / "docs" / "api" / "openapi.json"
PROMISES = FILE.with_name("v1.txt")


def written() -> str:
    return json.dumps(document("en"), ensure_ascii=False, indent=1) + "\n"


def promised() -> list[str]:
    """The lines of the committed file."""
    return PROMISES.read_text(encoding="utf-8").splitlines() if PROMISES.exists() else []


class Command(BaseCommand):
    help = "Write docs/api/openapi.json from the declarations of the API, in English."

    def handle(self, *args: Any, **options: Any) -> None:
        found = promises(document("en"))
        if lost := broken(promised(), found):
            raise CommandError("v1 has promised this; deprecate it instead (docs/api/README.md):\n" + "\n".join(lost))
        FILE.parent.mkdir(parents=True, exist_ok=True)
        FILE.write_text(written(), encoding="utf-8")
        PROMISES.write_text("\n".join(found) + "\n", encoding="utf-8")
        for file in (FILE, PROMISES):
            self.stdout.write(str(file.relative_to(settings.BASE_DIR)))

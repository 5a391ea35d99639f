"""`manage.py write_schema`: the OpenAPI document as a file, for clients and reviewers. A test compares it."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from registry.api.documentation import document

FILE = Path(settings.BASE_DIR) / "docs" / "api" / "openapi.json"


def written() -> str:
    return json.dumps(document("en"), ensure_ascii=False, indent=1) + "\n"


class Command(BaseCommand):
    help = "Write docs/api/openapi.json from the declarations of the API, in English."

    def handle(self, *args: Any, **options: Any) -> None:
        FILE.parent.mkdir(parents=True, exist_ok=True)
        FILE.write_text(written(), encoding="utf-8")
        self.stdout.write(str(FILE.relative_to(settings.BASE_DIR)))

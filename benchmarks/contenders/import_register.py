"""The register's import, as `manage.py import_firms` calls it: read, judge every row, try, write with versions.

Asked for `plan:FILE` it writes nothing, for `commit:FILE` all.
"""

import json
import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any


def make(options: dict[str, Any]) -> tuple[Callable[[str], bytes], str]:
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django

    django.setup()
    from companies.imports import commit_import, plan_import
    from registry.sheets.reading import read_tables

    def ask(path: str) -> bytes:
        way, _, file = path.partition(":")
        table = read_tables(Path(file), None, {})
        plan = commit_import(table, None, "bench") if way == "commit" else plan_import(table)
        verdicts = Counter(str(row.verdict.value) for row in plan.rows)
        if not plan.is_clean:
            raise SystemExit(f"bench: the plan of {file} is not clean: {verdicts} {plan.problems}")
        return json.dumps(verdicts).encode()

    return ask, ""

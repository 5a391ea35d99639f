"""The worked mirror as a client of the application in this process."""

import importlib.util
from pathlib import Path
from typing import Any

import httpx
from django.core.wsgi import get_wsgi_application

PATH = Path(__file__).resolve().parents[2] / "examples" / "mirror.py"
SPEC = importlib.util.spec_from_file_location("mirror", PATH)
assert SPEC is not None and SPEC.loader is not None
mirror = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(mirror)

ROOT = "http://testserver"


def new_mirror(key: str | None = None, file: str = ":memory:", root: str = ROOT) -> Any:
    """One that asks this process, or a served register at another root."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    transport = httpx.WSGITransport(get_wsgi_application()) if root == ROOT else None
    client = httpx.Client(headers=headers, transport=transport, timeout=60)
    return mirror.Mirror(file, root, client)


def entries(one: Any) -> set[tuple[str, int, str]]:
    return set(one.database.execute("SELECT type, id, data FROM entry"))

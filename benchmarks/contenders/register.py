"""The register as it is served: whole WSGI application, session, strict parameters, pool of connections."""

import json
from collections.abc import Callable
from typing import Any

from benchmarks import requests

PAGE = "/api/v1/companies/?limit=100"
MOVE = "move-cursor:"


def make(options: dict[str, Any]) -> tuple[Callable[[str], bytes], str]:
    from benchmarks.contenders.sessions import signed_in_cookie
    from config.wsgi import application

    serve = requests.wsgi(application, {"Cookie": signed_in_cookie()})

    def ask(path: str) -> bytes:
        return moved(path.removeprefix(MOVE)) if path.startswith(MOVE) else serve(path)

    return ask, PAGE


def moved(order: str) -> bytes:
    """`name:ID:CURSOR` or `uscc:ID:CURSOR`: the cursor, signed anew for that firm's place in the list."""
    from django.core import signing

    from companies.models import Company
    from registry.api import cursors
    from registry.days import today

    by, firm, cursor = order.split(":", 2)
    signer = signing.Signer(salt=cursors._SIGNER)
    content = signer.unsign_object(cursor)
    place = Company.objects.for_day(today()).values_list({"name": "name_on_day__pinyin", "uscc": "uscc"}[by], flat=True)
    content.update(v=place.get(pk=firm), k=int(firm))
    return json.dumps({"cursor": signer.sign_object(content)}).encode()

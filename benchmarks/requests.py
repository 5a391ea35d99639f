"""Requests to an application in this process: WSGI as gunicorn hands them over, ASGI as uvicorn does."""

import asyncio
import io
import sys
from collections.abc import Callable, Mapping
from typing import Any

HOST = "localhost"


class RefusedError(Exception):
    """An answer other than 200: what was to be timed did not happen."""


def wsgi(application: Any, headers: Mapping[str, str] | None = None) -> Callable[[str], bytes]:
    given = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in (headers or {}).items()}

    def ask(path: str) -> bytes:
        address, _, query = path.partition("?")
        environ = {
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": "",
            "PATH_INFO": address,
            "QUERY_STRING": query,
            "SERVER_NAME": HOST,
            "SERVER_PORT": "443",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": HOST,
            "HTTP_ACCEPT": "application/json",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "https",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
            **given,
        }
        status = ""

        def start_response(told: str, _headers: Any, _error: Any = None) -> None:
            nonlocal status
            status = told

        answer = application(environ, start_response)
        try:
            body = b"".join(answer)
        finally:
            if hasattr(answer, "close"):
                answer.close()
        if not status.startswith("200"):
            raise RefusedError(f"{path}: {status} {body[:500]!r}")
        return body

    return ask


def asgi(application: Any) -> Callable[[str], bytes]:
    loop = asyncio.new_event_loop()
    # Started for what the application prepares then; it ends with the process, without a shutdown.
    starting: list[dict[str, Any]] = [{"type": "lifespan.startup"}]

    async def start() -> None:
        begun = asyncio.Event()

        async def receive() -> dict[str, Any]:
            if starting:
                return starting.pop()
            await asyncio.Event().wait()
            raise AssertionError

        async def send(_message: Any) -> None:
            begun.set()

        scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}
        kept.append(asyncio.create_task(application(scope, receive, send)))
        await begun.wait()

    kept: list[Any] = []
    loop.run_until_complete(start())

    async def request(path: str) -> bytes:
        address, _, query = path.partition("?")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "https",
            "path": address,
            "raw_path": address.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(b"host", HOST.encode()), (b"accept", b"application/json")],
            "server": (HOST, 443),
            "client": ("127.0.0.1", 1),
        }
        status, parts = 0, []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            nonlocal status
            status = message.get("status", status)
            parts.append(message.get("body", b""))

        await application(scope, receive, send)
        body = b"".join(parts)
        if status != 200:
            raise RefusedError(f"{path}: {status} {body[:500]!r}")
        return body

    def ask(path: str) -> bytes:
        assert kept, "its start is kept from the collector of garbage"
        return loop.run_until_complete(request(path))

    return ask

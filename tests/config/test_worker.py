"""What gunicorn refuses before Django sees it is a problem with a sentence, like every other refusal."""

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

LISTENING = re.compile(rb"Listening at: http://127\.0\.0\.1:([0-9]+)")


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    command = [sys.executable, "-m", "gunicorn", "wsgiref.simple_server:demo_app", "--bind", "127.0.0.1:0"]
    command += ["--worker-class", "config.worker.Worker", "--limit-request-line", "8190", "--no-control-socket"]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE) as server:
        assert server.stderr is not None
        lines = iter(server.stderr.readline, b"")
        yield next(int(found[1]) for line in lines if (found := LISTENING.search(line)))
        server.terminate()


def said_to(port: int, request: bytes) -> tuple[bytes, dict[str, object]]:
    """The head of the answer and its body."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(request)
        head, body = b"".join(iter(lambda: connection.recv(65536), b"")).split(b"\r\n\r\n", 1)
    return head, json.loads(body) if b"problem+json" in head else {}


@pytest.mark.parametrize(
    ("line", "headers", "status", "code", "named"),
    [
        ("GET /api/v1/companies/?q=蓝 HTTP/1.1", "", 400, "malformed", "%E8%93%9D"),
        (f"GET /api/v1/companies/?q={'a' * 9000} HTTP/1.1", "", 414, "uri_too_long", "8,190"),
        ("GET / HTTP/1.1", f"X: {'a' * 9000}\r\n", 431, "headers_too_large", "headers"),
        ("GET / HTTP/9.9", "", 400, "malformed", "cannot be read"),
        ("GET / HTTP/1.1", "X(: 1\r\n", 400, "malformed", "cannot be read"),
    ],
)
def test_a_refusal_before_django_is_a_problem(
    port: int, line: str, headers: str, status: int, code: str, named: str
) -> None:
    head, body = said_to(port, f"{line}\r\nHost: localhost\r\n{headers}\r\n".encode())
    assert head.startswith(f"HTTP/1.1 {status} ".encode())
    assert (body["status"], body["code"]) == (status, code)
    assert named in str(body["detail"])


def test_other_requests_pass(port: int) -> None:
    head, _body = said_to(port, b"GET /?q=%E8%93%9D HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 ")

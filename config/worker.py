"""Gunicorn's worker, with words of our own for what it refuses before Django sees it."""

from __future__ import annotations

import json
import socket
from typing import Any

from gunicorn.http import errors
from gunicorn.workers.gthread import ThreadWorker

# By what gunicorn raises: status, code, title and what to do, each in Chinese and English: no language is known yet.
REFUSED: dict[type[Exception], tuple[int, str, str, str]] = {
    errors.LimitRequestLine: (
        414,
        "uri_too_long",
        "地址过长 / URI Too Long",
        "地址超过 8,190 个字节。The address is longer than 8,190 bytes.",
    ),
    errors.LimitRequestHeaders: (
        431,
        "headers_too_large",
        "请求头过大 / Request Header Fields Too Large",
        "请求头过多或过长。The headers are too many or too long.",
    ),
    errors.InvalidRequestLine: (
        400,
        "malformed",
        "请求行无效 / Bad Request",
        "请求行无法读取：地址中的汉字、空格等字符必须按 UTF-8 做百分号编码，例如 q=%E8%93%9D；curl 可用 "
        "-G --data-urlencode 'q=蓝'。The request line cannot be read: letters beyond ASCII and blanks in an address "
        "are to be percent-encoded as UTF-8.",
    ),
}

OTHERWISE = (
    400,
    "malformed",
    "请求无效 / Bad Request",
    "请求无法读取，请检查请求行与请求头。The request cannot be read.",
)


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """`gthread`, whose refusals are problems (RFC 9457) as everywhere under /api/."""

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: BaseException) -> None:
        refused = next((words for kind, words in REFUSED.items() if isinstance(exc, kind)), OTHERWISE)
        if not isinstance(exc, errors.ParseException):
            super().handle_error(req, client, addr, exc)
            return
        self.log.warning("Refused a request from %s: %s", addr and addr[0], exc)
        # A client that is gone needs no answer.
        try:
            client.sendall(problem(*refused))
        except OSError:
            self.log.debug("The refusal could not be sent.")


def problem(status: int, code: str, title: str, detail: str) -> bytes:
    """The whole answer, head and body."""
    from registry.api.refusals import CONTENT_TYPE, TYPE_PREFIX  # gunicorn's own process goes without Django

    body = {
        "type": TYPE_PREFIX + code.replace("_", "-"),
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        "errors": [],
    }
    content = json.dumps(body, ensure_ascii=False).encode()
    head = (
        f"HTTP/1.1 {status} {title.rpartition('/')[2].strip()}\r\nConnection: close\r\n"
        f"Content-Type: {CONTENT_TYPE}\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode("ascii") + content

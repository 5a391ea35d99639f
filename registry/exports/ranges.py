"""A file that never changes, whole or a part of it (RFC 9110, one range), with its digest (RFC 9530)."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import Any

from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.http.request import HttpRequest
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from rest_framework import status
from whitenoise.responders import SlicedFile

from registry.api.refusals import Mistake, Problem
from registry.exports.sets import ExportFile

ONE_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


class RangeNotThere(Problem):
    status_code = status.HTTP_416_REQUESTED_RANGE_NOT_SATISFIABLE
    default_code = "range_not_satisfiable"

    def __init__(self, size: int) -> None:
        detail = _("The file has %d bytes; the range lies behind them.") % size
        super().__init__([Mistake("range_not_satisfiable", detail)])


def file_response(request: HttpRequest, path: Path, told: ExportFile) -> HttpResponseBase:
    """200, 206 of one range, or 304. RangeNotThere for a range behind the end; of several ranges the whole file."""
    tag = f'"{told.sha256[:32]}"'
    headers = {
        "ETag": tag,
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-cache",
        "Repr-Digest": f"sha-256=:{base64.b64encode(bytes.fromhex(told.sha256)).decode()}:",
    }
    unchanged = get_conditional_response(request, etag=tag, response=HttpResponse(headers=headers))
    if unchanged is not None and unchanged.status_code != 200:
        return unchanged
    found = asked_range(request, tag, told.bytes)
    file = path.open("rb")
    if found is None:
        return _sent(file, told, headers)
    start, end = found
    headers |= {"Content-Range": f"bytes {start}-{end}/{told.bytes}", "Content-Length": str(end - start + 1)}
    return _sent(SlicedFile(file, start, end), told, headers, status=206)


def _sent(file: Any, told: ExportFile, headers: dict[str, str], status: int = 200) -> FileResponse:
    return FileResponse(
        file, as_attachment=True, filename=told.name, status=status, content_type=told.media_type, headers=headers
    )


def asked_range(request: HttpRequest, tag: str, size: int) -> tuple[int, int] | None:
    """First and last byte; none where the whole file is to be sent."""
    found = ONE_RANGE.fullmatch(request.headers.get("Range", "").replace(" ", ""))
    if found is None or request.headers.get("If-Range", tag) != tag or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:
        if int(last) == 0:
            raise RangeNotThere(size)
        return max(size - int(last), 0), size - 1
    start, end = int(first), min(int(last) if last else size - 1, size - 1)
    if last and int(last) < start:
        return None
    if start >= size:
        raise RangeNotThere(size)
    return start, end

"""A table as the answer to a request."""

from __future__ import annotations

import hashlib
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from rest_framework.request import Request

from registry.api.addresses import table_name
from registry.api.refusals import Mistake, ParameterProblem
from registry.downloads.formats import Format
from registry.downloads.tables import Table, TextTooLong

KEPT_IN_MEMORY = 1_000_000
"""Bytes; a longer file waits on the disk."""


def file_answer(request: Request, table: Table, wanted: Format, cite_as: str) -> HttpResponseBase:
    """The whole file, or a refusal: it is finished within the snapshot that it is read from, before a byte goes out.

    So it has a length and an entity tag, and no reader who dawdles holds the snapshot open.
    """
    file: Any = SpooledTemporaryFile(max_size=KEPT_IN_MEMORY)  # noqa: SIM115 (the response closes it)
    try:
        tag = _written(table, wanted, file)
    except BaseException:
        file.close()
        raise
    response = FileResponse(file, content_type=wanted.media_type, headers=file_headers(request, table, wanted, cite_as))
    response.headers["ETag"] = tag
    told = HttpResponse(headers={"ETag": tag})
    found = get_conditional_response(request._request, etag=tag, response=told)
    if found is not None and found is not told:
        file.close()  # not the response: to close one ends the request, and with it the open transaction
        return found
    return response


def _written(table: Table, wanted: Format, file: IO[bytes]) -> str:
    """Writes the file; its entity tag."""
    try:
        wanted.write(table, file)
    except TextTooLong as too_long:
        words = {"column": too_long.column, "format": wanted.name}
        detail = _("format=%(format)s: a text of the column %(column)s is longer than a cell; take csv or parquet.")
        mistake = Mistake("text_too_long", detail % words, parameter="format", nearest="csv")
        raise ParameterProblem([mistake]) from None
    file.seek(0)
    content = hashlib.sha256()
    while part := file.read(1 << 16):
        content.update(part)
    file.seek(0)
    return f'"{content.hexdigest()[:32]}"'


def file_headers(request: Request, table: Table, wanted: Format, cite_as: str) -> dict[str, str]:
    match = request._request.resolver_match
    described = urlencode({"table": table_name(f"/{match.route if match else ''}")}, safe="/{}")
    dictionary = request.build_absolute_uri(f"{reverse('dictionary')}?{described}")
    links = {"describedby": dictionary, "license": settings.LICENCE["url"], "cite-as": cite_as}
    return {
        "Content-Disposition": disposition(table, wanted.name),
        "Link": ", ".join(f'<{address}>; rel="{relation}"' for relation, address in links.items()),
    }


def disposition(table: Table, ending: str) -> str:
    """Both names of RFC 6266: one in ASCII for old readers, one in UTF-8."""
    name = quote(f"{table.title}.{ending}", safe="")
    return f"attachment; filename=\"{table.file_name}.{ending}\"; filename*=UTF-8''{name}"

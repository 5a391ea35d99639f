"""Files on their way in: what is larger than an upload may be is not kept, not even for a moment."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.db import connection
from django.http import HttpRequest
from django.utils.translation import gettext as _

from registry.sheets.errors import Unusable

MAXIMUM_UPLOAD_BYTES = 10 * 1024 * 1024
TOO_LARGE = "upload_was_too_large"  # an attribute of the request


class LimitedUploadHandler(FileUploadHandler):
    """Stands before Django's own handlers and lets at most so many bytes of a file through to them."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.received > MAXIMUM_UPLOAD_BYTES:
            setattr(self.request, TOO_LARGE, True)
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Another handler keeps the file."""


def was_too_large(request: HttpRequest) -> bool:
    """Whether a file of this request was left aside for its size; ask after `request.FILES` was read."""
    return bool(getattr(request, TOO_LARGE, False))


def received_file(request: HttpRequest) -> UploadedFile[Any]:
    """Raises Unusable for a file that is missing or too large."""
    file = request.FILES.get("file")
    if was_too_large(request):
        raise Unusable(_("The file is larger than %d MB; split it.") % (MAXIMUM_UPLOAD_BYTES // 1024**2))
    if file is None:
        raise Unusable(_("Choose a file first: .xlsx, .xls or .csv."))
    return file


def take_time() -> None:
    """A sheet may be read for longer than a served transaction may else be idle; it holds no lock meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '60s'")

"""Files on their way in: what is larger than an upload may be is not kept, not even for a moment."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

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

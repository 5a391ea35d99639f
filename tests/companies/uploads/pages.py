"""A browser's way through the pages of uploads, with the test client."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from companies.models import Upload
from registry.models import Role, User
from tests.companies.imports.lists import WRITERS, Rows

REASON = "list of the second batch"


def registrar(name: str = "wang") -> User:
    user, _made = User.objects.get_or_create(username=name, defaults={"role": Role.REGISTRAR, "is_staff": True})
    return user


def logged_in(user: User, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    return client


def file_of(rows: Rows, name: str = "名单.xlsx", encoding: str = "utf-8") -> SimpleUploadedFile:
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        WRITERS[path.suffix](path, rows, encoding)
        return SimpleUploadedFile(name, path.read_bytes())


def send(client: Client, file: SimpleUploadedFile) -> Any:
    return client.post(reverse("uploads:index"), {"file": file})


def uploaded(client: Client, file: SimpleUploadedFile) -> Upload:
    answer = send(client, file)
    assert answer.status_code == 302, answer.context["refusal"]
    upload: Upload = Upload.objects.latest("pk")
    return upload


def step(client: Client, upload: Upload, name: str, sent: Mapping[str, Any] | None = None) -> Any:
    """Posts to the upload's page of that name and follows to where it leads."""
    answer = client.post(reverse(f"uploads:{name}", args=[upload.pk]), dict(sent or {}), follow=True)
    upload.refresh_from_db()
    return answer


def proposed(upload: Upload) -> dict[str, str]:
    return {f"column-{heading['letter']}": heading["key"] for heading in upload.proposal["headings"]}


def judged(client: Client, file: SimpleUploadedFile, **columns: str) -> Upload:
    """Uploaded, with the proposed columns but for those given by letter."""
    upload = uploaded(client, file)
    step(client, upload, "columns", proposed(upload) | {f"column-{letter}": key for letter, key in columns.items()})
    return upload


def committed(client: Client, file: SimpleUploadedFile) -> Upload:
    upload = judged(client, file)
    step(client, upload, "commit", {"reason": REASON})
    return upload


def verdicts(upload: Upload) -> dict[int, str]:
    return dict(upload.rows.values_list("number", "verdict"))


def wrong_cells(upload: Upload) -> set[tuple[int, str]]:
    return {
        (row.number, problem["column_title"]) for row in upload.rows.filter(verdict="wrong") for problem in row.problems
    }


def sheet_of(content: bytes) -> list[list[Any]]:
    rows: Sequence[Any] = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    return [list(row) for row in rows]


def content_of(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)

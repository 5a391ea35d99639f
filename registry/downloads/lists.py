"""A list as a file: every entry of the question, with flat columns, instead of a page."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.text import capfirst
from rest_framework.request import Request

from registry.api.citations import citation, permanent_address
from registry.api.languages import language_of
from registry.api.paging import Walk
from registry.api.parameters import MOST_LIMIT
from registry.api.selection import Selection
from registry.api.shapes import Shape
from registry.api.snapshots import in_one_snapshot, one_snapshot
from registry.api.views import RegisterListView
from registry.compiled.lines import compile_all_lines, compiled_lines, copied, read_lines
from registry.downloads.answers import file_answer, file_headers
from registry.downloads.delimited import head_of
from registry.downloads.dictionary import described
from registry.downloads.flattening import Flat
from registry.downloads.formats import Format, format_of, most_rows, refuse_more_rows
from registry.downloads.notes import names_of, notes_of
from registry.downloads.streams import LINES_AT_ONCE, limit_statements, stream_of
from registry.downloads.tables import Column, Note, Row, Table
from registry.downloads.views import Downloadable
from registry.history import last_sequence


class DownloadableListView(Downloadable, RegisterListView):
    """A list that `format=` gives as a file. `each` names a member that is a list, of which each item is a row."""

    each: ClassVar[str | None] = None

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        wanted = format_of(self.asked)
        if wanted is None:
            return super().get(request, *args, **kwargs)
        return self.file(wanted) or self.stream(wanted)

    @in_one_snapshot
    def file(self, wanted: Format) -> HttpResponseBase | None:
        """The whole file; None where it is so long that it is sent while it is read."""
        most = most_rows(self.asked)
        filterset = self.filterset_class(self.asked, self.queryset, request=self.request._request)

        def filtered(day: Any) -> Any:
            return filterset.on(day, self.rows(day))

        rows = filtered(self.valid_on).order_by()
        if rows.values("pk")[: most + 1].count() > most:
            if wanted.streams and self.can_be_streamed():
                return None
            refuse_more_rows(self.asked)
        is_invented = self.holds_invented(rows)
        entries = Entries(self, Walk(filtered, self.direction(), MOST_LIMIT))
        flat = self.flat()
        clocks = self.clocks()
        address = permanent_address(self.request, self.asked, clocks, keeps_format=True)
        stem, title = names_of(self.request, self.asked, self.file_title(), clocks, filterset.texts)
        table = Table(
            stem,
            title,
            described(self, flat.columns) if wanted.explains else flat.columns,
            entries.rows(flat),
            lambda: self.notes(filterset.texts, address, entries, is_invented),
        )
        return file_answer(self.request, table, wanted, address)

    def shape(self) -> Shape:
        return Shape(self.answered, self.serializer_class, Selection.of(self.asked), language_of(self.request._request))

    def can_be_streamed(self) -> bool:
        """Whether PostgreSQL can write the lines of the list."""
        return self.each is None and compiled_lines(self.shape()) is not None

    def stream(self, wanted: Format) -> HttpResponseBase:
        """Every entry, read in one snapshot while it is sent."""
        headers: dict[str, str] = {}
        request = self.request._request
        with stream_of(self.parts(wanted, headers)) as stream:
            stream.read()
            told = HttpResponse(content_type=wanted.media_type, headers=headers)
            found = get_conditional_response(request, etag=headers["ETag"], response=told)
            if found is told and request.method != "HEAD":
                stream.read()  # what fails at once is refused in words
                return stream.answer(wanted.media_type, headers)
        return found or told

    def parts(self, wanted: Format, headers: dict[str, str]) -> Iterator[bytes]:
        """The body; the headers are told before its first part."""
        with one_snapshot(self.asked.known_at):
            limit_statements()
            columns = self.flat().columns
            filterset = self.filterset_class(self.asked, self.queryset, request=self.request._request)
            clocks = self.clocks()
            stem, title = names_of(self.request, self.asked, self.file_title(), clocks, filterset.texts)
            address = permanent_address(self.request, self.asked, clocks, keeps_format=True)
            headers.update(file_headers(self.request, Table(stem, title, columns, (), tuple), wanted, address))
            headers["ETag"] = self.tag_of_state()
            lines = self.lines_in_order(filterset) if "order" in self.asked.given else self.all_lines(filterset)
            yield head_of(columns)
            yield from lines

    def all_lines(self, filterset: Any) -> Iterator[bytes]:
        rows = filterset.on(self.valid_on, self.rows(self.valid_on))
        yield from copied(compile_all_lines(self.shape(), rows, self.valid_on))

    def lines_in_order(self, filterset: Any) -> Iterator[bytes]:
        """In pages, by the index of the order: to sort all of them would make the reader wait."""
        statement = compiled_lines(self.shape()) or ""
        walk = self.walk(filterset, lambda day: filterset.on(day, self.rows(day)), self.direction())
        walk, position = replace(walk, limit=LINES_AT_ONCE), None
        while True:
            page = walk.page(self.valid_on, position)
            yield from read_lines(statement, page.keys, self.valid_on)
            if page.last is None:
                return
            position = page.last

    def flat(self) -> Flat:
        return Flat(Selection.of(self.asked).shaped(self.serializer_class), self.each)

    def tag_of_state(self) -> str:
        """Of all that was asked and of the number of the last change, which is given in the order of commits. Weak:
        the lines of one state may come in another order."""
        columns = [column.name for column in self.flat().columns]
        state = None if self.stays else last_sequence()
        language = language_of(self.request._request)
        asked = [
            self.request.path,
            self.asked.texts,
            self.valid_on.isoformat(),
            language,
            columns,
            self.caller(),
            state,
        ]
        return f'W/"{hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:32]}"'

    def holds_invented(self, rows: QuerySet[Any]) -> bool:
        """Whether an entry is invented for demonstration, by the member that says so of each."""
        member = self.serializer_class().fields.get("is_invented")  # type: ignore[attr-defined]
        return member is not None and rows.filter(**{member.source.replace(".", "__"): True}).exists()

    def file_columns(self) -> tuple[Column, ...]:
        return Flat(self.serializer_class(), self.each).columns  # type: ignore[arg-type]

    def file_title(self) -> str:
        name: str = capfirst(str(self.queryset.model._meta.verbose_name_plural))
        return name

    def notes(self, filters: dict[str, str], address: str, entries: Entries, is_invented: bool) -> list[Note]:
        digest = self.digest(entries.digested(), format="file").get("digest")
        told = citation(self.file_title(), address, self.clocks(), digest=digest, is_invented=is_invented)
        told_of_all = {**self.clocks(), **self.noted()}
        return notes_of({**told_of_all, "filters": filters, "count": entries.count, "digest": digest}, told)


class Entries:
    """The entries of a walk, page by page, with what is only known after the last."""

    def __init__(self, view: DownloadableListView, walk: Walk) -> None:
        self.view, self.walk = view, walk
        self.content = hashlib.sha256()
        self.count = 0

    def rows(self, flat: Flat) -> Iterator[list[Row]]:
        position = None
        while True:
            page = self.walk.page(self.view.valid_on, position)
            data = b"[%s]" % self.view.entries(page.keys)
            self.content.update(data)
            entries = json.loads(data)
            self.count += len(entries)
            yield list(flat.rows(entries))
            if page.last is None:
                return
            position = page.last

    def digested(self) -> bytes:
        return self.content.hexdigest().encode()

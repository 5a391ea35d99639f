"""A list as a file: every entry of the question, with flat columns, instead of a page."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.utils.text import capfirst
from rest_framework.request import Request

from registry.api.citations import citation, permanent_address
from registry.api.paging import Walk
from registry.api.parameters import MOST_LIMIT
from registry.api.selection import Selection
from registry.api.snapshots import in_one_snapshot
from registry.api.views import RegisterListView
from registry.downloads.answers import file_answer
from registry.downloads.dictionary import described
from registry.downloads.flattening import Flat
from registry.downloads.formats import Format, format_of, most_rows, refuse_more_rows
from registry.downloads.notes import names_of, notes_of
from registry.downloads.tables import Column, Note, Row, Table
from registry.downloads.views import Downloadable


class DownloadableListView(Downloadable, RegisterListView):
    """A list that `format=` gives as a file. `each` names a member that is a list, of which each item is a row."""

    each: ClassVar[str | None] = None

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        wanted = format_of(self.asked)
        return super().get(request, *args, **kwargs) if wanted is None else self.file(wanted)

    @in_one_snapshot
    def file(self, wanted: Format) -> HttpResponseBase:
        most = most_rows(self.asked)
        filterset = self.filterset_class(self.asked, self.queryset, request=self.request._request)

        def filtered(day: Any) -> Any:
            return filterset.on(day, self.rows(day))

        rows = filtered(self.valid_on).order_by()
        refuse_more_rows(self.asked, rows.values("pk")[: most + 1].count() > most)
        is_invented = self.holds_invented(rows)
        entries = Entries(self, Walk(filtered, self.direction(), MOST_LIMIT))
        flat = Flat(Selection.of(self.asked).shaped(self.serializer_class), self.each)
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

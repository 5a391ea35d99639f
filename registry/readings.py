"""The book of readings: who saw which persons' data, when and on which page. Appended to, never changed."""

from collections.abc import Iterable, Sequence

from django.db import models
from django.http import HttpRequest

from registry.models import PersonalDataReading, User


def note(
    request: HttpRequest, rows: Sequence[models.Model], fields: Iterable[str], *, always: bool = False
) -> PersonalDataReading | None:
    """Notes the rows, all of one model, with those of the `fields` that hold something; none if none does.

    `always` also notes fields that are empty today: a history shows what they held before.
    """
    held = {name: [row.pk for row in rows if always or getattr(row, name) not in (None, "", [], {})] for name in fields}
    shown = sorted(name for name, keys in held.items() if keys)
    if not shown or not isinstance(request.user, User):
        return None
    return PersonalDataReading.objects.create(
        reader=request.user,
        table=rows[0]._meta.db_table,
        rows=sorted({key for keys in held.values() for key in keys}),
        fields=shown,
        page=request.path[:300],
    )

"""Notes in the register's book each answer of the admin that shows fields of the class `personal`."""

from collections.abc import Iterable
from typing import Any

from django.contrib.admin.utils import flatten_fieldsets
from django.db import models
from django.http import HttpRequest, HttpResponse

from registry.access import FieldClass, field_class
from registry.models import PersonalDataReading
from registry.readings import note

HIDDEN_ALWAYS = ("password",)  # shown by no page, not even as its hash


def personal_fields(model: type[models.Model], names: Iterable[Any]) -> list[str]:
    """Those of the names that are fields of the class `personal`."""
    own = {field.name for field in model._meta.concrete_fields} - set(HIDDEN_ALWAYS)
    return [name for name in names if name in own and field_class(model, name) is FieldClass.PERSONAL]


def note_reading(request: HttpRequest, its_admin: Any, row: Any, form: Any) -> PersonalDataReading | None:
    """The page of one row."""
    if row is None or row.pk is None:
        return None
    shown = personal_fields(its_admin.model, flatten_fieldsets(its_admin.get_fieldsets(request, row)))
    return note(request, [row], shown)


def note_reading_of_list(request: HttpRequest, its_admin: Any, response: HttpResponse) -> None:
    changes = (getattr(response, "context_data", None) or {}).get("cl")
    shown = personal_fields(its_admin.model, its_admin.get_list_display(request))
    if changes is not None and shown:
        note(request, list(changes.result_list), shown)


def note_reading_of_versions(request: HttpRequest, row: Any) -> None:
    """The history shows what every field of the row ever held."""
    note(request, [row], personal_fields(type(row), [field.name for field in row._meta.concrete_fields]), always=True)

"""Titles of columns for people, by the names of members. Where a model has a label for its field, that is the title."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_titles: dict[str, StrOrPromise] = {
    "id": _("entry number"),
    "code": _("code"),
    "name": _("name"),
    "district": _("district"),
    "zone": _("zone"),
    "reporting_unit": _("reporting unit"),
    "university": _("university"),
    "hub": _("hub"),
    "strategic_field": _("strategic field"),
    "technology_field": _("technology field"),
    "industry": _("industry"),
    "corridor": _("corridor node"),
    "kind": _("kind"),
    "level": _("level"),
    "address": _("address"),
    "latitude": _("latitude"),
    "longitude": _("longitude"),
    "updated_at": _("updated at"),
    "valid_from": _("from"),
    "valid_until": _("no longer valid from"),
    "version": _("version"),
    "is_official": _("official"),
    "is_invented": _("invented for demonstration"),
    "valid_on": _("valid on"),
    "known_at": _("known at"),
    "from": _("from"),
    "to": _("to"),
}


def declare_titles(titles: Mapping[str, StrOrPromise]) -> None:
    """Each app says how the members are called that only it has."""
    _titles.update(titles)


def title_of_member(name: str) -> str:
    """By its name alone; KeyError for one that nobody has declared."""
    return capfirst(str(_titles[name]))


def title_of_path(fields: Sequence[Any]) -> str:
    """In the active language: the titles of the fields on the way, with dots between."""
    return " · ".join(_title_of_field(field) for field in fields)


def _title_of_field(field: Any) -> str:
    label = _label_of_model(field)
    return title_of_member(field.field_name) if label is None else capfirst(str(label))


def _label_of_model(field: Any) -> Any:
    model = getattr(getattr(field.parent, "Meta", None), "model", None)
    if model is None or field.field_name in _titles:
        return None
    try:
        return getattr(model._meta.get_field(field.field_name), "verbose_name", None)
    except FieldDoesNotExist:
        return None

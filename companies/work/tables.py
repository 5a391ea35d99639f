"""The tables that a person may open, in groups of what they are about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

GROUPS: Mapping[str, tuple[StrOrPromise, frozenset[str]]] = {
    "firms": (_("Firms"), frozenset({"Company", "Certification", "Residency", "Financing"})),
    "hosts": (_("Incubators and people"), frozenset({"Incubator", "User"})),
    "figures": (
        _("Targets and published figures"),
        frozenset({"Target", "TargetArea", "Observation", "Indicator"}),
    ),
    "books": (_("Books of the register"), frozenset({"ChangeSet", "PersonalDataReading"})),
}
REST = _("Code lists")


def tables(app_list: list[dict[str, Any]]) -> list[tuple[StrOrPromise, list[dict[str, Any]]]]:
    """The admin's own list of what the person may open, regrouped; code lists are whatever no group names."""
    known = [table for app in app_list for table in app["models"]]
    groups = [(title, [table for table in known if table["object_name"] in names]) for title, names in GROUPS.values()]
    named = frozenset[str]().union(*(names for _title, names in GROUPS.values()))
    rest = [table for table in known if table["object_name"] not in named]
    ordered = [*groups[:3], (REST, rest), groups[3]]
    return [(title, found) for title, found in ordered if found]

"""Filters of the list of firms in words: those that its form has no field for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.models import AdjacencyBasis
from companies.pages.codes import names_of
from registry.downloads.titles import title_of_member
from registry.pages.asking import Asker

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

OF_CODES = {
    "reporting_unit": "codes/reporting-units/",
    "zone": "codes/zones/",
    "corridor": "codes/corridor/",
    "industry": "codes/industries/",
    "technology_field": "codes/technology-fields/",
    "incubator_level": "codes/incubator-levels/",
    "university": "universities/",
    "certification": "codes/certification-kinds/",
    "instrument": "codes/instruments/",
}
"""Where the codes of a filter are named."""
WORDS: dict[str, StrOrPromise] = {
    "seated": gettext_lazy("Seat on the day"),
    "adjacency_basis": gettext_lazy("Adjacent to a university by"),
    "certification": gettext_lazy("Once held"),
    "expiring_before": gettext_lazy("Certificate ends before"),
    "expiring_from": gettext_lazy("Certificate valid on"),
    "established_from": gettext_lazy("Established on or after"),
    "established_to": gettext_lazy("Established on or before"),
    "near": gettext_lazy("Near (latitude, longitude, km)"),
    "updated_since": gettext_lazy("Changed since"),
}
"""Of the others the title of their column is the word."""
CHOICES: dict[str, Mapping[str, StrOrPromise]] = {
    "seated": {
        "true": gettext_lazy("in the city"),
        "false": gettext_lazy("elsewhere or unknown"),
        "any": gettext_lazy("anywhere"),
    },
    "adjacency_basis": {**dict(AdjacencyBasis.choices), "distance": gettext_lazy("distance from a campus")},
}


def filter_in_words(ask: Asker, name: str, text: str) -> str:
    """The filter and its values by their names; a value without a name as it was given."""
    names: Mapping[str, StrOrPromise] = CHOICES.get(name, {})
    parts = [text]
    if name in OF_CODES or name in CHOICES:
        parts = text.split(",")
        names = names or names_of(ask, OF_CODES[name], parts)
    told = _(", ").join(str(names.get(part, part)) for part in parts)
    words = {"name": WORDS[name] if name in WORDS else title_of_member(name), "reason": told}
    return _("%(name)s: %(reason)s") % words

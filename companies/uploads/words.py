"""What columns, verdicts and stages are called on the pages of uploads and in the files that they give."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from companies.uploads.stages import Stage

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

COLUMNS: "dict[str, StrOrPromise]" = {
    "name": _("name of the firm"),
    "former_name": _("former name"),
    "renamed_on": _("day of renaming"),
    "name_en": _("English name"),
    "uscc": _("credit code"),
    "certificate_number": _("certificate number"),
    "issued_on": _("day of issue"),
    "valid_until": _("valid to (last day, included)"),
    "certification_kind": _("kind of certificate"),
    "technology_field": _("technology field"),
    "district": _("district"),
    "reporting_unit": _("reporting unit"),
    "industry": _("industry"),
    "strategic_field": _("strategic field"),
    "established_on": _("established on"),
    "registered_capital": _("registered capital"),
    "incubator": _("incubator"),
    "entered_on": _("entered on"),
    "left_on": _("first day no longer in residence"),
    "address": _("address"),
    "contact_name": _("contact person"),
    "contact_phone": _("contact phone"),
    "contact_email": _("contact e-mail"),
}
STAGES: "dict[Stage, StrOrPromise]" = {
    Stage.COLUMNS: _("columns to be confirmed"),
    Stage.WAITING: _("waiting for a worker"),
    Stage.WORKING: _("in progress"),
    Stage.STOPPED: _("stopped in the middle"),
    Stage.PLANNED: _("judged, not written"),
    Stage.COMMITTED: _("written"),
    Stage.UNDONE: _("undone"),
}

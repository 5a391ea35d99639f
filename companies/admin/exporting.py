"""The list of firms as a file to correct and upload again."""

from __future__ import annotations

import io
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.downloads.formats import WORKBOOK


@admin.action(description=gettext_lazy("Export for correction (.xlsx)"))
def export_for_correction(its_admin: Any, request: HttpRequest, queryset: QuerySet[Any]) -> FileResponse | None:
    """The chosen firms, of those that the person sees."""
    from companies.uploads.exporting import MOST_FIRMS, firms_for_correction  # not at every start

    if queryset.count() > MOST_FIRMS:
        messages.error(request, _("Choose at most %d firms.") % MOST_FIRMS)
        return None
    user: Any = request.user
    content, name = firms_for_correction(queryset, user), _("firms for correction")
    return FileResponse(io.BytesIO(content), as_attachment=True, filename=f"{name}.xlsx", content_type=WORKBOOK)

"""The pages of uploads in the admin."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from companies.models import Company, Upload, Work
from companies.uploads import files, requests, showing
from companies.uploads.columns import CHOICES, propose
from companies.uploads.grouping import grouped
from companies.uploads.judging import is_clean
from companies.uploads.news import news_of
from companies.uploads.readings import note_file, note_rows
from companies.uploads.stages import Stage, stage_of
from companies.uploads.words import COLUMNS, STAGES
from companies.uploads.working import Busy, ask
from registry import scope
from registry.admin.rendering import render_page
from registry.downloads.formats import WORKBOOK
from registry.models import ChangeSet
from registry.readings import note
from registry.sheets.errors import SheetError, Unusable
from registry.sheets.headers import IGNORED
from registry.sheets.receiving import MAXIMUM_UPLOAD_BYTES, take_time

UPLOADS_LISTED = 20
View = Callable[..., Any]


def page(view: View) -> View:
    """For those who may see uploads, to send anything for those who may make them; `pk` becomes the upload, which is
    404 out of scope."""

    @wraps(view)
    def entered(request: HttpRequest, pk: int | None = None) -> Any:
        is_reading = request.method in ("GET", "HEAD")
        if not (scope.may_enter if is_reading else scope.may_write)(request.user, Upload):
            raise PermissionDenied
        if not is_reading:
            take_time()
        return view(request) if pk is None else view(request, _upload(request, pk))

    return admin.site.admin_view(entered)


def _upload(request: HttpRequest, pk: int) -> Upload:
    found = scope.scope(Upload.objects.all(), request.user, write=request.method not in ("GET", "HEAD"))
    upload: Upload | None = (
        found.select_related("user", "work_by", "incubator", "committed", "undone").filter(pk=pk).first()
    )
    if upload is None:
        raise Http404
    return upload


def _render(request: HttpRequest, name: str, title: str, **context: Any) -> HttpResponse:
    may = {
        "may_write": scope.may_write(request.user, Upload),
        "may_read_changes": scope.may_enter(request.user, ChangeSet),
    }
    return render_page(request, f"companies/uploads/{name}.html", title, **may, **context)


@page
def index(request: HttpRequest) -> HttpResponse:
    """The form for a file, and the last uploads."""
    user: Any = request.user
    if request.method == "POST":
        try:
            upload = requests.received(request, user)
        except (SheetError, Unusable) as refusal:
            return _index(request, str(refusal))
        Upload.objects.drop_old()
        upload.save()
        return redirect("uploads:upload", pk=upload.pk)
    return _index(request)


def _index(request: HttpRequest, refusal: str = "") -> HttpResponse:
    user: Any = request.user
    found = (
        scope.scope(Upload.objects.all(), user).select_related("user", "incubator").defer("content")[:UPLOADS_LISTED]
    )
    return _render(
        request,
        "index",
        _("Upload a list of firms"),
        refusal=refusal,
        uploads=[(upload, STAGES[stage_of(upload)]) for upload in found],
        incubators=requests.incubators_of(user),
        largest=MAXIMUM_UPLOAD_BYTES // 1024**2,
    )


@page
@require_GET
def template(request: HttpRequest) -> FileResponse:
    """A blank sheet to fill in."""
    user: Any = request.user
    return _file(files.template(requests.named_by(user)), _("list of firms (blank)") + ".xlsx")


def _file(content: bytes, name: str) -> FileResponse:
    return FileResponse(io.BytesIO(content), as_attachment=True, filename=name, content_type=WORKBOOK)


@page
@require_GET
def show(request: HttpRequest, upload: Upload) -> HttpResponse:
    """The page of the upload's stage."""
    stage = stage_of(upload)
    upload.refresh_from_db()  # with what the work left that ended before its stage was asked
    if stage is Stage.COLUMNS:
        return _columns(request, upload)
    if stage in (Stage.WAITING, Stage.WORKING, Stage.STOPPED):
        return _render(request, "progress", upload.file_name, upload=upload, **news_of(upload, stage))
    return _plan(request, upload) if stage is Stage.PLANNED else _result(request, upload, stage)


@page
def columns(request: HttpRequest, upload: Upload) -> HttpResponse:
    """Which column is what; sent, the rows are judged."""
    stage = stage_of(upload)
    if stage not in (Stage.COLUMNS, Stage.PLANNED) or upload.content is None:
        return redirect("uploads:upload", pk=upload.pk)
    if request.method != "POST":
        return _columns(request, upload)
    sheet = request.POST.get("sheet", upload.sheet)
    try:
        if sheet != upload.sheet:
            return _other_sheet(upload, sheet)
        upload.columns = requests.chosen_columns(request.POST, upload)
        return _asked(request, upload, Work.PLAN)
    except (SheetError, Unusable) as refusal:
        return _columns(request, upload, str(refusal))


def _other_sheet(upload: Upload, sheet: str) -> HttpResponse:
    names = upload.proposal.get("sheets", [])
    proposal = propose(upload.file_name, bytes(upload.content or b""), sheet)
    upload.sheet, upload.proposal, upload.row_count = sheet, proposal | {"sheets": names}, proposal["row_count"]
    upload.columns, upload.corrections = {}, {}
    upload.save()
    return redirect("uploads:columns", pk=upload.pk)


def _columns(request: HttpRequest, upload: Upload, refusal: str = "") -> HttpResponse:
    headings = [
        heading | {"key": upload.columns.get(heading["letter"], heading["key"])}
        for heading in upload.proposal.get("headings", ())
    ]
    if refusal:
        headings = [heading | {"key": request.POST.get(f"column-{heading['letter']}", IGNORED)} for heading in headings]
    choices = [(key, COLUMNS[key]) for key in CHOICES]
    note(request, [upload], ["proposal"])
    return _render(
        request, "columns", upload.file_name, upload=upload, headings=headings, choices=choices, refusal=refusal
    )


def _plan(request: HttpRequest, upload: Upload) -> HttpResponse:
    verdict = showing.asked_verdict(upload, request.GET.get("verdict"))
    rows = showing.page_of(upload, verdict, request.GET.get("page"))
    note_rows(request, list(rows))
    listed = [showing.shown(row, upload) for row in rows]
    groups, single_rows = grouped(listed)
    context = {
        "verdict": verdict,
        "tabs": showing.tabs(upload, verdict),
        "rows": listed,
        "groups": groups,
        "single_rows": single_rows,
        "unread": showing.unread(upload),
        "without_codes": showing.without_codes(upload),
        "other_language": showing.other_language(upload),
        "to_write": showing.to_write(upload),
        "page": rows,
        "is_clean": is_clean(upload),
        "headline": showing.headline(upload),
        "is_kept": upload.content is not None and scope.may_write(request.user, Upload),
        "has_file": upload.content is not None,
    }
    return _render(request, "plan", upload.file_name, upload=upload, **context)


def _result(request: HttpRequest, upload: Upload, stage: Stage) -> HttpResponse:
    verdict = request.GET.get("verdict") or "all"
    rows = showing.page_of(upload, verdict, request.GET.get("page"))
    codes = [row.code for row in rows if row.code]
    may_see = scope.scope(Company.objects.filter(uscc__in=codes), request.user)
    keys = dict(may_see.values_list("uscc", "pk"))
    listed = [(showing.shown(row, upload), keys.get(row.code)) for row in rows]
    context = {
        "rows": listed,
        "page": rows,
        "verdict": verdict,
        "tabs": showing.tabs(upload, verdict),
        "headline": showing.same(upload),
        "unread": showing.unread(upload),
        "is_undone": stage is Stage.UNDONE,
    }
    return _render(request, "result", upload.file_name, upload=upload, **context)


@page
@require_POST
def correct(request: HttpRequest, upload: Upload) -> HttpResponse:
    """Cells typed anew, candidates chosen; all rows are judged again."""
    if stage_of(upload) is not Stage.PLANNED or upload.content is None:
        return redirect("uploads:upload", pk=upload.pk)
    try:
        upload.corrections = {} if "drop" in request.POST else requests.corrections(request.POST, upload)
        return _asked(request, upload, Work.PLAN)
    except (SheetError, Unusable) as refusal:
        messages.error(request, str(refusal))
        return redirect("uploads:upload", pk=upload.pk)


@page
@require_POST
def commit(request: HttpRequest, upload: Upload) -> HttpResponse:
    """Writes all of it or nothing."""
    if stage_of(upload) is not Stage.PLANNED or upload.content is None or not is_clean(upload):
        messages.error(request, _("Nothing was written: rows are wrong or ambiguous, or it was written before."))
        return redirect("uploads:upload", pk=upload.pk)
    return _reasoned(request, upload, Work.COMMIT)


@page
@require_POST
def undo(request: HttpRequest, upload: Upload) -> HttpResponse:
    """Takes all of it back, as long as nothing was built on it."""
    if stage_of(upload) is not Stage.COMMITTED or upload.committed is None:
        messages.error(request, _("There is nothing to undo."))
        return redirect("uploads:upload", pk=upload.pk)
    return _reasoned(request, upload, Work.UNDO)


def _reasoned(request: HttpRequest, upload: Upload, work: Work) -> HttpResponse:
    try:
        return _asked(request, upload, work, requests.reason(request.POST))
    except (SheetError, Unusable) as refusal:
        messages.error(request, str(refusal))
        return redirect("uploads:upload", pk=upload.pk)


@page
@require_POST
def again(request: HttpRequest, upload: Upload) -> HttpResponse:
    """Work that stopped in the middle is done once more."""
    if stage_of(upload) is Stage.STOPPED:
        return _asked(request, upload, Work(upload.work), upload.work_reason)
    return redirect("uploads:upload", pk=upload.pk)


def _asked(request: HttpRequest, upload: Upload, work: Work, why: str = "") -> HttpResponse:
    user: Any = request.user
    try:
        ask(upload, work, user, why)
    except Busy:
        messages.error(request, _("Somebody works on this upload right now; wait until it is done."))
    return redirect("uploads:upload", pk=upload.pk)


@page
@require_GET
def progress(request: HttpRequest, upload: Upload) -> HttpResponse:
    """How far the work is, for the page that shows it."""
    news = news_of(upload, stage_of(upload))
    return JsonResponse({name: str(value) if name == "sentence" else value for name, value in news.items()})


@page
@require_GET
def reasons(request: HttpRequest, upload: Upload) -> FileResponse:
    """The same sheet with the reasons beside the rows."""
    if upload.content is None or upload.planned_at is None:
        raise Http404
    note_file(request, upload)
    name = _("%s (with reasons)") % Path(upload.file_name).stem
    return _file(files.with_reasons(upload), f"{name}.xlsx")

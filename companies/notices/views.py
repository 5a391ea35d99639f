"""The pages of official notices in the admin: loaded by registrars, read by each incubator for its own firms."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from companies.listing import Pages
from companies.models import CertificationKind, Notice, NoticeLine, Upload
from companies.models.questions import HIGH_TECH
from companies.notices import loading, questions
from registry import days, scope
from registry.admin.rendering import render_page
from registry.sheets.errors import SheetError, Unusable
from registry.sheets.receiving import MAXIMUM_UPLOAD_BYTES, received_file, take_time
from registry.templatetags.pages import number

NOTICES_LISTED = 50
LINES_ON_A_PAGE = 50
PARTS: dict[str, tuple[Any, Any, Callable[..., Any]]] = {
    "not-entered": (
        gettext_lazy("Certificate not entered"),
        gettext_lazy("On this list, without a certificate of its kind and year in the register."),
        questions.not_entered,
    ),
    "appeared": (
        gettext_lazy("Certified for the first time"),
        gettext_lazy("On this list, without a certificate of its kind from an earlier year."),
        questions.appeared,
    ),
    "renewed": (
        gettext_lazy("Renewed"),
        gettext_lazy("On this list, with a certificate of its kind from an earlier year."),
        questions.renewed,
    ),
    "lapsed": (
        gettext_lazy("Lapsed"),
        gettext_lazy("The last certificate of the kind ended in this year, and no list of the year names the firm."),
        questions.lapsed,
    ),
}
LINES: dict[str, tuple[Any, Any, Callable[..., Any]]] = {
    "doubtful": (
        gettext_lazy("Ambiguous"),
        gettext_lazy("Several firms fit the line, or the name is that of a firm with another code: choose one."),
        questions.doubtful,
    ),
    "unknown": (
        gettext_lazy("No firm found"),
        gettext_lazy("No firm of the register has this code, name or certificate number."),
        questions.unknown,
    ),
}


def page(view: Callable[..., Any]) -> Callable[..., Any]:
    """For those who may see notices; `pk` becomes the notice. What is sent is the registrars'."""

    @wraps(view)
    def entered(request: HttpRequest, pk: int | None = None) -> Any:
        is_allowed = scope.may_write if request.method == "POST" else scope.may_enter
        if not is_allowed(request.user, Notice):
            raise PermissionDenied
        return view(request) if pk is None else view(request, _notice(request, pk))

    return admin.site.admin_view(entered)


def _notice(request: HttpRequest, pk: int) -> Notice:
    notice: Notice | None = scope.scope(Notice.objects.select_related("kind"), request.user).filter(pk=pk).first()
    if notice is None:
        raise Http404
    return notice


def _render(request: HttpRequest, name: str, title: str, **context: Any) -> HttpResponse:
    may_load = scope.may_write(request.user, Notice)
    return render_page(request, f"companies/notices/{name}.html", title, may_load=may_load, **context)


@page
def index(request: HttpRequest) -> HttpResponse:
    """The notices, and for registrars the form that loads one."""
    if request.method != "POST":
        return _index(request)
    take_time()
    try:
        loaded = loading.load(*_received(request))
    except (SheetError, Unusable) as refusal:
        return _index(request, str(refusal))
    except ValidationError as refusal:
        return _index(request, " ".join(refusal.messages))
    for note in loaded.notes:
        messages.info(request, note)
    return redirect("notices:notice", pk=loaded.notice.pk)


def _index(request: HttpRequest, refusal: str = "") -> HttpResponse:
    found = scope.scope(Notice.objects.select_related("kind"), request.user)[:NOTICES_LISTED]
    kinds = CertificationKind.objects.on(days.today()).order_by("code")
    sent = request.POST
    return _render(
        request,
        "index",
        _("Official notices"),
        notices=found,
        kinds=kinds,
        refusal=refusal,
        largest=MAXIMUM_UPLOAD_BYTES // 1024**2,
        sent={
            "kind": sent.get("kind", HIGH_TECH),
            "year": sent.get("year", days.today().year),
            "title": sent.get("title", ""),
        },
    )


def _received(request: HttpRequest) -> tuple[Notice, bytes]:
    user: Any = request.user
    file, sent = received_file(request), request.POST
    kind = CertificationKind.objects.filter(code=sent.get("kind", "")).first()
    if kind is None:
        raise Unusable(_("Choose the kind of certificate."))
    year, title = sent.get("year", ""), " ".join(sent.get("title", "").split())
    if not (len(year) == 4 and year.isascii() and year.isdigit()):
        raise Unusable(_("The year has four digits, such as 2026."))
    if not title or "\0" in title:
        raise Unusable(_("Give the title of the notice, as it was published."))
    name = loading.file_name(file.name)
    return Notice(kind=kind, year=int(year), title=title, file_name=name, loaded_by=user), file.read()


@page
@require_GET
def show(request: HttpRequest, notice: Notice) -> HttpResponse:
    """The firms of one part of the notice, and how many are in the others."""
    day, user = days.today(), request.user
    this = Notice.objects.filter(pk=notice.pk)
    parts = {key: Pages(rows(user, this, day)) for key, (_title, _hint, rows) in PARTS.items()}
    lines = {key: rows(user, notice) for key, (_title, _hint, rows) in LINES.items() if scope.sees_all(user)}
    counts = {key: part.count for key, part in parts.items()} | {key: found.count() for key, found in lines.items()}
    part = request.GET.get("part") or next((key for key, count in counts.items() if count), "not-entered")
    if part not in counts:
        raise Http404
    known = {**PARTS, **LINES}
    tabs = [{"key": key, "title": known[key][0], "count": count} for key, count in counts.items()]
    lines_seen = scope.scope(NoticeLine.objects.filter(notice=notice), user).count()
    found = parts[part] if part in parts else _LinePages(lines[part].order_by("number"), LINES_ON_A_PAGE)
    return _render(
        request,
        "notice",
        notice.title,
        notice=notice,
        part=part,
        query=f"part={part}",
        tabs=tabs,
        hint=known[part][1],
        is_of_lines=part in lines,
        page=found.asked(request.GET.get("page")),
        is_cut=found.is_cut,
        counted=ngettext("%s line", "%s lines", lines_seen) % number(lines_seen),
        may_upload=scope.may_write(user, Upload),
    )


class _LinePages(Pages):
    """Lines as they are, all of them."""

    def __init__(self, lines: Any, on_a_page: int) -> None:
        super(Pages, self).__init__(lines, on_a_page)
        self.rows, self.most = lines, None


@page
@require_POST
def match(request: HttpRequest, notice: Notice) -> HttpResponse:
    """Lines without a firm are looked for again."""
    found = loading.match_again(notice)
    messages.info(request, _("%d lines found their firm.") % found)
    return redirect("notices:notice", pk=notice.pk)


@page
@require_POST
def choose(request: HttpRequest, notice: Notice) -> HttpResponse:
    """A registrar says which candidate a line means."""
    for name, code in request.POST.items():
        number = name.removeprefix("line-")
        if name == number or not code:
            continue
        line = notice.lines.filter(number=number).first() if number.isdecimal() and len(number) < 8 else None
        if line is None or not loading.choose(line, str(code)):
            messages.error(request, _("Line %(line)s has no candidate %(code)s.") % {"line": number, "code": code})
    return redirect("notices:notice", pk=notice.pk)


@page
@require_POST
def remove(request: HttpRequest, notice: Notice) -> HttpResponse:
    """A notice that was loaded by mistake is taken out; it certified nobody."""
    notice.delete()
    messages.info(request, _("The notice “%s” was removed.") % notice.title)
    return redirect("notices:index")

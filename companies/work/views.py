"""The front page of the admin, the lists behind it, the search and an incubator's own figures."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied, SuspiciousOperation, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from companies.findings.questions import COUNTED, open_findings
from companies.listing import Pages, count, firms_counted, shown
from companies.models import Company, Notice, Residency, Upload
from companies.work import changes, publicity, searching
from companies.work.figures import FIGURES, Figure, Question, figure_of
from companies.work.tables import tables
from companies.work.tasks import MINE, TASKS, Task, task_of
from incubators.models import Incubator
from registry import scope
from registry.admin.rendering import render_page
from registry.days import FIRST_YEAR, LAST_YEAR, parse_loose_day, today

FIRST_ROWS = 4
MOST_ON_FRONT = 1_000
NOTICES_SHOWN = 3
View = Callable[..., HttpResponse]


def page(view: View) -> View:
    """For those who may enter the admin; the view itself asks the scope."""
    entered: View = admin.site.admin_view(require_GET(view))
    return entered


def _render(request: HttpRequest, name: str, title: str, **context: Any) -> HttpResponse:
    return render_page(request, f"companies/work/{name}.html", title, **context)


# --- The front page
@page
def front(request: HttpRequest) -> HttpResponse:
    """What the person works on and what needs doing; every table stands below."""
    user, day = request.user, today()
    works_on_firms = scope.may_enter(user, Company)
    findings = _findings(user, day) if works_on_firms else []
    every_table = tables(admin.site.get_app_list(request))
    return _render(
        request,
        "front",
        _("My work") if works_on_firms else _("Welcome"),
        day=day,
        works_on_firms=works_on_firms,
        sees_all=scope.sees_all(user),
        mine=[_summed_up(task, request, day) for task in MINE] if works_on_firms else [],
        tasks=[_summed_up(task, request, day) for task in TASKS] if works_on_firms else [],
        findings=findings,
        findings_sum={"count": sum(one["count"] for one in findings), "is_more": any(o["is_more"] for o in findings)},
        changes=changes.recent(user) if works_on_firms else [],
        notices=scope.scope(Notice.objects.select_related("kind"), user)[:NOTICES_SHOWN],
        may_upload=scope.may_write(user, Upload),
        may_read_uploads=scope.may_enter(user, Upload),
        may_load_notices=scope.may_write(user, Notice),
        tables=every_table,
    )


def _summed_up(task: Task, request: HttpRequest, day: datetime.date) -> dict[str, Any]:
    """The task with its count, no further than a thousand, and its first rows."""
    rows = task.rows(request.user, day)
    found = count(rows, MOST_ON_FRONT)
    first = list(shown(rows)[:FIRST_ROWS]) if found else []
    return {"task": task, "count": min(found, MOST_ON_FRONT), "is_more": found > MOST_ON_FRONT, "rows": first}


def _findings(user: Any, day: datetime.date) -> list[dict[str, Any]]:
    """What the soft rules find and nobody explained, by rule."""
    found = open_findings(user, day)
    return [{"rule": rule, "count": min(count, COUNTED), "is_more": count > COUNTED} for rule, count, _rows in found]


@page
def listed(request: HttpRequest, key: str) -> HttpResponse:
    """All firms of a task."""
    task = task_of(key)
    if task is None:
        raise Http404
    if not scope.may_enter(request.user, Company):
        raise PermissionDenied
    pages = Pages(task.rows(request.user, today()))
    found = pages.asked(request.GET.get("page"))
    return _render(
        request,
        "list",
        str(task.title),
        hint=task.hint,
        counted=firms_counted(pages.count),
        page=found,
        is_cut=pages.is_cut,
        day=today(),
        table=_table_of(task, request.user),
    )


def _table_of(task: Task, user: Any) -> str:
    """The address of the same firms in the table of firms, where they can be exported; empty for other tasks."""
    question = {"residents": "resident" if scope.sees_all(user) else "mine"}.get(task.key)
    return f"{reverse('admin:companies_company_changelist')}?{question}=yes" if question else ""


# --- The search
@page
def search(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "").strip()
    if not words:
        return redirect("admin:index")
    try:
        groups, refusal = searching.search(request, words), ""
    except SuspiciousOperation as error:
        groups, refusal = [], str(error)
    return _render(
        request,
        "search",
        _("Search: %s") % words[: searching.LONGEST],
        q=words,
        groups=groups,
        refusal=refusal,
        works_on_firms=scope.may_enter(request.user, Company),
    )


# --- Figures
@page
def figures(request: HttpRequest) -> HttpResponse:
    """Every figure of one incubator, or of all that the person may see."""
    asked, context = _question(request)
    values = {figure.key: figure.value(asked) for figure in FIGURES}
    public = publicity.Public(request, asked)
    rows = [
        {
            "figure": figure,
            "value": values[figure.key],
            "share": values[figure.key] / values[figure.share_of]
            if figure.share_of and values[figure.share_of]
            else None,
            "public": public.of(figure),
        }
        for figure in FIGURES
    ]
    reported = figure_of("jobs").rows(asked).order_by().count()  # type: ignore[union-attr]
    jobs = {"year": asked.year_of_jobs, "reported": reported, "of": values["residents"]}
    return _render(request, "figures", _("Figures of the incubator"), rows=rows, jobs=jobs, **context)


@page
def figure(request: HttpRequest, key: str) -> HttpResponse:
    """The rows that one figure counts."""
    found: Figure | None = figure_of(key)
    if found is None:
        raise Http404
    asked, context = _question(request)
    pages = Pages(found.rows(asked), found.firm, most=None)
    value = found.value(asked)
    page = pages.asked(request.GET.get("page"))
    return _render(
        request,
        "figure",
        str(found.title),
        figure=found,
        value=value,
        page=page,
        counted=firms_counted(pages.count),
        **context,
    )


def _question(request: HttpRequest) -> tuple[Question, dict[str, Any]]:
    """The incubators and the day asked for, and what the form shows of them; wrong ones are named in `refusals`."""
    if not scope.may_enter(request.user, Residency):
        raise PermissionDenied
    offered = scope.scope(Incubator.objects.all(), request.user).order_by("name_zh", "code")
    refusals: list[str] = []
    code = request.GET.get("incubator", "")
    chosen = offered.filter(code=code) if code and "\0" not in code else offered
    if code and ("\0" in code or not chosen.exists()):
        refusals.append(_("No incubator of yours has the code “%s”; all are shown.") % code[:40])
        code, chosen = "", offered
    asked = Question(request.user, chosen.order_by(), _day(request, refusals))
    listed = list(offered)
    now = today()
    context: dict[str, Any] = {"incubators": listed, "code": code, "day": asked.day, "refusals": refusals}
    context |= {"today": now, "lies_ahead": asked.day > now}
    name = next((one.name_zh for one in listed if one.code == code or len(listed) == 1), _("all incubators"))
    return asked, context | {"whose": name, "query": f"day={asked.day}" + (f"&incubator={code}" if code else "")}


def _day(request: HttpRequest, refusals: list[str]) -> datetime.date:
    text = request.GET.get("day", "")
    try:
        day = parse_loose_day(text) if text else today()
    except ValidationError as error:
        refusals += error.messages
        return today()
    if day is None or not FIRST_YEAR <= day.year < LAST_YEAR:
        refusals.append(_("The day “%s” is out of range; today is shown.") % text[:20])
        return today()
    if day > today():
        refusals.append(_("The day %s lies ahead: counted by what is known today.") % day)
    return day

"""The pages of findings in the admin: by rule, and one finding with the form that explains it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from companies.findings import explaining
from companies.findings.questions import (
    COUNTED,
    findings,
    open_by_rule,
    rules_in_force,
    told_of,
    unreadable_rules,
)
from companies.models import Company, Explanation, SoftRule
from registry import scope
from registry.admin.rendering import render_page
from registry.days import today

OPEN, EXPLAINED = "open", "explained"
ON_A_PAGE = 50
View = Callable[..., Any]


def page(view: View) -> View:
    """For those who see firms; to send anything, for those who may explain."""

    @wraps(view)
    def entered(request: HttpRequest, **given: Any) -> Any:
        may_write = scope.may_write(request.user, Explanation)
        if not scope.may_enter(request.user, Company) or (request.method == "POST" and not may_write):
            raise PermissionDenied
        return view(request, **given)

    return admin.site.admin_view(entered)


def _render(request: HttpRequest, name: str, title: str, **context: Any) -> HttpResponse:
    return render_page(request, f"companies/findings/{name}.html", title, **context)


def _rule(code: str) -> SoftRule:
    rule = next((rule for rule in rules_in_force(today()) if rule.code == code), None)
    if rule is None:
        raise Http404
    return rule


@page
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Every rule in force, with how much it finds."""
    day = today()
    counted = [(rule, count) for rule, count, _rows in open_by_rule(request.user, day)]
    unreadable = unreadable_rules(day)
    return _render(request, "overview", _("Findings"), rules=counted, most=COUNTED, unreadable=unreadable)


@page
@require_GET
def of_rule(request: HttpRequest, code: str) -> HttpResponse:
    """The firms behind a rule, those without an explanation first."""
    rule, state = _rule(code), request.GET.get("state", OPEN)
    if state not in (OPEN, EXPLAINED):
        raise Http404
    found = findings(rule, request.user, today())
    rows = found.filter(explanation_id__isnull=state == OPEN)
    keys = list(rows.order_by("pk").values_list("pk", flat=True)[: COUNTED + 1])
    listed = Paginator(keys[:COUNTED], ON_A_PAGE).get_page(request.GET.get("page"))
    told = told_of(rule, found.filter(pk__in=list(listed)), today())
    counted = ngettext("%(count)d finding", "%(count)d findings", len(keys)) % {"count": len(keys)}
    return _render(
        request,
        "rule",
        str(rule),
        rule=rule,
        state=state,
        states=((OPEN, _("without explanation")), (EXPLAINED, _("explained"))),
        findings=told,
        page=listed,
        count=len(keys),
        counted=counted,
        may_explain=scope.may_write(request.user, Explanation),
        most=COUNTED,
    )


@page
@require_http_methods(["GET", "HEAD", "POST"])
def explain(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """One finding with what was said of it; sent, what is said now."""
    user: Any = request.user
    rule = _rule(code)
    refusal = ""
    if request.method == "POST":
        row = explaining.row_to_explain(rule, pk, user, today())
        if row is None:
            raise Http404
        try:
            made = explaining.explain(rule, row, request.POST.get("given_for", ""), request.POST.get("text", ""))
        except explaining.NotExplained as error:
            refusal = str(error)
        else:
            messages.success(request, _("The explanation was kept."))
            return redirect("admin:companies_company_change", made.company_id)
    return _finding(request, rule, pk, refusal)


def _finding(request: HttpRequest, rule: SoftRule, pk: int, refusal: str) -> HttpResponse:
    user: Any = request.user
    found = findings(rule, request.user, today()).filter(pk=pk)
    told = told_of(rule, found, today())
    if not told:
        raise Http404
    [finding] = told
    return _render(
        request,
        "explain",
        _("Explain a finding"),
        rule=rule,
        finding=finding,
        earlier=explaining.said_so_far(rule, finding.company, user),
        refusal=refusal,
        text=request.POST.get("text", ""),
        may_explain=explaining.row_to_explain(rule, pk, user, today()) is not None,
        reads_all=not scope.may_write(user, Explanation),
        back=reverse("findings:rule", args=[rule.code]),
        longest=explaining.LONGEST,
    )

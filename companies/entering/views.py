"""Small answers while a field of a firm's page is filled in. What they say, the save checks again."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from companies.entering.forms import ISSUED_AHEAD
from companies.entering.twins import twins
from companies.models import Certification, CertificationKind, Company
from registry import scope
from registry.credit_code import CreditCodeError, check, normalise, suggest
from registry.days import last_included, parse_loose_day, today
from registry.models import ReportingUnit

Answer = dict[str, Any]
LONGEST = 300


def helping(answer: Callable[[HttpRequest], Answer]) -> Any:
    """For those who may enter firms; 400 with a sentence for what cannot be read."""

    @wraps(answer)
    def view(request: HttpRequest) -> HttpResponse:
        if not scope.may_write(request.user, Company):
            raise PermissionDenied
        if any("\0" in text or len(text) > LONGEST for text in request.GET.dict().values()):
            return JsonResponse({"problem": _("This cannot be read.")}, status=400)
        try:
            response = JsonResponse(answer(request))
        except ValidationError as error:
            response = JsonResponse({"problem": " ".join(error.messages)}, status=400)
        response["Cache-Control"] = "no-store"
        return response

    return admin.site.admin_view(require_GET(view))


def index(request: HttpRequest) -> Answer:
    """Which questions there are."""
    return {name: reverse(f"help:{name}") for name in ("code", "unit", "ending", "renewed", "twins")}


def code(request: HttpRequest) -> Answer:
    """`uscc`; `firm`, the key of the firm whose page it is: what is wrong, what may be meant, who has it already."""
    text = request.GET.get("uscc", "")
    if not text.strip():
        return {"problem": "", "suggestions": [], "taken": "", "twins": []}
    try:
        found, problem = check(text), ""
    except CreditCodeError as error:
        found, problem = normalise(text[:100]), str(error)
    own = request.GET.get("firm", "")
    taken = Company.objects.filter(uscc=found).exclude(pk=int(own) if own.isdecimal() and len(own) < 18 else 0)
    is_taken = not problem and taken.exists()
    return {
        "code": found,
        "problem": problem,
        "suggestions": suggest(text) if problem else [],
        "taken": _("A firm with this credit code is already in the register.") if is_taken else "",
        "twins": _told(twins(request.user, code=found)) if is_taken else [],
    }


def unit(request: HttpRequest) -> Answer:
    """`unit`, a key: the district in which the reporting unit lies."""
    found = ReportingUnit.objects.filter(pk=_key(request, "unit")).values_list("district", "district__name_zh").first()
    district, name = found or (None, "")
    return {"district": district, "told": _("District of this unit: %s") % name if district else ""}


def ending(request: HttpRequest) -> Answer:
    """`kind`, a key, and `issued_on`: the last day on which the certificate counts, by the rule of its kind."""
    kind = CertificationKind.objects.filter(pk=_key(request, "kind")).first()
    issued = parse_loose_day(request.GET.get("issued_on", ""))
    until = kind.end_for(issued) if kind else None
    last = last_included(until).isoformat() if until else ""
    return {
        "last_day": last,
        "told": _("By the rule of this kind: valid to %s") % last if last else "",
        "ahead": ISSUED_AHEAD % {"day": issued} if issued > today() else "",
    }


def renewed(request: HttpRequest) -> Answer:
    """`kind` and `firm`, keys: the firm's certificates of that kind, newest first."""
    own = Certification.objects.filter(kind=_key(request, "kind"), company=_key(request, "firm"))
    found = scope.scope(own, request.user).order_by("-issued_on", "-pk")
    return {"certificates": list(found.values_list("pk", flat=True))}


def same(request: HttpRequest) -> Answer:
    """`name` and `uscc`: firms of the register that a new firm may be."""
    found = twins(request.user, code=request.GET.get("uscc", ""), names=[request.GET.get("name", "")])
    return {"twins": _told(found), "told": _("Is it one of these firms?") if found else ""}


def _told(found: list[Any]) -> list[dict[str, Any]]:
    names = ("uscc", "name", "why", "address", "is_strong")
    return [{name: getattr(twin, name) for name in names} for twin in found]


def _key(request: HttpRequest, name: str) -> int:
    text = request.GET.get(name, "")
    if not text.isdecimal() or len(text) > 17:
        raise ValidationError(_("This cannot be read."))
    return int(text)

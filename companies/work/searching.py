"""One search over everything that a person may see: firms, incubators, certificates, people, reference data."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import SuspiciousOperation
from django.db.models import F, Model, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from companies.admin.columns import name_today
from companies.admin.search import matching
from companies.models import Certification, Company
from incubators.models import Incubator
from registry import scope
from registry.models import User
from registry.models.entries import DatedCode
from registry.readings import note

if TYPE_CHECKING:
    from registry.scope import Person

SHOWN = 10
MOST_CODES = 20
LONGEST = 100
LAST_LETTER = "\U0010ffff"


@dataclass
class Found:
    """One kind of what was found: the first, each with its address; `more` leads to the list with all.

    `is_cut`: there are more, and no list of all.
    """

    title: str
    rows: list[dict[str, Any]] = field(default_factory=list)
    more: str = ""
    is_cut: bool = False


def search(request: HttpRequest, words: str) -> list[Found]:
    """Groups that found something; SuspiciousOperation with a sentence for what cannot be looked for."""
    text = unicodedata.normalize("NFKC", words.replace("\0", "")).strip()
    if len(text) > LONGEST:
        raise SuspiciousOperation(_("Search for at most %d characters.") % LONGEST)
    user: Any = request.user
    groups = (firms(user, text), incubators(user, text), certificates(user, text), people(request, text))
    return [group for group in (*groups, reference_data(user, text)) if group.rows]


def _address(model: type[Model], page: str, *key: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=key)


def _group(model: type[Model], rows: QuerySet[Any], text: str) -> Found:
    """Of rows with `pk`, `title`, `detail` and whether they are `invented` for demonstration."""
    found = list(rows.values("pk", "title", "detail", "invented")[: SHOWN + 1])
    more = f"{_address(model, 'changelist')}?{urlencode({'q': text})}" if len(found) > SHOWN else ""
    listed = [row | {"address": _address(model, "change", row["pk"])} for row in found[:SHOWN]]
    return Found(str(model._meta.verbose_name_plural), listed, more)


def firms(user: Person, text: str) -> Found:
    """By code, present and former names, English, pinyin and initials."""
    found = scope.scope(Company.objects.filter(matching(text)), user)
    return _group(
        Company,
        found.annotate(title=name_today("pk"), detail=F("uscc"), invented=F("is_invented")).order_by("uscc"),
        text,
    )


def named(text: str) -> Q:
    parts = (Q(name_zh__icontains=text), Q(name_en__icontains=text), Q(name_it__icontains=text))
    return parts[0] | parts[1] | parts[2] | Q(code__iexact=text)


def incubators(user: Person, text: str) -> Found:
    found = scope.scope(Incubator.objects.filter(named(text)), user).annotate(
        title=F("name_zh"), detail=F("code"), invented=F("is_invented")
    )
    return _group(Incubator, found.order_by("code"), text)


def certificates(user: Person, text: str) -> Found:
    """Whose number begins so: a range of the index, however many there are."""
    begin = "".join(text.split()).upper()
    found = scope.scope(Certification.objects.filter(number__gte=begin, number__lt=begin + LAST_LETTER), user)
    firm = Concat(name_today("company"), Value(" "), F("company__uscc"))
    told = found.annotate(title=F("number"), detail=firm, invented=F("company__is_invented"))
    return _group(Certification, told.order_by("number", "pk"), text)


def people(request: HttpRequest, text: str) -> Found:
    """By user name or own name; a reading of own names goes into the book."""
    user: Any = request.user
    of_people = Q(username__icontains=text) | Q(first_name__icontains=text) | Q(last_name__icontains=text)
    found = scope.scope(User.objects.filter(of_people), user).order_by("username")
    rows = list(found[: SHOWN + 1])
    more = f"{_address(User, 'changelist')}?{urlencode({'q': text})}" if len(rows) > SHOWN else ""
    if rows:
        note(request, rows[:SHOWN], ("first_name", "last_name"))
    listed = [
        {
            "title": row.get_full_name() or row.username,
            "detail": row.username,
            "address": _address(User, "change", row.pk),
        }
        for row in rows[:SHOWN]
    ]
    return Found(str(User._meta.verbose_name_plural), listed, more)


def reference_data(user: Person, text: str) -> Found:
    """Every code list that the person may read, in one question."""
    parts: list[Any] = []
    lists = {model._meta.label: model for model in _code_lists(user)}
    for label, model in lists.items():
        rows = scope.scope(model._default_manager.filter(named(text)), user)
        parts.append(rows.order_by().values_list(Value(label), "pk", "name_zh", "code"))
    found = list(parts[0].union(*parts[1:])[: MOST_CODES + 1]) if parts else []
    listed = [
        {
            "title": name,
            "detail": f"{lists[label]._meta.verbose_name} · {code}",
            "address": _address(lists[label], "change", key),
        }
        for label, key, name, code in found[:MOST_CODES]
    ]
    return Found(_("Reference data"), listed, is_cut=len(found) > MOST_CODES)


def _code_lists(user: Person) -> Iterator[type[DatedCode]]:
    for model in admin.site._registry:
        if issubclass(model, DatedCode) and model is not Incubator and scope.may_enter(user, model):
            yield model

"""Every address of the admin: what its pages lead to, and all that can be asked about given rows."""

import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import urldefrag, urlencode, urljoin

from django.contrib import admin
from django.db import models
from django.test import Client
from django.urls import reverse

from tests.scope.cast import scoped_models

LINK = re.compile(r'(?:href|action|data-ajax--url)="([^"]*)"')
NUMBER = re.compile(r"\d+")
LEFT_OUT = ("/logout", "/password", "jsi18n", "/account/")
# How many pages of one kind are opened, by whether their rows belong to incubators and whether they carry a question.
OPENED = {(True, False): 3, (True, True): 2, (False, False): 1, (False, True): 0}


def name_of(model: type[models.Model]) -> str:
    return f"admin:{model._meta.app_label}_{model._meta.model_name}"


def followed(client: Client) -> Iterator[tuple[str, str]]:
    """Each kind of page that links lead to from the first one, some of each kind, with its text."""
    waiting, seen, kinds = ["/admin/"], {"/admin/"}, Counter[tuple[str, bool]]()
    scoped = {f"/{model._meta.app_label}/{model._meta.model_name}/" for model in scoped_models()}
    while waiting:
        address = waiting.pop()
        text = client.get(address, follow=True).getvalue().decode(errors="replace")
        yield address, text
        for link in LINK.findall(text):
            target = urldefrag(urljoin(address, unescape(link))).url
            if not target.startswith("/admin/") or target in seen or any(part in target for part in LEFT_OUT):
                continue
            seen.add(target)
            kind = NUMBER.sub("", target.split("?")[0]), "?" in target
            kinds[kind] += 1
            if kinds[kind] <= OPENED[any(name in target for name in scoped), "?" in target]:
                waiting.append(target)


def addresses_of(rows: list[Any]) -> Iterator[str]:
    """The pages of single rows, of every model that has pages."""
    for row in rows:
        if type(row) in admin.site._registry:
            for page in ("change", "delete", "history"):
                yield reverse(f"{name_of(type(row))}_{page}", args=[row.pk])
        if row._meta.label == "registry.User":
            yield reverse("admin:registry_user_one_time_password", args=[row.pk])


def lists(words: list[str], rows: list[Any]) -> Iterator[str]:
    """Every list of scoped rows: plain, searched, with counts beside its filters, narrowed by keys of the rows."""
    for model, its_admin in scoped_admins():
        address = reverse(f"{name_of(model)}_changelist")
        yield from (address, f"{address}?_facets=True", f"{address}?all=")
        yield from (f"{address}?{urlencode({'q': word})}" for word in words)
        for entry in its_admin.list_filter:
            if isinstance(entry, str):
                yield from (f"{address}?{entry}__id__exact={row.pk}" for row in rows[:3])


def scoped_admins() -> list[tuple[type[models.Model], Any]]:
    return [(model, its_admin) for model, its_admin in admin.site._registry.items() if model in scoped_models()]


def oracles(rows: list[Any]) -> Iterator[str]:
    """Lists asked by conditions on fields and on related rows: an answer of any kind would tell of their values."""
    firm = next(row for row in rows if row._meta.label == "companies.Company")
    for model, _its_admin in scoped_admins():
        address = reverse(f"{name_of(model)}_changelist")
        for key in (one for one in model._meta.concrete_fields if one.is_relation):
            yield f"{address}?{key.name}__internal_notes__startswith=h"
            yield f"{address}?{key.name}__exact={firm.pk}"
        yield f"{address}?internal_notes__startswith=h"
        yield f"{address}?contact_name__contains=h"
        yield f"{address}?password__startswith=p"
        yield f"{address}?company__residencies__incubator__internal_notes__contains=h"


def suggestions(words: list[str]) -> Iterator[str]:
    """What is offered while one types, for every foreign key of every model."""
    for model in all_models():
        for key in (one for one in model._meta.concrete_fields if one.is_relation):
            for word in words if key.related_model in scoped_models() else [""]:
                asked = {"app_label": model._meta.app_label, "model_name": model._meta.model_name}
                yield f"{reverse('admin:autocomplete')}?{urlencode({**asked, 'field_name': key.name, 'term': word})}"


def all_models() -> set[type[models.Model]]:
    registered = admin.site._registry
    return {*registered, *(inline.model for its_admin in registered.values() for inline in its_admin.inlines)}

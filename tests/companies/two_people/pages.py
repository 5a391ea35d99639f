"""A firm's page in the hands of one of the two: opened, sent, and read when it comes back."""

from __future__ import annotations

from typing import Any

from django.test import Client

from companies.models import Company
from tests.companies.admin_forms import as_shown, url

Answer = Any


def page_of(company: Company) -> str:
    return url("company_change", company.pk)


def opened(client: Client, company: Company) -> dict[str, Any]:
    return as_shown(client.get(page_of(company)))


def save(client: Client, company: Company, sent: dict[str, Any]) -> Answer:
    return client.post(page_of(company), sent)


def shown(answer: Answer) -> list[tuple[str, str | None, str, str, str]]:
    return [(one.what, one.base, one.mine, one.theirs, one.who) for one in answer.context["collisions"]]


def again(answer: Answer, choice: str = "") -> dict[str, Any]:
    """The page that came back, as a browser sends it."""
    sent = as_shown(answer)
    for one in answer.context["collisions"]:
        sent |= {one.pending_name: one.token, **dict(one.carried)}
        sent |= {one.choice_name: choice} if choice else {}
    return sent


def now(company: Company) -> Company:
    return Company.objects.get(pk=company.pk)

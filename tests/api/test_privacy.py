"""What no stranger and no log-in may read: non-public fields, drafts, sole traders, unpublished financings."""

import itertools
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models
from django.test import Client

from companies.models import Certification, Company, CompanyName, Financing, Residency
from incubators.keys import make_key
from incubators.models import Incubator
from registry.access import FieldClass, field_class
from registry.history.acting import seal_now
from registry.models import Entry, Partner, User
from tests.api.addresses import BASE, ENDPOINTS, LISTS, Endpoint, answer, busy_firm, busy_incubator, walk
from tests.api.files import content

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

CANARY = "canary-7f3a"
DAY = "2026-11-22"
WIDEST: dict[str, str] = {"seated": "any", "open": "any"}  # filters that would let the most through
TEXTS = (models.CharField, models.TextField)


RULED = {"FinancingParty.risk_share"}  # the shares of a financing must go on to sum to 100 %


def hidden_fields() -> list[tuple[type[models.Model], str]]:
    return [
        (model, field.name)
        for model in apps.get_models()
        if issubclass(model, Entry)
        for field in model._meta.concrete_fields
        if field_class(model, field.name) is not FieldClass.PUBLIC
    ]


def sing() -> None:
    """The canary into every hidden text, and a number that betrays itself into every hidden number."""
    for model, name in hidden_fields():
        if f"{model.__name__}.{name}" in RULED:
            continue
        field = model._meta.get_field(name)
        if isinstance(field, TEXTS) and not field.choices:
            model._default_manager.update(**{name: CANARY[: field.max_length]})
        elif isinstance(field, models.DecimalField):
            model._default_manager.update(**{name: "73737373.1234" if field.decimal_places == 4 else "73"})
        elif isinstance(field, models.IntegerField):
            model._default_manager.update(**{name: 737373})
    seal_now()  # the feed tells what has a version


def everything(client: Client, endpoint: Endpoint) -> list[str]:
    """Every answer that the endpoint gives: all pages in all widest forms, groups by every dimension."""
    given: dict[str, Any] = {"valid_on": DAY} if endpoint.has_day else {}

    def answer(**more: str) -> str:
        response = endpoint.get(client, **given, **more)
        assert response.status_code == 200, (endpoint.route, more)
        return content(response).decode()

    if endpoint.kind == "figure":
        names = [dimension.name for dimension in endpoint.view.metric.dimensions]
        three = [",".join(names[place : place + 3]) for place in range(0, len(names), 3)]
        forms = [{"format": "csv"}] if "format" in endpoint.parameters else []
        return [answer(**more) for more in (*({"group_by": some} for some in three), *forms)]
    if endpoint.route == "changes/":
        return [str(walk(client, endpoint.url(limit=1000)))]
    if endpoint.kind != "list":
        forms = [{"format": "csv"}] if "format" in endpoint.parameters else []
        return [answer(**more) for more in ({}, *forms)]
    given |= {name: value for name, value in WIDEST.items() if name in endpoint.parameters} | {"limit": "500"}
    file = {name: value for name, value in given.items() if name != "limit"} | {"format": "csv"}
    files = [content(endpoint.get(client, **file)).decode()] if "format" in endpoint.parameters else []
    return [str(walk(client, endpoint.url(**given))), *files]


def test_no_answer_holds_a_field_that_is_not_public(client: Client) -> None:
    """For a stranger, and for a registrar, who reads these fields elsewhere."""
    sing()
    assert Company.objects.filter(internal_notes=CANARY).count() > 200
    registrar = Client(raise_request_exception=False)
    registrar.force_login(
        User.objects.create(username="r", role="registrar", is_staff=True, email=f"{CANARY}@x.example")
    )
    partner = Partner.objects.order_by("code").first()
    hosts = Incubator.objects.filter(code=busy_incubator())
    keys = [
        {"label": "reads"},
        {"label": "writes", "incubators": hosts, "partner": partner, "records_financings": True},
    ]
    holders = [Client(headers={"authorization": f"Bearer {make_key(**given)[1]}"}) for given in keys]  # type: ignore[arg-type]
    for caller, endpoint in itertools.product((client, registrar, *holders), ENDPOINTS):
        for text in everything(caller, endpoint):
            for secret in (CANARY, "73737373", "737373"):
                assert secret not in text, endpoint.route


def test_a_partner_reads_what_is_meant_for_partners_and_no_more() -> None:
    sing()
    partner = Partner.objects.order_by("code").first()
    text = make_key(label="partner", partner=partner, reads_partner_fields=True)[1]
    caller = Client(headers={"authorization": f"Bearer {text}"})
    told = {endpoint.route: "".join(everything(caller, endpoint)) for endpoint in ENDPOINTS}
    assert [route for route, answers in told.items() if CANARY in answers or "73737373" in answers] == []
    assert [route for route, answers in told.items() if "737373" in answers] == [
        "changes/"
    ]  # jobs, in the yearly reports
    events = [event for event in walk(caller, f"{BASE}changes/?limit=1000") if event["type"] == "annual_report"]
    assert events and {event["data"]["jobs"] for event in events} == {737373}
    assert not {"revenue", "rd_expense"} & events[0]["data"].keys()


def test_hidden_fields_are_known() -> None:
    """The canary sings in the fields that matter; a class that changes by mistake is seen here."""
    found = {f"{model.__name__}.{name}" for model, name in hidden_fields()}
    assert found >= {
        "Company.internal_notes",
        "Company.contact_name",
        "Company.contact_phone",
        "Company.contact_email",
        "AnnualReport.revenue",
        "AnnualReport.rd_expense",
        "Incubator.contact_phone",
        "Incubator.internal_notes",
        "Financing.internal_notes",
    }


def test_members_of_every_answer_are_fields_that_may_be_seen(client: Client) -> None:
    """By name too: no hidden field stands in an answer even when it is empty."""
    for endpoint in LISTS:
        model = endpoint.view.queryset.model
        hidden = {name for owner, name in hidden_fields() if owner is model}
        for row in answer(client, endpoint.url(limit=3))["data"]:
            assert not hidden & row.keys(), endpoint.route


def test_firms_that_are_not_published_and_sole_traders_are_nowhere(client: Client) -> None:
    unseen = Company.objects.filter(models.Q(is_published=False) | models.Q(uscc__startswith="92"))
    codes = set(unseen.values_list("uscc", flat=True))
    names = set(CompanyName.objects.filter(company__in=unseen).values_list("name_zh", flat=True))
    assert len(codes) >= 16 and Residency.objects.filter(company__in=unseen).exists()
    assert Certification.objects.filter(company__in=unseen).exists()
    for endpoint in ENDPOINTS:
        for text in everything(client, endpoint):
            assert not [secret for secret in codes | names if secret in text], endpoint.route


def test_a_firm_that_is_not_public_has_no_address(client: Client) -> None:
    unpublished = Company.objects.filter(is_published=False)[0].uscc
    sole_trader = Company.objects.filter(uscc__startswith="92")[0].uscc
    for uscc in (unpublished, sole_trader):
        for below in ("", "certifications/", "residencies/"):
            assert client.get(f"{BASE}companies/{uscc}/{below}").status_code == 404
        for fact in ("certifications", "residencies", "financings"):
            page = answer(
                client, f"{BASE}{fact}/?company={uscc}&count=exact" + ("&seated=any" if fact[0] == "c" else "")
            )
            assert (page["data"], page["meta"]["count"]) == ([], 0)


def test_a_successor_that_is_not_public_is_not_named(client: Client) -> None:
    firm = Company.objects.get(uscc=busy_firm())
    heir = Company.objects.filter(is_published=False)[0]
    Company.objects.filter(pk=firm.pk).update(successor=heir, dissolved_on="2026-11-01")
    found = answer(client, f"{BASE}companies/{firm.uscc}/?valid_on={DAY}")["data"]
    assert heir.uscc not in str(found)


def test_only_published_financings_are_seen_counted_and_filtered_by(client: Client) -> None:
    seen = {row["id"] for row in walk(client, f"{BASE}financings/?limit=500&valid_on={DAY}")}
    published = Financing.objects.filter(confidentiality="published", company__is_published=True)
    assert seen == set(published.exclude(company__uscc__startswith="92").values_list("id", flat=True))
    assert 0 < len(seen) < Financing.objects.count() / 2
    before = asked_of_financings(client)
    Financing.objects.exclude(confidentiality="published").update(agreed_on="2020-01-01", instrument=instrument("YZD"))
    assert asked_of_financings(client) == before


def instrument(code: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM companies_financinginstrument WHERE code = %s", [code])
        return int(cursor.fetchone()[0])


def asked_of_financings(client: Client) -> list[Any]:
    addresses = (
        f"companies/?financed=true&count=exact&limit=1&valid_on={DAY}",
        f"companies/?instrument=YZD&count=exact&limit=1&valid_on={DAY}",
        f"statistics/firms/?group_by=instrument&valid_on={DAY}",
        f"statistics/firms/?financed=false&valid_on={DAY}",
    )
    found = [answer(client, BASE + address) for address in addresses]
    return [page.get("groups", page.get("total", page.get("meta", {}).get("count"))) for page in found]


def test_unpublished_changes_do_not_change_public_figures(client: Client) -> None:
    def total() -> int:
        return int(answer(client, f"{BASE}statistics/firms/?valid_on={DAY}")["total"])

    before = total()
    Company.objects.filter(is_published=False).update(established_on="2000-01-01", dissolved_on=None)
    assert total() == before
    Company.objects.filter(uscc=busy_firm()).update(is_published=False)
    assert total() == before - 1

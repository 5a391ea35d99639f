"""The scope matrix of reading: nobody of incubator A finds a trace of B on any page, and B's own people find it."""

import itertools
import json
import re
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.utils import get_fields_from_path
from django.urls import reverse

from companies.models import (
    Certification,
    Company,
    CompanyName,
    Explanation,
    Financing,
    Notice,
    NoticeLine,
    Residency,
    Seat,
    Upload,
    UploadRow,
)
from incubators.models import Incubator, KeyGrant
from registry import scope
from registry.admin import EntryAdmin, EntryInline
from registry.admin.base import ScopedList
from registry.admin.scoped import RelatedRowsFilter, ScopedAdmin
from registry.models import ChangeSet, Entry, KeyUse, PartnerKey, User
from tests.api.addresses import BASE, ENDPOINTS
from tests.scope.cast import CANARY, DRAFT, HIDDEN, World, as_, scoped_models
from tests.scope.crawl import addresses_of, all_models, followed, lists, name_of, oracles, suggestions

OUTSIDERS = ("manager_a", "editor_a", "former_b", "stranger", "analyst")
WORDS = [CANARY[1:], HIDDEN[1:], DRAFT[1:], "chongqing", ""]


def leaks(text: str, cast: World, *, public: bool = True) -> list[str]:
    return [secret for secret in cast.secrets(public=public) if secret in text]


# --- The house rule
WITH_PAGES_OF_THEIR_OWN = {Explanation, Upload, UploadRow, Notice, NoticeLine, KeyGrant, KeyUse}
"""`test_uploads.py`, `test_findings.py`, `test_work.py` and `test_keys_admin.py` ask each of their pages."""


def test_every_admin_stands_on_the_base_and_every_model_has_a_place() -> None:
    for model, its_admin in admin.site._registry.items():
        assert isinstance(its_admin, ScopedList), its_admin
        assert not issubclass(model, Entry) or isinstance(its_admin, EntryAdmin), its_admin
        assert all(issubclass(inline, EntryInline) for inline in its_admin.inlines), its_admin
    assert all_models() | WITH_PAGES_OF_THEIR_OWN == set(scope.declared_places())
    # What the base decides, no admin below it decides anew without asking it.
    decided = {
        "has_view_permission",
        "has_add_permission",
        "has_module_permission",
        "get_field_queryset",
        "lookup_allowed",
    }
    for its_admin in admin.site._registry.values():
        for cls in type(its_admin).__mro__:
            if issubclass(cls, ScopedAdmin) and not cls.__module__.startswith("registry.admin."):
                assert not decided & vars(cls).keys(), cls
        for_registrars: tuple[str, ...] = getattr(its_admin, "registrar_fields", ())
        assert not {*its_admin.list_editable} & {*for_registrars}, "cells are not closed by role"


def test_every_filter_by_a_related_row_is_the_scoped_one(cast: World) -> None:
    page = as_(cast, "registrar").get(reverse("admin:companies_certification_changelist"))
    filters = page.context["cl"].filter_specs
    assert [type(one) for one in filters] == [RelatedRowsFilter, RelatedRowsFilter]


# --- Nothing of B
@pytest.mark.parametrize("name", OUTSIDERS)
def test_no_page_that_links_lead_to_names_anything_of_another_incubator(cast: World, name: str) -> None:
    found = {address: leaks(text, cast) for address, text in followed(as_(cast, name))}
    assert {address: secrets for address, secrets in found.items() if secrets} == {}
    if name.endswith("_a"):
        assert len(found) > 40, "the crawl has not gone anywhere"


@pytest.mark.parametrize("name", OUTSIDERS)
def test_no_list_search_filter_count_or_suggestion_tells_of_another_incubator(cast: World, name: str) -> None:
    client = as_(cast, name)
    for address in itertools.chain(lists(WORDS, cast.b.rows), suggestions(WORDS)):
        response = client.get(address, follow=True)
        assert leaks(response.content.decode(), cast) == [], address
        changes = (getattr(response, "context_data", None) or {}).get("cl")
        if changes is not None and changes.model in scoped_models():
            assert {row.pk for row in changes.result_list} <= own_keys(cast, changes.model), address
            assert changes.result_count <= len(own_keys(cast, changes.model)), address


def own_keys(cast: World, model: Any) -> set[int]:
    """Rows of A, and A's own people."""
    people = {cast.people[name].pk for name in ("manager_a", "editor_a")} if model is User else set()
    return {row.pk for row in cast.a.of(model)} | people


@pytest.mark.parametrize("name", OUTSIDERS)
def test_pages_of_another_incubators_rows_are_as_good_as_none(cast: World, name: str) -> None:
    client = as_(cast, name)
    for address in addresses_of(cast.b.rows):
        response = client.get(address)
        assert response.status_code in (302, 403, 404), address
        assert leaks(response.content.decode(), cast) == [], address
        if response.status_code == 302:
            missing = client.get(re.sub(r"/\d+/", "/987654321/", address))
            assert response.headers["Location"] == missing.headers["Location"], address


@pytest.mark.parametrize("name", OUTSIDERS)
def test_a_list_answers_no_condition_on_fields_that_it_does_not_offer(cast: World, name: str) -> None:
    client = as_(cast, name)
    for address in oracles(cast.b.rows):
        response = client.get(address)
        if response.status_code == 200:  # one of the list's own filters
            asked = address.split("?")[1].split("=")[0].split("__")[0]
            its_admin = response.context["cl"].model_admin
            assert asked in [getattr(entry, "parameter_name", entry) for entry in its_admin.list_filter], address
        else:
            assert response.status_code in (302, 400, 403), address


def test_no_filter_of_a_list_leads_on_to_the_fields_of_other_rows(cast: World) -> None:
    """Present or absent is an answer: by `hub__companies__contact_phone` a phone is read letter by letter."""
    asked = 0
    for model, its_admin in admin.site._registry.items():
        address = reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_changelist")
        request = as_(cast, "registrar").get(address).wsgi_request
        for name in (entry for entry in its_admin.get_list_filter(request) if isinstance(entry, str)):
            *_path, field = get_fields_from_path(model, name)
            assert its_admin.lookup_allowed(f"{name}__{'id__' * field.is_relation}exact", "1", request), (model, name)
            related: Any = field.related_model
            for further in related._meta.get_fields() if related else ():
                if further.name != "id":
                    asked += 1
                    for lookup in (further.name, f"{further.name}__startswith", f"{further.name}__id__exact"):
                        assert not its_admin.lookup_allowed(f"{name}__{lookup}", "1", request), (model, name, lookup)
    assert asked > 100


@pytest.mark.parametrize(
    ("model", "path"),
    [
        ("companies_company", "hub__companies__contact_phone"),
        ("companies_company", "hub__companies__residencies__incubator__memberships__user__password__startswith"),
        ("companies_financing", "instrument__financings__reference"),
        ("registry_district", "zone__districts__seats__company__contact_phone"),
    ],
)
def test_a_detour_over_a_shared_row_is_refused(cast: World, model: str, path: str) -> None:
    for name in ("editor_a", "analyst"):
        response = as_(cast, name).get(reverse(f"admin:{model}_changelist"), {path: "1"})
        assert response.status_code in (302, 400, 403), (name, path)


@pytest.mark.parametrize("name", [*OUTSIDERS, "auditor", "registrar"])
def test_the_api_gives_every_role_what_everybody_reads(cast: World, name: str) -> None:
    client = as_(cast, name)
    codes = {"uscc": [firm.uscc for firm in cast.b.of(Company)], "code": [cast.b.host.code], "part": ["established"]}
    facts = {"certifications/": Certification, "residencies/": Residency, "financings/": Financing}
    # Who sees every row of a firm's entry reads it at its address before it is published, too.
    sees_drafts = name in ("auditor", "registrar")
    of_drafts = {*cast.secrets(public=False)} - {HIDDEN}
    seen = 0
    for endpoint in ENDPOINTS:
        start, _brace, rest = endpoint.route.partition("<")
        variable, _brace, end = rest.partition(":")[2].partition(">")
        ids = {"id": [str(row.pk) for row in cast.b.of(facts[start])]} if variable == "id" else {}
        for value in (codes | ids).get(variable, [""]):
            widest = {"seated": "any"} if "seated" in endpoint.parameters else {}
            query = "&".join(f"{key}={text}" for key, text in (endpoint.needed | widest).items())
            response = client.get(f"{BASE}{start}{value}{end}?{query}")
            text = response.content.decode() if not response.streaming else ""
            told = text.replace(value, "") if value else text  # a refusal repeats the code that was asked for
            found = leaks(told, cast, public=False)
            assert not {*found} - (of_drafts if sees_drafts and variable in ("uscc", "id") else set()), endpoint.route
            seen += CANARY in text
    assert seen, "public fields of other firms stay readable"


def test_the_public_pages_show_staff_of_another_incubator_the_public_fields(cast: World) -> None:
    firm = cast.b.firm
    for name in ("manager_a", "analyst"):
        page = as_(cast, name).get(f"/firms/{firm.uscc}/").content.decode()
        assert CANARY in page and HIDDEN not in page and DRAFT not in page


def test_no_existence_is_told_by_the_admins_redirect_to_sites(cast: World) -> None:
    from django.contrib.contenttypes.models import ContentType

    kind = ContentType.objects.get_for_model(Company).pk
    client = as_(cast, "editor_a")
    answers = [client.get(f"/admin/r/{kind}/{key}/") for key in (cast.b.firm.pk, 987654321)]
    assert [answer.status_code for answer in answers] == [404, 404]


# --- A firm that was in both
MOVED_IN = "2024-06-17"


def shared_firm(cast: World) -> Company:
    """A firm of A that is resident in B now, with a stay in each."""
    firm = cast.a.firm
    Residency.objects.filter(company=firm).update(left_on="2024-06-01")
    Residency.objects.create(company=firm, incubator=cast.b.host, entered_on=MOVED_IN)
    return firm


def test_a_firm_that_went_on_shows_neither_its_new_host_nor_that_hosts_words(cast: World) -> None:
    from registry.history import acting

    with acting(cast.people["editor_b"], reason=f"{HIDDEN} moved in"):
        firm = shared_firm(cast)
    for name in ("editor_a", "manager_a"):
        for page in ("change", "history"):
            text = as_(cast, name).get(reverse(f"admin:companies_company_{page}", args=[firm.pk])).content.decode()
            assert firm.uscc in text and MOVED_IN not in text
            assert leaks(text, cast) == []
    told = as_(cast, "auditor").get(reverse("admin:companies_company_history", args=[firm.pk])).content.decode()
    assert f"{HIDDEN} moved in" in told and CANARY in told and MOVED_IN in told


def test_a_successor_that_is_not_theirs_is_not_shown_on_any_page(cast: World) -> None:
    heir = next(firm for firm in cast.b.of(Company) if not firm.is_published)
    firm = cast.a.firm
    Company.objects.filter(pk=firm.pk).update(successor=heir, dissolved_on="2025-01-01")
    for page in ("change", "history", "delete"):
        text = as_(cast, "editor_a").get(reverse(f"admin:companies_company_{page}", args=[firm.pk])).content.decode()
        assert heir.uscc not in text
    Residency.objects.filter(company=firm).update(left_on="2024-06-01")  # read only from now on
    text = as_(cast, "editor_a").get(reverse("admin:companies_company_change", args=[firm.pk])).content.decode()
    assert firm.uscc in text and heir.uscc not in text and f"/{heir.pk}/" not in text
    assert (
        heir.uscc
        in as_(cast, "auditor").get(reverse("admin:companies_company_change", args=[firm.pk])).content.decode()
    )


def test_deleting_names_no_entry_of_another_incubator_that_is_in_the_way(cast: World) -> None:
    """A firm of B was absorbed by one of A: who deletes the latter learns only that something is in the way."""
    heir, absorbed = cast.a.firm, cast.b.firm
    Company.objects.filter(pk=absorbed.pk).update(successor=heir, dissolved_on="2025-01-01")
    from registry.admin.deleting import objects_to_delete

    request: Any = type("Request", (), {"user": User.objects.get(username="editor_a")})()
    told = str(objects_to_delete(Company.objects.filter(pk=heir.pk), request, admin.site))
    assert absorbed.uscc not in told and "do not belong to your incubator" in told


HELP_QUESTIONS = ("code", "unit", "ending", "twins", "")


@pytest.mark.parametrize("name", OUTSIDERS)
def test_help_at_the_field_tells_nothing_that_is_hidden(cast: World, name: str) -> None:
    client, b = as_(cast, name), cast.b
    codes = [firm.uscc for firm in b.of(Company)]
    names = [row.name_zh for row in b.of(CompanyName)]
    for question in HELP_QUESTIONS:
        for text in [*codes, *(f"91510000{code[8:]}" for code in codes), *names, DRAFT, HIDDEN]:
            asked = {"uscc": text, "name": text, "unit": "1", "kind": "1", "issued_on": "2024-01-01"}
            response = client.get(f"/admin/help/{question}/" if question else "/admin/help/", asked)
            may_ask = name.endswith("_a")
            assert response.status_code in ((200, 400) if may_ask else (403,)), (question, response.status_code)
            told = response.content.decode().replace(text, "")
            assert leaks(told, cast, public=False) == [], (question, text)
    drafts = [row.name_zh for row in b.of(CompanyName) if not row.company.is_published]
    assert drafts
    for text in drafts if name.endswith("_a") else []:
        assert client.get("/admin/help/twins/", {"name": text}).json()["twins"] == []


# --- Positive controls
@pytest.mark.parametrize("name", ["registrar", "auditor", "editor_b"])
def test_those_who_may_do_find_it(cast: World, name: str) -> None:
    client = as_(cast, name)
    text = "".join(page for _address, page in followed(client))
    assert leaks(text, cast) == cast.secrets(public=True)
    for row in cast.b.rows:
        if type(row) in admin.site._registry and not (name == "editor_b" and isinstance(row, User | PartnerKey)):
            assert client.get(reverse(f"{name_of(type(row))}_change", args=[row.pk])).status_code == 200, row
    offered = client.get(
        reverse("admin:autocomplete"),
        {"app_label": "companies", "model_name": "company", "field_name": "successor", "term": CANARY},
    )
    assert bool(json.loads(offered.content)["results"])


def test_staff_see_all_of_their_own(cast: World) -> None:
    for name, kept in (("manager_a", scoped_models()), ("editor_a", scoped_models())):
        user = User.objects.get(pk=cast.people[name].pk)
        for model in kept:
            seen = set(scope.scope(model._base_manager.all(), user).values_list("pk", flat=True))
            is_for_managers = scope.declared_places()[model].readers is scope.Circle.MANAGERS
            own = {row.pk for row in cast.a.of(model)}
            assert own <= seen if name == "manager_a" or not is_for_managers else not seen, model


def test_books_are_read_by_registrars_and_auditors_alone(cast: World) -> None:
    for name, status in (("registrar", 200), ("auditor", 200), ("manager_a", 403), ("editor_a", 403), ("analyst", 403)):
        for book in (ChangeSet, scope.BOOKS and "registry.PersonalDataReading"):
            label = "changeset" if book is ChangeSet else "personaldatareading"
            answer = as_(cast, name).get(reverse(f"admin:registry_{label}_changelist"))
            assert answer.status_code == status, (name, label)


def test_analysts_read_reference_data_and_no_persons(cast: World) -> None:
    client = as_(cast, "analyst")
    assert client.get(reverse("admin:registry_district_changelist")).status_code == 200
    assert client.get(reverse("admin:registry_district_add")).status_code == 403
    for model in scoped_models():
        if model in admin.site._registry:
            assert client.get(reverse(f"{name_of(model)}_changelist")).status_code == 403, model
    assert {Certification, Company, Incubator, Residency, Seat, User} <= set(scoped_models())

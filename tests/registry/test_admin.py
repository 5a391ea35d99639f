"""The admin's ground: nothing is left out, nobody bypasses the scope, days and codes are read as people type them."""

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.options import InlineModelAdmin
from django.core.exceptions import ValidationError
from django.db import models
from django.test import Client
from django.urls import reverse

from incubators.models import Incubator
from registry import scope
from registry.admin import EntryAdmin, EntryInline, ScopedAdmin
from registry.admin.fields import CreditCodeField, DayField, LastDayField, NameField
from registry.credit_code import complete
from registry.models import Entry, Role, User

OWN_APPS = ("registry", "incubators", "companies")
NOT_IN_THE_ADMIN = {
    "registry.RequestCount": "requests of the last minute, which no one reads",
    "registry.KeptAnswer": "answers that are given again for a day, to their callers alone",
    "registry.Clock": "one row that the database keeps for itself",
    "companies.CompanyChange": "derived from the versions by trigger",
    "companies.CompanyState": "derived from firms and their facts by trigger",
    "companies.CertificationState": "derived with the states of firms",
    "companies.FinancingState": "derived with the states of firms",
    "companies.ResidencyState": "derived with the states of firms",
    "companies.SearchText": "derived from code and names by trigger",
    "companies.FinancingTable": "released by command, and final",
    "companies.FinancingTableCell": "released by command, and final",
}
WITH_PAGES_OF_THEIR_OWN = {
    "registry.KeyUse": "on the page of its key",
    "incubators.KeyGrant": "on the page of its key",
    "companies.Explanation": "given on the pages under /admin/findings/",
    "companies.Upload": "pages under /admin/uploads/",
    "companies.UploadRow": "rows on the pages of its upload",
    "companies.Notice": "pages under /admin/notices/",
    "companies.NoticeLine": "lines on the pages of its notice",
}
LARGE = {"registry.User", "registry.Partner", "registry.University", "incubators.Incubator", "companies.Company"}


def own_models() -> list[type[models.Model]]:
    return [model for label in OWN_APPS for model in apps.get_app_config(label).get_models()]


def own_admins() -> list[Any]:
    return [its_admin for model, its_admin in admin.site._registry.items() if model._meta.app_label in OWN_APPS]


def inlines() -> Iterator[Any]:
    for its_admin in own_admins():
        yield from its_admin.inlines


def label(model: Any) -> str:
    return str(model._meta.label)


def path_names() -> list[str]:
    return [f"{a.model._meta.app_label}_{a.model._meta.model_name}" for a in own_admins()]


@pytest.fixture
def registrar(db: None) -> User:
    return User.objects.create_user("wang", role=Role.REGISTRAR, is_staff=True)


@pytest.fixture
def staff(db: None) -> User:
    return User.objects.create_user("li", role=Role.STAFF, is_staff=True)


def logged_in(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def test_every_model_is_in_the_admin_or_named_with_a_reason() -> None:
    shown = {label(its_admin.model) for its_admin in own_admins()} | {label(inline.model) for inline in inlines()}
    assert {label(model) for model in own_models()} - shown == {*NOT_IN_THE_ADMIN, *WITH_PAGES_OF_THEIR_OWN}


def test_nobody_bypasses_the_base() -> None:
    assert [a for a in own_admins() if not isinstance(a, ScopedAdmin)] == []
    assert [a for a in own_admins() if issubclass(a.model, Entry) and not isinstance(a, EntryAdmin)] == []
    assert [inline for inline in inlines() if not issubclass(inline, EntryInline)] == []
    foreign = {label(model) for model in admin.site._registry if model._meta.app_label not in OWN_APPS}
    assert foreign == set()


def test_every_model_of_the_admin_is_declared_and_its_path_leads_to_the_incubator() -> None:
    places = scope.declared_places()
    assert {label(model) for model in own_models()} - {label(model) for model in places} == set(NOT_IN_THE_ADMIN)
    for model, place in places.items():
        if place.incubator not in (scope.ITSELF, scope.NO_INCUBATOR):
            assert end_of(model, str(place.incubator)) is Incubator, label(model)
    assert [label(model) for model, place in places.items() if place.incubator == scope.ITSELF] == [label(Incubator)]


def end_of(model: Any, path: str) -> Any:
    for step in path.split("__"):
        model = model._meta.get_field(step).related_model
    return model


def test_undeclared_models_are_closed_even_to_registrars(registrar: User) -> None:
    clock = apps.get_model("registry", "Clock")
    assert not scope.may_enter(registrar, clock)
    assert scope.scope(User.objects.all(), registrar).exists()
    assert not scope.scope(clock._default_manager.all(), registrar).exists()


def test_large_tables_are_never_put_into_a_select_or_a_filter() -> None:
    for its_admin in [*own_admins(), *(inline(inline.model, admin.site) for inline in inlines())]:
        keys = [f for f in its_admin.model._meta.fields if f.is_relation and label(f.related_model) in LARGE]
        shown = {f.name for f in keys} - {getattr(its_admin, "fk_name", None)} - owner_of(its_admin)
        if label(its_admin.model) not in ("registry.ChangeSet", "registry.PersonalDataReading"):  # read only
            assert shown <= {*its_admin.autocomplete_fields, *its_admin.readonly_fields}, its_admin
        assert not filtered_relations(its_admin) & LARGE, its_admin


def owner_of(its_admin: Any) -> set[str]:
    """An inline's own key to its parent is no field of the form."""
    if not isinstance(its_admin, InlineModelAdmin):
        return set()
    parents = [a.model for a in own_admins() if type(its_admin) in a.inlines]
    return {f.name for f in its_admin.model._meta.fields if f.is_relation and f.related_model in parents}


def filtered_relations(its_admin: Any) -> set[str]:
    found = set()
    for name in (n for n in getattr(its_admin, "list_filter", ()) if isinstance(n, str) and "__" not in n):
        field = its_admin.model._meta.get_field(name)
        if field.is_relation:
            found.add(label(field.related_model))
    return found


@pytest.mark.parametrize("name", path_names())
def test_registrar_opens_every_list_and_every_empty_form(name: str, registrar: User) -> None:
    client = logged_in(registrar)
    assert client.get(reverse(f"admin:{name}_changelist")).status_code == 200
    expected = 403 if name in ("registry_changeset", "registry_personaldatareading") else 200
    assert client.get(reverse(f"admin:{name}_add")).status_code == expected


@pytest.mark.parametrize("name", path_names())
def test_staff_without_an_incubator_are_refused_every_page(name: str, staff: User) -> None:
    client = logged_in(staff)
    pages = [reverse(f"admin:{name}_{page}") for page in ("changelist", "add")]
    pages += [reverse(f"admin:{name}_{page}", args=[staff.pk]) for page in ("change", "delete", "history")]
    answers = {page: (client.get(page).status_code, client.post(page, {"q": "x"}).status_code) for page in pages}
    # A row that is out of scope is as good as none: the admin then leads back to its index.
    assert {code for both in answers.values() for code in both} <= {302, 403, 404}, answers
    for page in pages[2:]:
        assert client.get(page, follow=True).redirect_chain in ([], [("/admin/", 302)]), page


def test_staff_without_an_incubator_see_an_index_with_a_sentence_and_nothing_to_open(staff: User) -> None:
    page = logged_in(staff).get(reverse("admin:index"))
    assert "works for no incubator" in page.content.decode()
    assert page.context["tables"] == []


@pytest.mark.parametrize(
    ("model", "field"), [("seat", "company"), ("residency", "incubator"), ("staffmembership", "user")]
)
def test_suggestions_are_refused_to_staff_and_given_to_registrars(
    model: str, field: str, staff: User, registrar: User
) -> None:
    app = "incubators" if model == "staffmembership" else "companies"
    asked = {"app_label": app, "model_name": model, "field_name": field, "term": "\0a"}
    assert logged_in(staff).get(reverse("admin:autocomplete"), asked).status_code == 403
    assert logged_in(registrar).get(reverse("admin:autocomplete"), asked).status_code == 200


def test_registrar_does_not_take_over_a_superuser(registrar: User) -> None:
    above = User.objects.create_superuser("root")
    reset = reverse("admin:registry_user_one_time_password", args=[above.pk])
    assert logged_in(registrar).get(reset).status_code == 403
    colleague = User.objects.create_user("zhao", role=Role.REGISTRAR, is_staff=True)
    reset = reverse("admin:registry_user_one_time_password", args=[colleague.pk])
    assert logged_in(registrar).get(reset).status_code == 200


@pytest.mark.parametrize(
    "query", ["?e=x", "?p=99999999999999999999", "?q=%00", "?id=99999999999999999999999", "?mark=%00"]
)
def test_odd_parameters_of_a_list_are_no_server_error(query: str, registrar: User) -> None:
    page = logged_in(registrar).get(reverse("admin:registry_hub_changelist") + query)
    assert page.status_code in (200, 302)


@pytest.mark.parametrize(
    "query", ["?recorded_at__year=0", "?recorded_at__year=99999999999999999999", "?recorded_at__year=x"]
)
def test_odd_years_of_a_date_hierarchy_are_no_server_error(query: str, registrar: User) -> None:
    page = logged_in(registrar).get(reverse("admin:registry_changeset_changelist") + query)
    assert page.status_code in (200, 302)


# --- Fields
def test_last_day_is_shown_and_read_included() -> None:
    field = LastDayField()
    assert field.prepare_value(datetime.date(2027, 3, 1)) == datetime.date(2027, 2, 28)
    assert field.clean("2026-10-15") == datetime.date(2026, 10, 16)
    assert not field.has_changed(datetime.date(2026, 10, 16), "2026-10-15")
    assert field.has_changed(datetime.date(2026, 10, 16), "2026-10-16")
    assert LastDayField(required=False).clean("") is None


@pytest.mark.parametrize("typed", ["2026-06-30", "2026/6/30", "2026年6月30日", "20260630", "２０２６-06-30"])
def test_days_are_read_in_the_usual_forms(typed: str) -> None:
    assert DayField().clean(typed) == datetime.date(2026, 6, 30)


@pytest.mark.parametrize("typed", ["2026-02-30", "30.6.26", "0001-01-01", "9999-12-31", "abc"])
def test_days_that_leave_a_doubt_are_refused(typed: str) -> None:
    for field in (DayField(), LastDayField()):
        with pytest.raises(ValidationError):
            field.clean(typed)


def test_credit_code_is_normalised_however_it_is_typed() -> None:
    code = complete("91500000", "MA5U1234")
    wide = "".join(chr(ord(c) + 0xFEE0) for c in code.lower())
    assert CreditCodeField().clean(f" {wide[:4]} - {wide[4:]}") == code


def test_credit_code_with_one_slip_is_answered_with_the_right_one() -> None:
    code = complete("91500000", "MA5U1234")
    slipped = code.replace("MA5U", "MASU")
    with pytest.raises(ValidationError) as refusal:
        CreditCodeField().clean(slipped)
    assert code in " ".join(refusal.value.messages)


def test_names_without_anything_to_see_or_with_foreign_twins_are_refused() -> None:
    for name in ("\u200b\u200b", "重庆\u0410科技"):
        with pytest.raises(ValidationError):
            NameField().clean(name)
    assert NameField().clean("重庆\u202e科技") == "重庆科技"

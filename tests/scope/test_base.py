"""What the base decides, asked directly where no page of today would show it missing."""

from typing import Any

import pytest
from django.contrib import admin
from django.db import IntegrityError
from django.test import RequestFactory
from django.urls import reverse

from companies.admin.companies import CompanyAdmin
from companies.models import Certification, Company, Residency, Seat
from incubators.models import Incubator, StaffMembership
from registry import scope
from registry.admin.scoped import RelatedRowsFilter
from registry.database_words import words_of
from registry.leaving import LeftScopeError, Watch
from registry.models import Clock, User
from tests.scope.cast import World, as_, scoped_models

FACTORY = RequestFactory()


def user(cast: World, name: str) -> User:
    return User.objects.get(pk=cast.people[name].pk)


def test_filters_by_related_rows_offer_those_in_scope(cast: World) -> None:
    class Narrowed(admin.ModelAdmin):  # type: ignore[type-arg]
        list_filter = ("company",)

    request = FACTORY.get("/")
    request.user = user(cast, "editor_a")
    changes = Narrowed(Residency, admin.site).get_changelist_instance(request)
    [offered] = changes.filter_specs
    assert type(offered) is RelatedRowsFilter
    assert {key for key, _label in offered.lookup_choices} == {firm.pk for firm in cast.a.of(Company)}


def test_an_action_gets_no_row_that_may_only_be_read(cast: World, monkeypatch: pytest.MonkeyPatch) -> None:
    got: list[Any] = []

    def collect(its_admin: Any, request: Any, queryset: Any) -> None:
        got.append(sorted(row.uscc for row in queryset))

    monkeypatch.setattr(CompanyAdmin, "actions", [collect])
    old, open_one = cast.a.of(Company)
    Residency.objects.filter(company=old).update(left_on="2024-06-01")
    client, address = as_(cast, "editor_a"), reverse("admin:companies_company_changelist")
    both = {"action": "collect", "_selected_action": [old.pk, open_one.pk]}
    told = client.post(address, both, follow=True).content.decode()
    assert got == [] and "may only read" in told
    client.post(address, both | {"select_across": "1", "_selected_action": [open_one.pk]})
    client.post(address, both | {"_selected_action": [open_one.pk, cast.b.firm.pk]})
    assert got == [[open_one.uscc], [open_one.uscc]]


@pytest.mark.parametrize("name", ["manager_a", "editor_a"])
def test_no_row_is_hung_on_a_firm_or_person_that_is_not_theirs(cast: World, name: str) -> None:
    """Asked of the guard itself: the forms do not offer such rows to begin with."""
    stay = Residency(company=cast.b.firm, incubator=cast.a.host, entered_on="2026-01-01")
    work = StaffMembership(user=cast.people["editor_b"], incubator=cast.a.host, valid_from="2026-01-01")
    for row in (stay, work):
        with pytest.raises(LeftScopeError):
            Watch(user(cast, name)).before(row)
    Watch(user(cast, name)).before(Residency(company=cast.a.firm, incubator=cast.a.host, entered_on="2026-01-01"))


def test_what_the_database_says_of_values_is_not_told() -> None:
    refusal = IntegrityError('Key (uscc)=(91500112M0000057XJ) already exists: "hiddenB"')
    assert "hiddenB" not in words_of(refusal) and "91500112" not in words_of(refusal)


def test_what_is_not_declared_is_closed(cast: World) -> None:
    for name in (*cast.people,):
        assert not scope.may_enter(user(cast, name), Clock)
        assert not scope.scope(Clock._default_manager.all(), user(cast, name)).exists()
        assert not scope.may_write(user(cast, name), Clock)


def test_inactive_people_see_nothing(cast: World) -> None:
    for name in cast.people:
        User.objects.filter(pk=cast.people[name].pk).update(is_active=False)
        for model in scoped_models():
            assert not scope.scope(model._base_manager.all(), user(cast, name)).exists()
        assert not scope.sees_all(user(cast, name))
        assert [circle for circle in scope.Circle if scope.incubators_of(user(cast, name), circle)] == []


def test_only_registrars_write_everywhere_and_auditors_nowhere(cast: World) -> None:
    for model in scoped_models():
        rows = model._base_manager.all()
        is_written = scope.declared_places()[model].writers is not scope.Circle.NOBODY
        assert scope.scope(rows, user(cast, "registrar"), write=True).count() == (rows.count() if is_written else 0)
        assert scope.scope(rows, user(cast, "auditor")).count() == rows.count()
        for name in ("auditor", "analyst", "stranger", "former_b"):
            assert not scope.scope(rows, user(cast, name), write=True).exists(), (model, name)
    assert scope.scope(Incubator.objects.all(), user(cast, "editor_a")).get() == cast.a.host
    assert not scope.scope(Incubator.objects.all(), user(cast, "editor_a"), write=True).exists()
    assert scope.scope(Incubator.objects.all(), user(cast, "manager_a"), write=True).get() == cast.a.host


def test_a_row_in_two_ways_in_scope_is_listed_once(cast: World) -> None:
    firm = cast.a.firm
    Residency.objects.filter(company=firm).update(left_on="2025-01-01")
    Residency.objects.create(company=firm, incubator=cast.a.host, entered_on="2025-06-01")
    seats = scope.scope(Seat.objects.filter(company=firm), user(cast, "editor_a"))
    assert seats.count() == Seat.objects.filter(company=firm).count()


@pytest.mark.parametrize("name", ["manager_a", "editor_a"])
def test_every_field_of_every_form_accepts_rows_in_scope_only(cast: World, name: str) -> None:
    request = FACTORY.get("/")
    request.user = user(cast, name)
    own = {model: {row.pk for row in cast.a.of(model)} for model in scoped_models()}
    own[User] |= {cast.people[colleague].pk for colleague in ("manager_a", "editor_a")}
    seen = set()
    for its_admin in admin.site._registry.values():
        forms = [(its_admin.model, its_admin.get_form(request))]
        forms += [(one.model, one.get_formset(request).form) for one in its_admin.get_inline_instances(request)]
        for model, form in forms:
            for field_name, field in form.base_fields.items():
                offered: Any = getattr(field, "queryset", None)
                if offered is not None and offered.model in own:
                    seen.add(f"{model.__name__}.{field_name}")
                    assert {row.pk for row in offered} <= own[offered.model], (model, field_name)
    assert seen >= {"Residency.company", "Residency.incubator", "Company.successor", "Certification.predecessor"}


def test_a_fact_is_offered_only_firms_that_may_still_be_written(cast: World) -> None:
    old, open_one = cast.a.of(Company)
    Residency.objects.filter(company=old).update(left_on="2024-06-01")
    request = FACTORY.get("/")
    request.user = user(cast, "editor_a")
    assert list(scope.choices(Seat._meta.get_field("company"), request.user)) == [open_one]
    form: Any = admin.site._registry[Certification].get_form(request)
    assert list(form.base_fields["company"].queryset) == [open_one]
    assert old in scope.choices(Company._meta.get_field("successor"), user(cast, "editor_a"))

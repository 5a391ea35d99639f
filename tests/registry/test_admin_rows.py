"""Pages that show facts as rows: what a browser gets of each, it can change and send back."""

from collections.abc import Iterator
from typing import Any, cast

import pytest
from django import forms
from django.contrib import admin
from django.db import models
from django.test import Client
from django.urls import reverse

from companies.models import Company, CompanyName
from incubators.models import StaffMembership
from registry.admin import labels
from registry.models import User
from tests.companies.admin_forms import as_shown, errors_of, formset, log_in
from tests.samples import saved
from tests.scope.crawl import name_of

pytestmark = pytest.mark.django_db
WITH_ROWS = [
    (its_admin.model, inline.model) for its_admin in admin.site._registry.values() for inline in its_admin.inlines
]


def rendered(page: Any) -> dict[str, str]:
    """What a browser sends of the page: no field that the page does not hold."""
    text = page.content.decode()
    return {name: value for name, value in as_shown(page).items() if f'name="{name}"' in text}


def plain_changes(row: forms.ModelForm[Any]) -> Iterator[dict[str, str]]:
    """Other values for one field each, of which at least one is allowed."""
    for name, field in row.fields.items():
        key, value = row.add_prefix(name), row[name].value()
        if isinstance(field, forms.ModelChoiceField) or field.disabled or field.widget.is_hidden or name == "DELETE":
            continue
        if isinstance(field, forms.ChoiceField):
            yield from ({key: str(choice)} for choice, _label in cast(Any, field).choices if choice not in ("", value))
        elif isinstance(field, forms.DateField):
            yield {key: "2031-05-06"}
        elif isinstance(field, forms.IntegerField | forms.DecimalField):
            yield {key: "7"}
        elif isinstance(field, forms.CharField):
            yield {key: "甲x1"}


@pytest.mark.parametrize(("owner", "fact"), WITH_ROWS, ids=lambda model: model._meta.label)
def test_a_row_on_its_owners_page_is_changed_by_what_the_page_holds(
    owner: type[models.Model], fact: type[models.Model]
) -> None:
    row: Any = saved(fact)
    row.refresh_from_db()
    if owner is Company and fact is not CompanyName:  # its page asks for one
        saved(CompanyName, company=row.company)
    key = getattr(row, f"{labels.owner_key(fact, owner)}_id")
    client, address = log_in(), reverse(f"{name_of(owner)}_change", args=[key])
    page = client.get(address)
    [rows] = [i.formset for i in page.context["inline_admin_formsets"] if i.formset.model is fact]
    shown = rendered(page)
    assert {f"{form.prefix}-made_from" for form in rows.initial_forms} <= shown.keys()
    answers = [client.post(address, shown | change) for change in plain_changes(rows.initial_forms[0])]
    if not answers:  # the rows of some only choose and lead on
        return
    assert 302 in {answer.status_code for answer in answers}, [errors_of(answer) for answer in answers]
    assert type(row)._base_manager.get(pk=row.pk).version > row.version


def membership_page() -> tuple[Client, str, StaffMembership]:
    held = saved(StaffMembership, role="editor")
    return log_in(), reverse("admin:registry_user_change", args=[held.user_id]), held


def test_a_persons_membership_that_another_changed_comes_back_with_a_choice() -> None:
    client, address, held = membership_page()
    sent = rendered(client.get(address))
    StaffMembership.objects.filter(pk=held.pk).update(valid_until="2032-01-01")
    page = client.post(address, sent | {"memberships-0-valid_until": "2031-05-06"})
    assert "choose at the top of the page" in errors_of(page)
    [collision] = page.context["collisions"]
    assert f'name="{collision.choice_name}"' in page.content.decode()
    chosen = rendered(page) | {collision.choice_name: "mine", collision.pending_name: collision.token}
    assert client.post(address, chosen).status_code == 302
    assert str(StaffMembership.objects.get(pk=held.pk).valid_until) == "2031-05-07"


def test_a_persons_page_shows_each_row_with_its_own_token() -> None:
    client, address, held = membership_page()
    second = saved(StaffMembership, user=User.objects.get(pk=held.user_id))
    page = client.get(address)
    assert {form.instance for form in formset(page, "memberships").initial_forms} == {held, second}
    assert client.post(address, rendered(page) | {"memberships-1-DELETE": "on"}).status_code == 302
    assert list(StaffMembership.objects.filter(user=held.user_id)) == [held]

"""Incubators in the admin: the district of today, and the seats on the incubator's page."""

import pytest
from django.test import Client
from django.urls import reverse

from incubators.models import Incubator
from registry.models import Role, User

pytestmark = pytest.mark.django_db
LIST = "admin:incubators_incubator_changelist"


@pytest.fixture
def registrar(client: Client) -> Client:
    client.force_login(User.objects.create(username="registrar", role=Role.REGISTRAR, is_staff=True))
    return client


@pytest.mark.parametrize(
    ("narrowed", "found", "others"),
    [("500157", "INC-018", "INC-004"), ("500107", "INC-004", "INC-018"), ("none", "INC-001", "INC-018")],
)
def test_the_list_is_narrowed_by_the_district_of_today(
    registrar: Client, narrowed: str, found: str, others: str
) -> None:
    listed = registrar.get(reverse(LIST), {"district": narrowed}).context["cl"].result_list
    codes = {incubator.code for incubator in listed}
    assert found in codes and others not in codes


def test_the_list_names_the_district_of_today(registrar: Client) -> None:
    listed = registrar.get(reverse(LIST), {"q": "INC-018"}).context["cl"].result_list
    assert [incubator.district_name for incubator in listed] == ["Liangjiang New Area (district)"]


def test_the_page_shows_every_seat(registrar: Client) -> None:
    host = Incubator.objects.get(code="INC-018")
    page = registrar.get(reverse("admin:incubators_incubator_change", args=[host.pk]))
    shown = {formset.opts.model.__name__: formset for formset in page.context["inline_admin_formsets"]}
    districts = [form.instance.district for form in shown["IncubatorSeat"].formset.initial_forms]
    assert [district.code for district in districts if district] == ["500112", "500157"]

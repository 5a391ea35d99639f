"""Addresses and forms of the admin that name a row by something that is no key are refused, never an error."""

import pytest
from django.test import Client

from registry.models import Role, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.create(username="registrar", role=Role.REGISTRAR, is_staff=True, is_superuser=True))
    return client


@pytest.mark.parametrize(
    "address",
    [
        "companies/company/add/?successor=abc",
        "companies/company/add/?successor=%00",
        "companies/certification/add/?company=abc",
        "companies/residency/add/?incubator=abc",
        "registry/circle/add/?university=abc",
        "companies/company/?q=" + "+".join(["a"] * 1900),
        "autocomplete/?app_label=companies&model_name=certification&field_name=company&term=" + "+".join(["a"] * 1500),
    ],
)
def test_an_address_that_names_no_row_is_400(client: Client, address: str) -> None:
    assert client.get(f"/admin/{address}").status_code == 400


def test_a_list_filter_of_a_wrong_shape_shows_the_page_of_errors(client: Client) -> None:
    assert client.get("/admin/companies/company/?id__range=1").status_code == 302


@pytest.mark.parametrize("chosen", ["abc", "\0"])
def test_an_action_on_no_row_is_400(client: Client, chosen: str) -> None:
    sent = {"action": "delete_selected", "_selected_action": chosen}
    assert client.post("/admin/companies/company/", sent).status_code == 400


@pytest.mark.parametrize("address", ["/admin/", "/api/v1/companies/?limit=1"])
def test_a_cookie_that_hides_nul_is_400(address: str) -> None:
    client = Client(raise_request_exception=False, headers={"cookie": 'sessionid="\\000abcdefghijklmnop"'})
    assert client.get(address).status_code == 400

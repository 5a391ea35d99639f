"""Addresses and forms of the admin that name a row by something that is no key are refused, never an error."""

import pytest
from django.test import Client

from registry.admin.scoped import RelatedRowsFilter
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


FIRMS = "/admin/companies/company/"


@pytest.mark.parametrize(
    "asked",
    [
        "certified=maybe",
        "resident=",
        "district=0",
        "p=abc",
        "p=-1",
        "p=0",
        "o=x",
        "o=99",
        "id__in=1,2,x",
        "hub__id__exact=x",
        "is_published__exact=7",
        "established_on__year=99999999999",
    ],
)
def test_what_a_list_cannot_answer_is_left_out_with_a_sentence(client: Client, asked: str) -> None:
    for address in (f"{FIRMS}?{asked}", f"{FIRMS}?resident=yes&{asked}", f"{FIRMS}?e=1&{asked}"):
        answer = client.get(address, follow=True)
        told = [str(message) for message in answer.context["messages"]]
        assert [sentence for sentence in told if asked in sentence], (address, told)
        assert answer.status_code == 200 and len(answer.redirect_chain) < 3
        if "resident=yes" in address and "resident" not in asked:
            assert answer.redirect_chain[-1][0] == f"{FIRMS}?resident=yes"


@pytest.mark.parametrize(
    "asked", ["", "?certified=yes", "?resident=no&o=1.-2", "?p=1", "?q=a", "?is_published__exact=1", "?e=1"]
)
def test_what_a_list_can_answer_is_answered(client: Client, asked: str) -> None:
    assert client.get(f"{FIRMS}{asked}").status_code == 200


def test_a_repeated_question_and_a_filter_that_is_left_out_are_told(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RelatedRowsFilter, "has_output", lambda self: False)
    for asked in ("certified=yes&certified=no", "hub__id__exact=1"):
        told = client.get(f"{FIRMS}?{asked}", follow=True).context["messages"]
        assert [str(message) for message in told], asked


def test_an_action_on_a_list_that_cannot_be_made_does_nothing(client: Client) -> None:
    sent = {"action": "delete_selected", "_selected_action": "1"}
    assert client.post(f"{FIRMS}?id__in=x", sent).headers["Location"] == FIRMS


@pytest.mark.parametrize("chosen", ["abc", "\0"])
def test_an_action_on_no_row_is_400(client: Client, chosen: str) -> None:
    sent = {"action": "delete_selected", "_selected_action": chosen}
    assert client.post("/admin/companies/company/", sent).status_code == 400


NO_TEXT = [b"\xed\xa0\x80", b"\xff", b"\xb9\xab\xcb\xbe"]  # a lone surrogate, no byte of UTF-8, 公司 in GBK


@pytest.mark.parametrize("address", ["/admin/registry/hub/add/", "/account/login/"])
@pytest.mark.parametrize("lost", NO_TEXT)
def test_a_form_of_bytes_that_are_no_text_is_400(client: Client, address: str, lost: bytes) -> None:
    visitor = client if "admin" in address else Client(raise_request_exception=False)
    urlencoded = "application/x-www-form-urlencoded"
    escaped = b"".join(b"%%%02X" % byte for byte in lost)
    for body in (b"name_zh=" + lost, b"name_zh=a%E4%B8%AD" + escaped, escaped + b"=1"):
        assert visitor.post(address, body, content_type=urlencoded).status_code == 400, body
    parts = b'--x\r\nContent-Disposition: form-data; name="name_zh"\r\n\r\n' + lost + b"\r\n--x--\r\n"
    assert visitor.post(address, parts, content_type="multipart/form-data; boundary=x").status_code == 400
    assert visitor.post(address, b"name_zh=%E5%85%AC+%EF%BF%BD", content_type=urlencoded).status_code == 200


@pytest.mark.parametrize("address", ["/admin/", "/api/v1/companies/?limit=1"])
def test_a_cookie_that_hides_nul_is_400(address: str) -> None:
    client = Client(raise_request_exception=False, headers={"cookie": 'sessionid="\\000abcdefghijklmnop"'})
    assert client.get(address).status_code == 400

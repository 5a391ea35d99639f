"""Documentation is tested: what is declared stands in the docs, and the calls of the README answer."""

import re
from pathlib import Path

import pytest
from django.test import Client

from config import environment
from config.management.commands.write_reference_docs import FOLDER, PAGES, page
from incubators.keys import make_key
from incubators.models import Incubator

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize("name", PAGES)
def test_reference_page_is_what_the_declarations_say(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == page(name), "run manage.py write_reference_docs"


def test_every_environment_variable_is_a_row_of_the_settings_page() -> None:
    code = Path(environment.__file__).read_text(encoding="utf-8")
    read = set(re.findall(r'"([A-Z][A-Z_]{3,})"', code)) - {"DEBUG", "INFO", "WARNING", "ERROR"}
    rows = set(re.findall(r"^\| `([A-Z_]+)`", (ROOT / "docs" / "settings.md").read_text(encoding="utf-8"), re.M))
    assert rows == read


def calls() -> list[str]:
    """Addresses of the API in the README and the guides, as a reader would copy them."""
    return sorted({address for address, body in sent() if body is None})


def sent() -> list[tuple[str, str | None]]:
    """Each call of the docs: its address, and its body where it sends one."""
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    lines = "\n".join(page.read_text(encoding="utf-8") for page in pages).replace("\\\n", " ").splitlines()
    call = re.compile(r"curl -s ['\"]?http://127\.0\.0\.1:8000(/[^\s'\"]+)")
    found = []
    for line in lines:
        body = re.search(r"-d '([^']*)'", line)
        found += [(address, body[1] if body else None) for address in call.findall(line)]
    return found


def taken(client: Client) -> dict[str, str]:
    """What the docs take from an answer before they ask with it."""
    known_at = client.get("/api/v1/statistics/firms/").json()["known_at"].replace("+", "%2B")
    (firm,) = client.get("/api/v1/companies/?limit=1&fields=uscc").json()["data"]
    return {"$known_at": known_at, "$known_from": known_at, "$uscc": firm["uscc"]}


@pytest.mark.django_db
@pytest.mark.usefixtures("demonstration")
def test_calls_with_what_was_taken_from_the_register_tell_something() -> None:
    client = Client()
    words = taken(client)
    told = [address for address in calls() if "$" in address]
    assert len(told) >= 5
    for address in told:
        for name, text in words.items():
            address = address.replace(name, text)
        answer = client.get(address)
        assert answer.status_code == 200 and "$" not in address, address
        assert any(answer.json().get(member) for member in ("total", "data", "closing")), address


@pytest.mark.django_db
def test_every_call_of_the_docs_answers_as_its_page_says() -> None:
    assert len(calls()) >= 5
    for address in (one for one in calls() if "$" not in one):
        expected = 400 if "distrct" in address else 200
        assert Client().get(address).status_code == expected, address


@pytest.mark.django_db
@pytest.mark.usefixtures("demonstration")
def test_what_the_docs_send_is_taken() -> None:
    host = Incubator.objects.get(code="DEMO-01")
    key = make_key(label="as the trial's park", incubators=[host])[1]
    client = Client(headers={"authorization": f"Bearer {key}"})
    found = {
        address: client.post(address, body, content_type="application/json").status_code
        for address, body in sent()
        if body is not None
    }
    assert found == {"/api/v1/companies/batch-get/": 200, "/api/v1/companies/": 201}


def test_pictures_and_pages_that_the_docs_point_to_exist() -> None:
    for source in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", source.read_text(encoding="utf-8")):
            assert (source.parent / target).exists(), f"{source.name}: {target}"

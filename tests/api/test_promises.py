"""What v1 has promised stands: nothing goes, nothing more is needed; and the changes are told."""

import copy
import re
from collections.abc import Callable
from typing import Any

import pytest

from config.management.commands.write_schema import FILE, PROMISES, promised
from config.openapi.promises import broken, promises
from registry.api.documentation import document

Schema = dict[str, Any]
DOCUMENT: Schema = document("en")
FIRMS = "/api/v1/companies/"
CHANGES = FILE.with_name("CHANGELOG.md")


def test_what_was_promised_is_kept_and_what_is_new_is_written_down() -> None:
    found = promises(DOCUMENT)
    assert broken(promised(), found) == []
    assert promised() == found, f"run make schema, which adds to {PROMISES.name}"


def without_a_path(made: Schema) -> None:
    del made["paths"]["/api/v1/universities/"]


def without_a_method(made: Schema) -> None:
    del made["paths"][FIRMS]["post"]


def renamed(made: Schema) -> None:
    made["paths"][FIRMS]["get"]["operationId"] = "firms_list"


def without_a_parameter(made: Schema) -> None:
    made["components"]["parameters"].pop("zone", None)
    for methods in made["paths"].values():
        for operation in methods.values():
            operation["parameters"] = [
                one for one in operation["parameters"] if not str(one.get("$ref", one.get("name"))).endswith("zone")
            ]


def without_a_word_of_a_parameter(made: Schema) -> None:
    made["components"]["parameters"]["count"]["schema"]["enum"].remove("capped")


def with_a_parameter_that_is_needed(made: Schema) -> None:
    schema = {"type": "string"}
    made["paths"][FIRMS]["get"]["parameters"].append(
        {"name": "purpose", "in": "query", "required": True, "schema": schema}
    )


def with_a_member_of_the_body_that_is_needed(made: Schema) -> None:
    made["components"]["schemas"]["CompanyBody"].setdefault("required", []).append("website")


def without_a_member(made: Schema) -> None:
    del made["components"]["schemas"]["Company"]["properties"]["website"]


def with_another_type(made: Schema) -> None:
    made["components"]["schemas"]["Company"]["properties"]["uscc"]["type"] = "integer"


def with_a_member_that_may_be_missing(made: Schema) -> None:
    made["components"]["schemas"]["Company"]["required"].remove("uscc")


def without_a_header(made: Schema) -> None:
    del made["paths"][f"{FIRMS}{{uscc}}/"]["get"]["responses"]["200"]["headers"]["ETag"]


def without_a_format(made: Schema) -> None:
    del made["paths"][FIRMS]["get"]["responses"]["200"]["content"]["text/csv"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (without_a_path, "gone: GET /api/v1/universities/"),
        (without_a_method, f"gone: POST {FIRMS}"),
        (renamed, f"gone: GET {FIRMS} = companies_list"),
        (without_a_parameter, f"gone: GET {FIRMS} query zone: array of string"),
        (without_a_word_of_a_parameter, f"gone: GET {FIRMS} query count takes capped"),
        (with_a_parameter_that_is_needed, f"needed now: GET {FIRMS} needs purpose"),
        (with_a_member_of_the_body_that_is_needed, "needed now: CompanyBody needs website"),
        (without_a_member, "gone: Company.website: string"),
        (with_another_type, "gone: Company.uscc: string"),
        (with_a_member_that_may_be_missing, "gone: Company.uscc is always there"),
        (without_a_header, f"gone: GET {FIRMS}{{uscc}}/ 200 header ETag"),
        (without_a_format, f"gone: GET {FIRMS} 200 text/csv: string"),
    ],
)
def test_what_breaks_a_client_is_refused(change: Callable[[Schema], None], told: str) -> None:
    made = copy.deepcopy(DOCUMENT)
    change(made)
    assert told in broken(promises(DOCUMENT), promises(made))


def test_what_is_added_breaks_nobody() -> None:
    made = copy.deepcopy(DOCUMENT)
    made["paths"]["/api/v1/parks/"] = copy.deepcopy(made["paths"]["/api/v1/universities/"])
    made["components"]["schemas"]["Company"]["properties"]["motto"] = {"type": "string"}
    made["paths"][FIRMS]["get"]["parameters"].append({"name": "motto", "in": "query", "schema": {"type": "string"}})
    assert broken(promises(DOCUMENT), promises(made)) == []


def test_every_operation_stands_in_the_changelog_of_the_api() -> None:
    text = CHANGES.read_text(encoding="utf-8")
    told = set(re.findall(r"`((?:GET|POST|PATCH|DELETE) [^`]+)`", text))
    missing = set()
    for path, methods in DOCUMENT["paths"].items():
        for method in methods:
            short = path.removeprefix("/api/v1")
            general = re.sub(r"statistics/(?!financing-tables)[a-z-]+/", "statistics/{metric}/", short)
            general = re.sub(r"/codes/[a-z-]+/", "/codes/{list}/", general)
            if not {f"{method.upper()} {short}", f"{method.upper()} {general}"} & told:
                missing.add(f"{method.upper()} {general}")
    assert missing == set()

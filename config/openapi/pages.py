"""Pages of `docs/reference/` read off the document: each operation with a call, each object with its members."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from config.openapi.bodies import BODIES
from config.openapi.promises import resolved, type_of
from registry.api.documentation import document

Schema = dict[str, Any]
HOST = "http://127.0.0.1:8000"
ASKED = {"lang": "en", "valid_on": "2026-06-30", "limit": "1", "group_by": "district"}
"""What a call asks for beside what it needs, as far as the operation takes it."""


def operations_page() -> Iterator[str]:
    whole = document("en")
    yield "# Operations\n"
    yield "Written by `manage.py write_reference_docs` from the API's document; a test sends every call. Parameters"
    yield "stand in [parameters](parameters.md), members in [objects](objects.md). `$KEY` is the text of a key, `$TAG`"
    yield "the `ETag` of the entry as you have read it.\n"
    for path, methods in whole["paths"].items():
        for method, operation in methods.items():
            yield f"## `{method.upper()} {path}`\n"
            yield f"**{operation.get('summary', operation['operationId'])}** (`{operation['operationId']}`)\n"
            yield f"{operation.get('description', '')}\n"
            yield f"```\n{call(whole, method, path, operation)}\n```\n"
            yield "\n".join(_answers(whole, operation)) + "\n"


def call(whole: Schema, method: str, path: str, operation: Schema) -> str:
    """A line for a shell."""
    declared = {entry["name"]: entry for entry in (resolved(whole, one) for one in operation["parameters"])}
    for name, entry in declared.items():
        if entry["in"] == "path":
            path = path.replace(f"{{{name}}}", str(entry.get("example", entry["schema"].get("example", "1001"))))
    needed = {name: _text(entry["example"]) for name, entry in declared.items() if _is_needed(entry)}
    is_flow = "from" in declared
    more = {name: text for name, text in ASKED.items() if name in declared and not (is_flow and name == "valid_on")}
    query = urlencode(needed | more, safe=",:") if method == "get" else ""
    address = f"'{HOST}{path}{'?' if query else ''}{query}'"
    headers = ["-H 'If-Match: '\"$TAG\"" if "If-Match" in declared else "", _key(operation)]
    if operation["operationId"] not in BODIES:
        verb = "" if method == "get" else f"-X {method.upper()}"
        return " ".join(filter(None, ["curl -s", verb, *headers, address]))
    body = json.dumps(BODIES[operation["operationId"]], ensure_ascii=False)
    verb = "" if method == "post" else f"-X {method.upper()}"
    sent = f"-H 'Content-Type: application/json' -d '{body}'"
    return " ".join(filter(None, ["curl -s", verb, *headers, sent, address]))


def _key(operation: Schema) -> str:
    return '-H "Authorization: Bearer $KEY"' if "security" in operation else ""


def _is_needed(entry: Schema) -> bool:
    return entry["in"] == "query" and bool(entry.get("required"))


def _text(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def _answers(whole: Schema, operation: Schema) -> Iterator[str]:
    for status, answer in operation["responses"].items():
        if status >= "400":
            continue
        kinds = ", ".join(f"`{kind}`" for kind in answer.get("content", ()))
        told = [f"- {status}: {answer['description'].rstrip('.')}"]
        data = _data(answer)
        yield "; ".join([*told, *([kinds] if kinds else []), *([data] if data else [])])
    refused = ", ".join(status for status in operation["responses"] if status >= "400")
    yield f"- refused: {refused} ([Problem](objects.md#problem))"


def _data(answer: Schema) -> str:
    schema = answer.get("content", {}).get("application/json", {}).get("schema")
    if schema is None:
        return ""
    name = type_of(schema.get("properties", {}).get("data", schema))
    last = name.split(" of ")[-1]
    return name if last.islower() else f"{name.removesuffix(last)}[{last}](objects.md#{last.lower()})"


def objects_page() -> Iterator[str]:
    yield "# Objects\n"
    yield "Written by `manage.py write_reference_docs` from the API's document: what answers and bodies are made of.\n"
    for name, schema in sorted(document("en")["components"]["schemas"].items()):
        if "properties" not in schema:
            continue
        yield f"## {name}\n"
        yield "| member | type | always there | meaning |\n|---|---|---|---|"
        for member, inner in schema["properties"].items():
            is_there = "yes" if member in schema.get("required", ()) else ""
            meaning = " ".join(str(inner.get("description", "")).split()).replace("|", "\\|")
            kind = type_of(inner).replace("|", " or ")
            yield f"| `{member}` | {kind} | {is_there} | {meaning} |"
        yield ""

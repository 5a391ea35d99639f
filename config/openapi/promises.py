"""What v1 promises its callers, one line each, read off the document: kept in `docs/api/v1.txt`, where none may go.

A line that is gone breaks somebody's client; so does one more thing that an operation needs. What is added breaks
nobody. Words, examples and the order of things are no promises.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]
NEEDS = " needs "
MEMBERS = ("fields", "omit")
"""Parameters that take the members of the answer, which are promised by themselves."""


def promises(document: Schema) -> list[str]:
    """The lines, sorted: each operation with its parameters, body and answers; each member of each named schema."""
    return sorted({*_of_operations(document), *_of_schemas(document)})


def broken(kept: list[str], found: list[str]) -> list[str]:
    """The lines of `kept` that `found` has no more, and what operations of `kept` need now and did not."""
    known = {line.split(NEEDS)[0] for line in kept}
    gone = sorted(set(kept) - set(found))
    new_needs = [line for line in found if NEEDS in line and line not in kept and line.split(NEEDS)[0] in known]
    return [*(f"gone: {line}" for line in gone), *(f"needed now: {line}" for line in new_needs)]


def _of_operations(document: Schema) -> Iterator[str]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            name = f"{method.upper()} {path}"
            yield name
            yield f"{name} = {operation['operationId']}"
            for entry in operation["parameters"]:
                yield from _of_parameter(name, resolved(document, entry))
            for kind, body in operation.get("requestBody", {}).get("content", {}).items():
                yield from _of_schema(f"{name} body {kind}", body["schema"], asked=True)
            for status, answer in operation["responses"].items():
                yield from _of_answer(f"{name} {status}", answer)
    for name, answer in document["components"]["responses"].items():
        yield from _of_answer(name, answer)


def _of_parameter(name: str, parameter: Schema) -> Iterator[str]:
    place = f"{name} {parameter['in']} {parameter['name']}"
    schema = parameter["schema"]
    yield f"{place}: {type_of(schema)}"
    if parameter.get("required") and parameter["in"] != "path":
        yield f"{name}{NEEDS}{parameter['name']}"
    if parameter["name"] not in MEMBERS:
        yield from (f"{place} takes {value}" for value in schema.get("items", schema).get("enum", ()))


def _of_answer(name: str, answer: Schema) -> Iterator[str]:
    yield f"{name}: {type_of(answer)}" if "$ref" in answer else name
    yield from (f"{name} header {header}" for header in answer.get("headers", ()))
    for kind, content in answer.get("content", {}).items():
        yield from _of_schema(f"{name} {kind}", content.get("schema", {}))


def _of_schemas(document: Schema) -> Iterator[str]:
    for name, schema in document["components"]["schemas"].items():
        yield from _of_schema(name, schema, asked=name.endswith("Body"))


def _of_schema(name: str, schema: Schema, *, asked: bool = False) -> Iterator[str]:
    """The members down to the next schema with a name, which has lines of its own."""
    yield f"{name}: {type_of(schema)}"
    yield from _of_members(name, schema, asked)


def _of_members(name: str, schema: Schema, asked: bool) -> Iterator[str]:
    if "$ref" in schema:
        return
    for member, inner in schema.get("properties", {}).items():
        yield from _of_schema(f"{name}.{member}", inner, asked=asked)
        if member in schema.get("required", ()):
            yield f"{name}{NEEDS}{member}" if asked else f"{name}.{member} is always there"
    if isinstance(items := schema.get("items"), dict):
        yield from _of_members(f"{name}[]", items, asked)


def type_of(schema: Schema) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[1]
    if choices := schema.get("oneOf") or schema.get("anyOf") or schema.get("allOf"):
        return " or ".join(sorted(type_of(choice) for choice in choices))
    kinds = schema.get("type", "anything")
    told = "|".join(kinds) if isinstance(kinds, list) else str(kinds)
    return f"{told} of {type_of(schema['items'])}" if isinstance(schema.get("items"), dict) else told


def resolved(document: Schema, entry: Schema) -> Schema:
    if "$ref" not in entry:
        return entry
    _hash, *steps = entry["$ref"].split("/")
    found: Any = document
    for step in steps:
        found = found[step]
    return dict(found)

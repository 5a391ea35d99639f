"""`make fuzz`: schemathesis against the served register with the demonstration set, over the document that it serves.

Two runs over two readings of the document, since `fields`, `omit` and `expand` change the members of an entry
(docs/decisions/0009): one without these parameters and with the codes that the register really holds, so that most
questions are answered and every answer is held to the whole schema; one with them and with any text as a code, where
no member is required. A third run holds a key that writes for an incubator and for a financing party, and follows the
links of the document: it enters, changes, ends and deletes. Then each address is asked parameters that it has not.
"""

import argparse
import copy
import json
import os
import random
import string
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tests.contract.served import served
from tests.contract.tools import FUZZER, in_tool

Document = dict[str, Any]
SELECTING = {"fields", "omit", "expand"}
# Whether a code or a cursor is one of ours, or an order needs `near`, no schema can tell.
LEFT_OUT = "positive_data_acceptance"
CODE_LISTS = {
    "district": "districts",
    "reporting_unit": "reporting-units",
    "zone": "zones",
    "corridor": "corridor",
    "hub": "hubs",
    "strategic_field": "strategic-fields",
    "technology_field": "technology-fields",
    "incubator_level": "incubator-levels",
    "certified": "certification-kinds",
    "certification": "certification-kinds",
    "instrument": "instruments",
    "pilot_zone": "pilot-zones",
    "indicator": "indicators",
    "area": "target-areas",
}
KEY = """
from pathlib import Path
from incubators.keys import make_key
from incubators.models import Incubator
from registry.models import Partner
hosts, party = list(Incubator.objects.order_by("code")), Partner.objects.order_by("code").first()
_key, text = make_key(
    label="fuzz", incubators=hosts, partner=party, records_financings=True, reads_partner_fields=True
)
Path({place!r}).write_text(text)
"""
NEEDED = {"from": "2026-01-01", "to": "2026-06-30", "known_from": "2026-01-01T00:00:00Z"}
LISTS = {"incubator": "incubators", "university": "universities", "company": "companies", "uscc": "companies"}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--max-examples", type=int, default=20, help="random questions of each operation and run")
    arguments.add_argument("--runs", default="whole,parts,keys", help="which of the three")
    arguments.add_argument("--seed", type=int, default=random.randrange(10**6), help="to repeat a run")
    arguments.add_argument("--unknown", type=int, default=25, help="unknown parameters that each address is asked")
    arguments.add_argument("--report", type=Path, default=None, help="a folder for schemathesis' own reports")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="register-fuzz-") as folder:
        place = Path(folder) / "key"
        key = ("shell", "-c", KEY.format(place=str(place)))
        with served(("load_demonstration", "--yes-invented-data"), key) as address:
            fuzz(address, place.read_text(), given)


def fuzz(address: str, key: str, given: argparse.Namespace) -> None:
    document = read(f"{address}/api/v1/schema/?lang=en")
    forms = {
        "whole": (whole(document, address), ()),
        "parts": (parts(document), ()),
        "keys": (writing(whole(document, address)), ("--header", f"Authorization: Bearer {key}")),
    }
    chosen = {name: forms[name] for name in given.runs.split(",")}
    failed = [name for name, (form, more) in chosen.items() if run(name, form, address, given, more)]
    if given.unknown:
        taken = list(taken_though_unknown(document, address, given))
        print(
            f"{len(document['paths']) * given.unknown} unknown parameters asked, {len(taken)} taken; seed {given.seed}"
        )
    else:
        taken = []
    if failed or taken:
        sys.exit("\n".join([f"schemathesis found failures: {', '.join(failed) or 'none'}", *taken]))


def read(address: str) -> Any:
    with urllib.request.urlopen(address) as answer:
        return json.load(answer)


def parameters(document: Document) -> Iterator[Document]:
    """Every parameter, shared or not."""
    yield from document["components"]["parameters"].values()
    for operation in operations(document):
        yield from (entry for entry in operation["parameters"] if "$ref" not in entry)


def operations(document: Document) -> Iterator[Document]:
    for methods in document["paths"].values():
        yield from methods.values()


def name_of(entry: Document) -> str:
    """Of a parameter or of a reference to a shared one, whose key ends in its name."""
    return str(entry["name"] if "name" in entry else entry["$ref"].rsplit("/", 1)[1].rsplit(".", 1)[-1])


def whole(document: Document, address: str) -> Document:
    """Without what changes the members of an entry, and with codes that are there."""
    form = copy.deepcopy(document)
    for operation in operations(form):
        operation["parameters"] = [entry for entry in operation["parameters"] if name_of(entry) not in SELECTING]
    base = f"{address}/api/v1/"
    codes = {name: codes_of(f"{base}codes/{path}/?limit=500", "code") for name, path in CODE_LISTS.items()}
    codes |= {
        name: codes_of(f"{base}{path}/?limit=40", "uscc" if path == "companies" else "code")
        for name, path in LISTS.items()
    }
    for entry in parameters(form):
        if entry["name"] in codes:
            held = {"type": "string", "enum": codes[entry["name"]]}
            entry["schema"] = entry["schema"] | {"items": held} if "items" in entry["schema"] else held
            entry.pop("example", None)
    return form


def codes_of(address: str, member: str) -> list[str]:
    return [entry[member] for entry in read(address)["data"]]


def parts(document: Document) -> Document:
    """As served, but no member of an entry is required, and an expanded one may have others."""
    form = copy.deepcopy(document)
    lists = [entry["schema"]["items"]["enum"] for entry in parameters(form) if entry["name"] == "expand"]
    expandable = {name for names in lists for name in names}
    for component, schema in form["components"]["schemas"].items():
        if component not in ("Problem", "Mistake"):
            schema.pop("required", None)
            schema.pop("additionalProperties", None)
            schema["properties"] |= {name: {} for name in expandable & schema["properties"].keys()}
    return form


def writing(form: Document) -> Document:
    """What writes, and what reads an entry of its own: links lead from one to the other."""
    for path, methods in list(form["paths"].items()):
        is_written = {"post", "patch", "delete"} & methods.keys()
        form["paths"][path] = {name: one for name, one in methods.items() if is_written or path.endswith("}/")}
        if not form["paths"][path]:
            del form["paths"][path]
    for operation in operations(form):
        for answer in operation["responses"].values():
            for target in list(answer.get("links", {})):
                if target not in {one["operationId"] for one in operations(form)}:
                    del answer["links"][target]
    return form


SETTINGS = """
[checks.missing_required_header]
expected-statuses = [400, 401, 403, 422, 428]
"""
"""Without If-Match it is 428, with a key of another request 422 first; the tool does not expect them."""


def run(name: str, form: Document, address: str, given: argparse.Namespace, more: Sequence[str] = ()) -> bool:
    """Whether schemathesis failed."""
    with tempfile.TemporaryDirectory(prefix="register-fuzz-") as folder:
        path = Path(folder) / f"{name}.json"
        path.write_text(json.dumps(form), encoding="utf-8")
        settings = path.with_name("settings.toml")
        settings.write_text(SETTINGS, encoding="ascii")
        # With a good key the session's cookie may be any: that the key counts is no hole.
        left_out = [LEFT_OUT, *(["ignored_auth"] if more else [])]
        report = ("--report", "junit,ndjson", "--report-dir", str(given.report / name)) if given.report else ()
        command = in_tool(
            FUZZER,
            *(
                "schemathesis",
                "--config-file",
                str(settings),
                "run",
                str(path),
                "--url",
                address,
                "--checks",
                "all",
                "--exclude-checks",
                ",".join(left_out),
            ),
            *(
                "--phases",
                "examples,coverage,fuzzing,stateful",
                *more,
                "--mode",
                "all",
                "--max-examples",
                str(given.max_examples),
            ),
            *(
                "--seed",
                str(given.seed),
                "--continue-on-failure",
                "--workers",
                "1",
                "--warnings",
                "off",
                *report,
            ),
            *("--suppress-health-check", "all", "--request-timeout", "30", "--generation-database", "none"),
        )
        environment = os.environ | {"SCHEMATHESIS_TELEMETRY": "off", "NO_COLOR": "1"}
        print(f"--- {name}", flush=True)
        return subprocess.run(command, cwd=folder, env=environment).returncode != 0


def taken_though_unknown(document: Document, address: str, given: argparse.Namespace) -> Iterator[str]:
    chance = random.Random(given.seed)
    for path, methods in document["paths"].items():
        if "get" not in methods:
            continue
        known = {name_of(entry) for entry in methods["get"]["parameters"]}
        needed = "".join(f"{name}={value}&" for name, value in NEEDED.items() if name in known)
        for _ in range(given.unknown):
            name = "".join(chance.choices(string.ascii_letters + "_-.[]$中é", k=chance.randint(1, 12)))
            if name in known:
                continue
            place = path.replace("{sequence}/{name}", "1/company.csv").replace("{id}", "1").replace("{sequence}", "1")
            question = f"{address}{place.replace('{', '').replace('}', '')}?{needed}{urllib.parse.quote(name)}=1"
            try:
                urllib.request.urlopen(question).close()
                yield f"taken: {question}"
            except urllib.error.HTTPError as refusal:
                problem = json.load(refusal)
                if (refusal.code, problem["code"]) != (400, "unknown_parameter"):
                    yield f"{refusal.code} {problem['code']}: {question}"


if __name__ == "__main__":
    main()

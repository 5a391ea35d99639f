"""`make client-check`: clients generated from the committed document, in Python and in TypeScript, read and write.

openapi-python-client runs in an environment of its own, which uv makes and keeps in its cache; openapi-typescript and
the compiler come from npm into a folder that goes when the check ends. Each client enters a firm of its own.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from config.openapi.bodies import BODIES, FIRM
from registry.credit_code import complete
from tests import cluster
from tests.contract.served import served
from tests.contract.tools import CLIENT_GENERATOR, NPM_PACKAGES, in_tool

DOCUMENT = cluster.CHECKOUT / "docs" / "api" / "openapi.json"
OTHER = {FIRM: complete("91500106", "MA60DEAD"), "示例": "别样", "GR202651000001": "GR202651000009"}
HERE = Path(__file__).parent
ROWS = """
from pathlib import Path
from incubators.keys import make_key
from incubators.models import Incubator
from tests.api.example_rows import make_example_rows
make_example_rows()
_key, text = make_key(label="client", incubators=[Incubator.objects.get(code="INC-001")])
Path({place!r}).write_text(text)
"""
WRITTEN: dict[str, Any] = {
    "problem": "unknown_code",
    "capital": "800.0000",
    "stale": "precondition_failed",
    "certificate": "GR202651000001",
}
IN_PYTHON = WRITTEN | {
    "names": ["Chongqing Qinghe Intelligent Technology Co., Ltd.", "Chongqing Yuanshan Digital Technology Co., Ltd."],
    "one": "Chongqing Qinghe Intelligent Technology Co., Ltd.",
    "total": 1,
    "groups": ["500106"],
    "target": "high-tech-2030",
    "written": [201, "true", True],
    "twice": "conflict",
    "batch": [201],
    "ended": "2026-06-30",
}
IN_TYPESCRIPT = WRITTEN | {
    "certificate": "GR202651000009",
    "names": ["Chongqing Qinghe Intelligent Technology Co., Ltd."],
    "groups": ["500106"],
    "written": 201,
    "certificates": 1,
}
COMPILER = ("--strict", "--noUncheckedIndexedAccess", "--target", "es2022", "--module", "node16", "--types", "node")


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="register-client-") as place:
        folder = Path(place)
        clients: tuple[tuple[str, Any, dict[str, Any], dict[str, str]], ...] = (
            ("Python", python(folder), IN_PYTHON, {}),
            ("TypeScript", typescript(folder), IN_TYPESCRIPT, OTHER),
        )
        key = folder / "key"
        with served(("shell", "-c", ROWS.format(place=str(key)))) as address:
            for name, command, expected, firm in clients:
                bodies = json.dumps(BODIES, ensure_ascii=False)
                for word, own in firm.items():
                    bodies = bodies.replace(word, own)
                told = run(command(address, key.read_text(), bodies), folder)
                if told != expected:
                    wrong = {one: told.get(one) for one in expected if told.get(one) != expected[one]}
                    sys.exit(f"The client in {name} was told {wrong}, expected {expected}.")
                print(f"The generated client in {name} compiles, reads and writes.", flush=True)


def run(command: list[str], folder: Path) -> dict[str, Any]:
    """What the client prints."""
    told: dict[str, Any] = json.loads(subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE).stdout)
    return told


def python(folder: Path) -> Callable[..., list[str]]:
    settings = folder / "settings.yml"
    settings.write_text("post_hooks: []\n", encoding="ascii")  # its own would format with a ruff of its own
    where = ("--meta", "none", "--config", str(settings), "--output-path", str(folder / "register_client"))
    generator = ("openapi-python-client", "generate", "--path", str(DOCUMENT), "--fail-on-warning", *where)
    subprocess.run(in_tool(CLIENT_GENERATOR, *generator), check=True, stdout=subprocess.DEVNULL)
    return lambda *asked: in_tool(CLIENT_GENERATOR, "python", str(HERE / "reading_client.py"), str(folder), *asked)


def typescript(folder: Path) -> Callable[..., list[str]]:
    (folder / "package.json").write_text('{"type": "module", "private": true}', encoding="ascii")
    (folder / "client.ts").write_text((HERE / "client.ts").read_text(encoding="utf-8"), encoding="utf-8")
    quiet = ("--no-audit", "--no-fund", "--silent")
    for command in (
        ["npm", "install", *quiet, *NPM_PACKAGES],
        ["npx", "openapi-typescript", str(DOCUMENT), "--output", "schema.ts"],
        ["npx", "tsc", *COMPILER, "client.ts", "schema.ts"],
    ):
        subprocess.run(command, cwd=folder, check=True, stdout=sys.stderr)
    return lambda *asked: ["node", "client.js", *asked]


if __name__ == "__main__":
    main()

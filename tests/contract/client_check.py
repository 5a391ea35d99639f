"""`make client-check`: a client generated from the committed document reads pages of firms, entries and figures.

openapi-python-client runs in an environment of its own, which uv makes and keeps in its cache.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tests import cluster
from tests.contract.served import served
from tests.contract.tools import CLIENT_GENERATOR, in_tool

DOCUMENT = cluster.CHECKOUT / "docs" / "api" / "openapi.json"
READER = Path(__file__).with_name("reading_client.py")
ROWS = "from tests.api.example_rows import make_example_rows; make_example_rows()"
EXPECTED = {
    "names": ["Chongqing Qinghe Intelligent Technology Co., Ltd.", "Chongqing Yuanshan Digital Technology Co., Ltd."],
    "one": "Chongqing Qinghe Intelligent Technology Co., Ltd.",
    "total": 1,
    "groups": ["500106"],
    "target": "high-tech-2030",
    "problem": "unknown_code",
}


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="register-client-") as folder:
        generator = (
            "openapi-python-client",
            "generate",
            "--path",
            str(DOCUMENT),
            "--meta",
            "none",
            "--fail-on-warning",
        )
        settings = Path(folder) / "settings.yml"
        settings.write_text("post_hooks: []\n", encoding="ascii")  # its own would format with a ruff of its own
        where = ("--meta", "none", "--config", str(settings), "--output-path", f"{folder}/register_client")
        subprocess.run(in_tool(CLIENT_GENERATOR, *generator, *where), check=True)
        with served(("shell", "-c", ROWS)) as address:
            reader = in_tool(CLIENT_GENERATOR, "python", str(READER), folder, address)
            read = json.loads(subprocess.run(reader, check=True, capture_output=True, text=True).stdout)
    if read != EXPECTED:
        sys.exit(f"The generated client read {read}, expected {EXPECTED}.")
    print("The generated client reads pages, entries, figures, targets and refusals.")


if __name__ == "__main__":
    main()

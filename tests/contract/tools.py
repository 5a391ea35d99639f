"""Other people's tools, each pinned and in an environment of its own, so that none of them binds our own."""

import os

from tests import cluster

CLIENT_GENERATOR = "openapi-python-client==0.29.1"
FUZZER = "schemathesis==4.32.5"
NPM_PACKAGES = ("openapi-typescript@7.13.0", "openapi-fetch@0.17.0", "typescript@5.9.3", "@types/node@20.19.25")
UV = os.fspath(cluster.CHECKOUT / ".venv" / "bin" / "uv")


def in_tool(package: str, *command: str) -> list[str]:
    """The command line that runs `command` where `package` is installed; uv installs it at first use."""
    return [UV, "tool", "run", "--quiet", "--from", package, *command]

"""Waits until the test run that started it is gone (its end of the pipe closes), then removes its database."""

import sys
from pathlib import Path


def main() -> None:
    sys.stdin.buffer.read()
    from tests import cluster  # after the wait: the imports cost as much as a small test

    cluster.remove(Path(sys.argv[1]))


if __name__ == "__main__":
    main()

"""Is the port free? Needs nothing but Python, so that `make run` can ask before it installs anything."""

import socket
import sys


def refusal(port: int) -> str | None:
    """One sentence if a server cannot listen on this loopback port, None if it can."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            return f"Port {port} needs more rights than this user has; choose another: make run PORT=8001"
        except OverflowError:
            return f"PORT is {port}; it must be a whole number from 1 to 65535."
        except OSError:
            return f"Port {port} is taken; stop what uses it (make stop) or choose another: make run PORT=8001"
    return None


def main() -> None:
    given = sys.argv[1]
    if not given.isdecimal() or int(given) == 0:
        sys.exit(f"PORT is {given!r}; it must be a whole number from 1 to 65535.")
    sys.exit(refusal(int(given)))


if __name__ == "__main__":
    main()

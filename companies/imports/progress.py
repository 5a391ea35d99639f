"""How far an import is: told while it works, to whoever wants to show it."""

from collections.abc import Callable

Tell = Callable[[int, int], None]
"""Called with the number of rows done (judged, and tried on the database or written), and of how many."""


def untold(_done: int, _total: int) -> None:
    """For those who only wait for the end."""

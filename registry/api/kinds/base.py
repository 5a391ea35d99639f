"""What every kind of value is, and how it refuses a text."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

MOST_CHARACTERS = 2000

Schema = dict[str, Any]


class Refused(ValueError):
    """A text that its kind does not take; `nearest` is what may have been meant."""

    def __init__(self, code: str, detail: str, nearest: str | None = None) -> None:
        super().__init__(detail)
        self.code, self.detail, self.nearest = code, detail, nearest


def bad_character(text: str) -> str | None:
    """The first character that no value may hold, as U+…: NUL, other controls, half of a surrogate pair."""
    for character in text:
        number = ord(character)
        if 0xD800 <= number <= 0xDFFF or (number < 32 and character not in "\t\n\r") or number == 127:
            return f"U+{number:04X}"
    return None


class Kind(ABC):
    """A kind of value. `parse` gets a text that is not blank, short enough and without bad characters."""

    @abstractmethod
    def parse(self, text: str) -> Any: ...

    @abstractmethod
    def schema(self) -> Schema:
        """JSON Schema of the value, for OpenAPI."""

"""What a view has that gives files."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from registry.api.parameters import Parameter
from registry.api.views import RegisterView
from registry.downloads.formats import FORMAT, format_of
from registry.downloads.tables import Column

STATEMENT_SECONDS = 60
"""Of a file; the statement that takes longest gives all revisions of all firms."""


class Downloadable(RegisterView, ABC):
    """Takes `format`; says, in the active language, what its files hold and every column that they may have."""

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        return (*super().parameters(), FORMAT)

    @property
    def statement_seconds(self) -> int | None:
        """A file holds in one answer what pages hold in many."""
        return None if format_of(self.asked) is None else STATEMENT_SECONDS

    @abstractmethod
    def file_title(self) -> str: ...

    @abstractmethod
    def file_columns(self) -> Sequence[Column]: ...

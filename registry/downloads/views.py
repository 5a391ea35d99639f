"""What a view has that gives files."""

from __future__ import annotations

from collections.abc import Sequence

from registry.api.parameters import Parameter
from registry.api.views import RegisterView
from registry.downloads.formats import FORMAT
from registry.downloads.tables import Column


class Downloadable(RegisterView):
    """Takes `format`; says, in the active language, what its files hold and every column that they may have."""

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        return (*super().parameters(), FORMAT)

    def file_title(self) -> str:
        raise NotImplementedError

    def file_columns(self) -> Sequence[Column]:
        raise NotImplementedError

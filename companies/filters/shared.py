"""What the filters of firms and of facts share."""

from __future__ import annotations

import copy
from typing import Any

from registry.api.filtersets import ParameterFilter

Rows = Any
"""A queryset whose rows carry annotations of the day, which the type checker cannot see."""
BY_DISTANCE = "distance"
SEATED = ("true", "false", "any")


def copy_with_default(declared: ParameterFilter, default: str) -> ParameterFilter:
    """The same filter for a narrower list, with another default."""
    twin = copy.deepcopy(declared)
    twin.default = default
    return twin

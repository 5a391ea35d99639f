"""What the filters of firms and of facts share."""

from __future__ import annotations

import copy

from registry.api.filters import ParameterFilter

BY_DISTANCE = "distance"
SEATED = ("true", "false", "any")


def copy_with_default(declared: ParameterFilter, default: str) -> ParameterFilter:
    """The same filter for a narrower list, with another default."""
    twin = copy.deepcopy(declared)
    twin.default = default
    return twin

"""Who asks, as a short text: cursors, kept statements, counters and kept answers are each caller's own."""

from __future__ import annotations

from typing import Any

from registry.keys.holder import KeyHolder

PUBLIC = "public"


def caller_of(request: Any) -> str:
    """`key:<id>`, `user:<id>`, or `public` for whoever gives no name; of a request after authentication."""
    user = request.user
    if isinstance(user, KeyHolder):
        return f"key:{user.key.pk}"
    return f"user:{user.pk}" if user.is_authenticated else PUBLIC

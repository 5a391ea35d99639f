"""Plain DRF: nested serializers, prefetch, count, stock middleware and session authentication."""

from collections.abc import Callable
from typing import Any

from benchmarks.contenders.drf_setup import make_page


def make(options: dict[str, Any]) -> tuple[Callable[[str], bytes], str]:
    return make_page("/plain/")

"""The machine's clock as a test sets it, for the one place that asks it for the day."""

import datetime
from collections.abc import Callable
from typing import Any

SetClock = Callable[..., None]
"""Takes moments as texts, one for each time that the clock is asked; the last stays."""


def clock_at(*moments: str) -> type[datetime.datetime]:
    told = [datetime.datetime.fromisoformat(moment) for moment in moments]

    class Clock(datetime.datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return (told.pop(0) if len(told) > 1 else told[0]).astimezone(tz)

    return Clock

"""How an endpoint or a parameter leaves v1: announced in every answer, and still answered until its last day."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.http import HttpResponseBase
from django.utils.http import http_date

LEAST_NOTICE = datetime.timedelta(days=365)


@dataclass(frozen=True)
class Deprecation:
    """`since` a moment, gone at `sunset`, a year later at least; `link` tells what takes its place."""

    since: datetime.datetime
    sunset: datetime.datetime
    link: str

    def __post_init__(self) -> None:
        if self.sunset - self.since < LEAST_NOTICE:
            raise ValueError(f"A year's notice at least: {self.since:%Y-%m-%d} to {self.sunset:%Y-%m-%d} is less.")


def announce(response: HttpResponseBase, *leaving: Deprecation) -> None:
    """`Deprecation` (RFC 9745) of the first that was deprecated, `Sunset` (RFC 8594) of the first that goes, and a
    `Link` to each replacement."""
    if not leaving:
        return
    response["Deprecation"] = f"@{min(int(one.since.timestamp()) for one in leaving)}"
    response["Sunset"] = http_date(min(one.sunset.timestamp() for one in leaving))
    links = [f'<{one.link}>; rel="deprecation"; type="text/html"' for one in leaving]
    response["Link"] = ", ".join([*filter(None, [response.get("Link", "")]), *links])

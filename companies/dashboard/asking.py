"""The API's answers for a page of many figures, kept from one committed change of the register to the next."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.core.cache import cache

from registry.api.digests import digest_of
from registry.days import today
from registry.pages.asking import Asker, Query, api_address

KEPT_SECONDS = 24 * 3600
"""How long an answer is kept at most. A change of the register, or another day, makes another key."""


@dataclass(frozen=True)
class Answer:
    """One answer of the API, and the question that gives it, without host and language."""

    address: str
    data: dict[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.data[name]


@dataclass(frozen=True)
class KeptAsker:
    """Asks as `ask` does. `clock` is the moment of the last committed change in the open snapshot.

    Nothing but a committed change or the day on which it is asked makes another answer to the same question: some
    answers tell whether their day is over. Links in answers begin with the host.
    """

    ask: Asker
    clock: datetime.datetime | None

    def __call__(self, address: str, **question: str | None) -> Answer:
        key = self._key(address, question)
        data = cache.get(key)
        if data is None:
            data = self.ask(address, question)
            cache.set(key, data, KEPT_SECONDS)
        return Answer(self.address(address, **question), data)

    def address(self, address: str, **question: str | None) -> str:
        """Path and query as a link to the API: both clocks as they were asked, the reader's language left out."""
        return api_address(address, {**self.ask.full(question), "lang": None})

    def _key(self, address: str, question: Query) -> str:
        told = {"address": address, "root": self.ask.request.build_absolute_uri("/"), "today": today().isoformat()}
        asked = {**self.ask.full(question), **told}
        return "dashboard:" + digest_of(asked, str(self.clock).encode())


def without_host(address: str) -> str:
    """An address that the API gave, for a link on the same host."""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path

"""What the public is told of the same incubators on the same day: asked of the API, so that no number is made twice."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from companies.pages.lists import page_of
from companies.work.figures import Figure, Question
from registry.pages.asking import Asker, NotAnswered

MOST_INCUBATORS = 20
"""More are not named in one address; without naming any, some metrics count firms outside incubators, too."""


class Public:
    def __init__(self, request: HttpRequest, asked: Question) -> None:
        self.ask, self.asked = Asker(request), asked
        codes = asked.incubators.order_by("code").values_list("code", flat=True)[: MOST_INCUBATORS + 1]
        self.codes = list(codes)

    def of(self, figure: Figure) -> dict[str, Any] | None:
        """The public figure, and the page of what it counts where there is one.

        None where there is no such figure, or the API refuses the day or the codes.
        """
        if not figure.public or not self.codes or len(self.codes) > MOST_INCUBATORS:
            return None
        question = figure.question(self.asked, self.codes)
        try:
            answer = self.ask(figure.public, question)
        except NotAnswered:
            return None
        return {"value": answer["total"], "page": page_of(answer["list"])}

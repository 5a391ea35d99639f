"""Reads a page as a person does: its texts, its links, its tables; and finds what a strict policy would forbid."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.test import Client

ENDLESS = {"meta", "link", "img", "input", "br", "hr", "rect", "line"}
UNSEEN = {"script", "style", "title"}


@dataclass
class Element:
    name: str
    given: dict[str, str]
    parent: Element | None = None
    parts: list[Any] = field(default_factory=list)

    @property
    def text(self) -> str:
        words = (part if isinstance(part, str) else part.text for part in self.parts if is_seen(part))
        return " ".join(" ".join(words).split())

    def all(self, tag: str, /, **given: str) -> list[Element]:
        found = []
        for part in self.parts:
            if isinstance(part, Element):
                if part.name == tag and given.items() <= part.given.items():
                    found.append(part)
                found += part.all(tag, **given)
        return found

    def every(self) -> list[Element]:
        return [self, *(one for part in self.parts if isinstance(part, Element) for one in part.every())]

    @property
    def raw(self) -> str:
        return "".join(part for part in self.parts if isinstance(part, str))


def is_seen(part: Any) -> bool:
    return isinstance(part, str) or part.name not in UNSEEN


class Reader(HTMLParser):
    """Builds the tree; a tag that closes another than the open one is a fault of the page."""

    def __init__(self) -> None:
        super().__init__()
        self.root = self.open = Element("", {})

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self.open)
        self.open.parts.append(element)
        if tag not in ENDLESS:
            self.open = element

    def handle_startendtag(self, tag: str, attrs: Any) -> None:
        self.open.parts.append(Element(tag, {name: value or "" for name, value in attrs}, self.open))

    def handle_endtag(self, tag: str) -> None:
        assert tag == self.open.name, f"</{tag}> closes <{self.open.name}>"
        assert self.open.parent is not None
        self.open = self.open.parent

    def handle_data(self, data: str) -> None:
        self.open.parts.append(data)


def read(content: bytes) -> Element:
    reader = Reader()
    reader.feed(content.decode())
    assert reader.open is reader.root, f"<{reader.open.name}> is never closed"
    return reader.root


def page(client: Client, address: str, status: int = 200) -> Element:
    response = client.get(address)
    content = response.getvalue()
    assert response.status_code == status, (address, response.status_code, content[:500])
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    return read(content)


def main(tree: Element) -> Element:
    return tree.all("main")[0]


def rows(table: Element) -> list[list[str]]:
    """The cells of a table's body."""
    return [
        [cell.text for cell in row.parts if isinstance(cell, Element)]
        for body in table.all("tbody")
        for row in body.all("tr")
    ]


def addresses(tree: Element) -> list[str]:
    return [link.given["href"] for link in tree.all("a")]


def link(tree: Element, words: str) -> str:
    """The address of the one link with these words."""
    (found,) = {one.given["href"] for one in tree.all("a") if one.text == words}
    return found


def asked(address: str) -> dict[str, str]:
    """The parameters of an address."""
    return dict(parse_qsl(urlsplit(address).query, keep_blank_values=True))

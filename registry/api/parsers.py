"""The strict reader of JSON bodies: what a lenient reader would mend or drop is refused, with its pointer."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import IO, Any, NoReturn

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.parsers import BaseParser

from registry.api.kinds import bad_character
from registry.api.refusals import BodyProblem, BodyTooLarge, Mistake
from registry.names import shown

MOST_LEVELS = 50
MOST_DIGITS = 30
LARGEST_EXPONENT = 30

# Possessive and with an optional closing quote, so that no body makes it run twice over the same text.
_STRUCTURE = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[{]|[\]}]', re.DOTALL)


class StrictJSONParser(BaseParser):
    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        _check_charset(media_type or self.media_type)
        return read_json(_read_limited(stream))


def _check_charset(media_type: str) -> None:
    charset = re.search(r'charset\s*=\s*"?([^\s";]+)', media_type, re.IGNORECASE)
    if charset and charset[1].lower() not in {"utf-8", "utf8"}:
        raise UnsupportedMediaType(media_type)


def _read_limited(stream: IO[bytes]) -> bytes:
    # DRF reads past Django's own check of the declared length, so the real length is checked here.
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 2_621_440
    body = stream.read(limit + 1)
    if len(body) > limit:
        raise BodyTooLarge()
    return body


def read_json(body: bytes) -> Any:
    """The value in a JSON body; BodyProblem names every wrong place."""
    text = _decoded(body)
    _check_depth(text)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_members,
            parse_float=_decimal,
            parse_int=_integer,
            parse_constant=_Refused,
        )
    except (ValueError, RecursionError) as error:
        place = getattr(error, "pos", 0)
        _refuse("malformed_json", _("The body is not JSON: it breaks off at character %d.") % place)
    if mistakes := list(_mistakes(value, "")):
        raise BodyProblem(mistakes)
    return value


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        _refuse("not_utf8", _("The body is not UTF-8."))


def _check_depth(text: str) -> None:
    depth = 0
    for found in _STRUCTURE.finditer(text):
        sign = found[0][0]
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(sign, 0)
        if depth > MOST_LEVELS:
            _refuse("too_deep", _("The body is nested more than %d levels deep.") % MOST_LEVELS)


def _refuse(code: str, detail: str) -> NoReturn:
    raise BodyProblem([Mistake(code, detail, pointer="")])


class _Refused(str):
    """A number that is no number of ours, kept as typed until its place is known."""


class _Object(dict[str, Any]):
    repeated: tuple[str, ...] = ()


def _members(pairs: list[tuple[str, Any]]) -> _Object:
    members = _Object(pairs)
    if len(members) != len(pairs):
        names = [name for name, _value in pairs]
        members.repeated = tuple(name for name in members if names.count(name) > 1)
    return members


def _decimal(text: str) -> Decimal | _Refused:
    # The exponent first: Decimal takes 1e-1000000, and whoever writes it out later falls over.
    mantissa, _e, exponent = text.lower().partition("e")
    if len(mantissa) > MOST_DIGITS + 2 or len(exponent) > 4 or abs(int(exponent or 0)) > LARGEST_EXPONENT:
        return _Refused(text)
    return Decimal(text)


def _integer(text: str) -> int | _Refused:
    return int(text) if len(text) <= MOST_DIGITS else _Refused(text)


def _mistakes(value: Any, pointer: str) -> Iterator[Mistake]:
    if isinstance(value, _Refused):
        yield Mistake(
            "number_out_of_range", _("%s is not a number that can be stored.") % shown(value), pointer=pointer
        )
    elif isinstance(value, str):
        if name := bad_character(value):
            yield Mistake("bad_character", _("The text holds %s.") % name, pointer=pointer)
    elif isinstance(value, _Object):
        yield from _mistakes_in_members(value, pointer)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _mistakes(item, f"{pointer}/{index}")


def _mistakes_in_members(members: _Object, pointer: str) -> Iterator[Mistake]:
    for name, value in members.items():
        place = pointer + "/" + name.replace("~", "~0").replace("/", "~1")
        if name in members.repeated:
            yield Mistake("repeated_key", _("The key “%s” stands twice in one object.") % shown(name), pointer=place)
        if bad := bad_character(name):
            yield Mistake("bad_character", _("A key holds %s.") % bad, pointer=pointer)
        else:
            yield from _mistakes(value, place)

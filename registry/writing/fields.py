"""Fields of a body: each takes one kind of JSON value and no other, and says what it wants instead."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from registry import scope
from registry.api.kinds import DayKind, Refused
from registry.api.nearest import nearest_of
from registry.names import drop_invisible, shown

LARGEST = 2_147_483_647
MOST_DIGITS = 14
NUMBER = re.compile(r"-?[0-9]{1,14}(?:\.([0-9]{1,18}))?")


def fail(code: str, sentence: str) -> serializers.ValidationError:
    return serializers.ValidationError(sentence, code=code)


def told(code: str, sentence: str) -> ErrorDetail:
    return ErrorDetail(sentence, code=code)


class BodyField(serializers.Field[Any, Any, Any, Any]):
    """Without blanks around, nothing invisible, and of a JSON type of its own."""

    def __init__(self, **rest: Any) -> None:
        rest.setdefault("required", False)
        super().__init__(write_only=True, **rest)

    def to_representation(self, value: Any) -> Any:
        raise NotImplementedError("a body is read, not written")


@extend_schema_field({"type": "string"})
class Text(BodyField):
    """A text; with `may_be_empty` also "", which empties the field."""

    def __init__(
        self, most: int, *, may_be_empty: bool = True, check: Callable[[str], None] | None = None, **rest: Any
    ):
        super().__init__(**rest)
        self.most, self.may_be_empty, self.check = most, may_be_empty, check

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            raise fail("not_a_text", _("This is a text."))
        text = data.strip()
        if len(text) > self.most:
            raise fail("too_long", _("This has more than %d characters.") % self.most)
        if text and not drop_invisible(text).strip():
            raise fail("invisible", _("This text has no visible character."))
        if not text and not self.may_be_empty:
            raise fail("empty", _("This must not be empty."))
        if self.check is not None:
            self.check(text)
        return text


@extend_schema_field({"type": "boolean"})
class Flag(BodyField):
    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            raise fail("not_a_boolean", _("This is true or false."))
        return data


@extend_schema_field({"type": "integer"})
class Number(BodyField):
    """A whole number from 1 on."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            raise fail("not_an_integer", _("This is a whole number."))
        if not 0 < data <= LARGEST:
            raise fail("out_of_range", _("This lies between 1 and %d.") % LARGEST)
        return data


@extend_schema_field({"type": "string", "format": "date"})
class Day(BodyField):
    """YYYY-MM-DD."""

    def to_internal_value(self, data: Any) -> datetime.date:
        if not isinstance(data, str):
            raise fail("not_a_day", _("This is a day such as 2026-06-30."))
        try:
            return DayKind().parse(data)
        except Refused as refused:
            raise fail(refused.code, refused.detail) from None


@extend_schema_field({"type": ["string", "number"]})
class Amount(BodyField):
    """A decimal number, as a text or as a JSON number."""

    def __init__(self, places: int = 4, **rest: Any) -> None:
        super().__init__(**rest)
        self.places = places

    def to_internal_value(self, data: Any) -> Decimal:
        is_number = isinstance(data, int | Decimal) and not isinstance(data, bool)
        text = f"{Decimal(data):f}" if is_number else data
        found = NUMBER.fullmatch(text) if isinstance(text, str) else None
        if found is None or len(found[1] or "") > self.places:
            words = {"digits": MOST_DIGITS, "places": self.places}
            told = _("This is a number of at most %(digits)d digits and %(places)d decimals, such as 1250.5.") % words
            raise fail("not_an_amount", told)
        return Decimal(text)


@extend_schema_field({"type": "string"})
class Choice(BodyField):
    """One of the texts of a choice; with `may_be_empty` also ""."""

    def __init__(self, choices: Any, *, may_be_empty: bool = False, **rest: Any) -> None:
        super().__init__(**rest)
        self.known = [*choices.values, *([""] if may_be_empty else [])]

    def to_internal_value(self, data: Any) -> str:
        if data not in self.known or not isinstance(data, str):
            words = {"value": shown(str(data)), "known": ", ".join(filter(None, self.known))}
            raise fail("unknown_choice", _("“%(value)s” is none of: %(known)s.") % words)
        return data


@extend_schema_field({"type": "string"})
class Code(BodyField):
    """The row of a code list, or of any list with codes, by its code: of those that the caller may point `key` at."""

    def __init__(self, key: Any, lookup: str = "code", **rest: Any) -> None:
        super().__init__(**rest)
        self.key, self.lookup = key, lookup

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str) or not 0 < len(data) <= 60:
            raise fail("not_a_code", _("This is a code."))
        rows = scope.choices(self.key, self.context["user"])
        found = self.found(rows, data)
        if found is None:
            raise fail("unknown_code", self.refusal(rows, data))
        return found

    def found(self, rows: QuerySet[Any], code: str) -> Any:
        """Of several periods of one code the last."""
        named = rows.filter(**{self.lookup: code})
        is_dated = any(field.name == "valid_from" for field in rows.model._meta.concrete_fields)
        return (named.order_by(F("valid_from").desc(nulls_last=True)) if is_dated else named).first()

    def refusal(self, rows: QuerySet[Any], code: str) -> str:
        words = {"code": shown(code), "list": rows.model._meta.verbose_name_plural}
        known: Sequence[str] = list(rows.values_list(self.lookup, flat=True)[:500])
        if nearest := nearest_of(code, known):
            return _("“%(code)s” is not in the list of %(list)s; the nearest is “%(nearest)s”.") % (
                words | {"nearest": nearest}
            )
        return _("“%(code)s” is not in the list of %(list)s.") % words


class Body(serializers.Serializer[Any]):
    """The members of a body. One that is not declared, or is no object, is refused."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, dict):
            raise serializers.ValidationError({"non_field_errors": [told("not_an_object", _("This is an object."))]})
        unknown = {name: [_unknown(name, self.fields)] for name in data if name not in self.fields}
        if unknown:
            raise serializers.ValidationError(unknown)
        return super().to_internal_value(data)


def _unknown(name: str, known: Any) -> Any:
    words = {"name": shown(name), "nearest": nearest_of(name, list(known)), "all": ", ".join(known)}
    if words["nearest"]:
        sentence = _("There is no member “%(name)s” here; the nearest is “%(nearest)s”.") % words
    else:
        sentence = _("There is no member “%(name)s” here; there are: %(all)s.") % words
    return told("unknown_member", sentence)

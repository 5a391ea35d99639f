"""Single cells: how a value is shown, and what is read from it as name, code, day, amount or number."""

import math
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from registry import credit_code, days, names
from registry.sheets.grid import CellValue, is_blank

# Excel and its files keep 15 digits of a number; what follows was invented by rounding.
_EXACT_BELOW = 10**15
_SCIENTIFIC = re.compile(r"[+-]?[0-9](?:\.[0-9]+)?E\+?[0-9]{1,3}", re.IGNORECASE)
_QUOTED_FORMULA = re.compile(r'="([^"]*)"')
_AMOUNT = re.compile(
    r"(?P<number>[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?|[+-]?\.[0-9]+)(?P<unit>亿元|万元|元|亿|万)?"
)
_CURRENCY = re.compile(r"^(?:人民币|rmb|cny|¥|¥)|(?:人民币|\(人民币\)|rmb|cny)$", re.IGNORECASE)
_COUNTED = re.compile(r"(?:[人名个家])$")
_IN_TEN_THOUSAND_YUAN = {
    "元": Decimal("0.0001"),
    "万": Decimal(1),
    "万元": Decimal(1),
    "亿": Decimal(10_000),
    "亿元": Decimal(10_000),
}
_FOUR_PLACES = Decimal("0.0001")
_LARGEST_AMOUNT = Decimal(10) ** 12
_LONGEST_NUMBER = 40
_LARGEST_INTEGER = 2**31 - 1
_LONGEST_TEXT = 2_000  # no column holds more; to clean a whole sheet of longer ones takes minutes
_LONGEST_SUGGESTION = 200
_TRUE = frozenset({"是", "有", "对", "√", "✓", "✔", "y", "yes", "true", "1"})
_FALSE = frozenset({"否", "无", "没有", "不是", "×", "✗", "✘", "n", "no", "false", "0"})


@dataclass(frozen=True, slots=True)
class Cell:
    """`text` is the value as a person sees it; `damage` a sentence when it was lost before it came here, or never
    typed: then `suggestion` is what it shows."""

    value: CellValue
    text: str
    damage: str = ""
    suggestion: str = ""
    is_formula: bool = False

    @property
    def is_blank(self) -> bool:
        return not self.damage and is_blank(self.value)


EMPTY = Cell(None, "")


class CellError(ValueError):
    """A cell that does not hold what its column says: a reason in one sentence, perhaps a suggestion."""

    def __init__(self, reason: str, suggestion: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.suggestion = suggestion


def cell_of(value: CellValue, *, is_error: bool = False, is_formula: bool = False) -> Cell:
    text = text_of(value)
    if is_error:
        return Cell(value, text or "#", _("The cell shows an error of its formula."))
    if len(text) > _LONGEST_TEXT:
        return Cell(value, names.shown(text), _("The text is longer than %d characters.") % _LONGEST_TEXT)
    if is_formula and not is_blank(value):
        why = _("The cell holds a formula, which is not read; in Excel, copy it and paste it as a value.")
        return Cell(value, "", why, text[:_LONGEST_SUGGESTION], is_formula=True)
    is_rounded = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) >= _EXACT_BELOW
    if is_rounded or (isinstance(value, str) and _is_rounded_text(value)):
        return Cell(
            value,
            text,
            _("The cell is a number whose last digits are lost; format it as text and type it again."),
        )
    return Cell(value, text)


def _is_rounded_text(text: str) -> bool:
    narrow = unicodedata.normalize("NFKC", text[:40]).strip()
    return bool(_SCIENTIFIC.fullmatch(narrow)) and int(narrow.upper().rpartition("E")[2]) >= 11


def text_of(value: CellValue) -> str:
    """3392.0 is 3392, a day is 2024-02-29, text stays as typed, also when it looks like a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, float):
        return _number_text(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _number_text(value: float) -> str:
    if math.isfinite(value) and value == int(value):
        return str(int(value)) if abs(value) < _EXACT_BELOW else f"{value:.14E}"
    return f"{value:.15g}"


def _refuse_damage(cell: Cell) -> None:
    if cell.damage:
        raise CellError(cell.damage, cell.suggestion)


def parse_text(cell: Cell) -> str:
    """One line without invisible characters; empty for a blank cell."""
    _refuse_damage(cell)
    if "\x00" in cell.text:
        raise CellError(_("“%s” holds a character that cannot be stored.") % names.shown(cell.text))
    return " ".join(names.drop_invisible(cell.text).split())


def parse_name(cell: Cell) -> str:
    """A name as the register stores it; empty for a blank cell."""
    _refuse_damage(cell)
    if cell.is_blank:
        return ""
    try:
        return names.clean_name(cell.text)
    except ValidationError as error:
        raise CellError(str(error.messages[0])) from error


def parse_code(cell: Cell) -> str:
    """A checked credit code; empty for a blank cell. One slip brings the likely codes as suggestion."""
    _refuse_damage(cell)
    if cell.is_blank:
        return ""
    typed = cell.text.strip()
    if quoted := _QUOTED_FORMULA.fullmatch(typed):
        typed = quoted[1]  # ="9150…" is how some programs keep Excel from rounding a code
    typed = typed.lstrip("'’")
    try:
        return credit_code.check(typed)
    except ValidationError as error:
        raise CellError(str(error.messages[0]), " / ".join(credit_code.suggest(typed))) from error


def parse_day(cell: Cell) -> date | None:
    _refuse_damage(cell)
    if cell.is_blank:
        return None
    try:
        return days.parse_loose_day(cell.value)
    except ValidationError as error:
        raise CellError(str(error.messages[0])) from error


def parse_last_day(cell: Cell) -> date | None:
    """The open end of a period whose last day included stands in the cell: 2026-10-15 gives 2026-10-16."""
    day = parse_day(cell)
    return None if day is None else days.until_from_last(day)


def parse_amount(cell: Cell, unit: str = "") -> Decimal | None:
    """万元 to four places, halves up. `unit` is the heading's; one in the cell outdoes it."""
    _refuse_damage(cell)
    if cell.is_blank:
        return None
    typed = _narrow(cell.text)
    plain = _CURRENCY.sub("", _CURRENCY.sub("", typed))
    found = _AMOUNT.fullmatch(plain) if len(plain) <= _LONGEST_NUMBER else None
    if found is None or isinstance(cell.value, bool | date | time):
        raise CellError(_("“%s” is not an amount of money in yuan.") % names.shown(cell.text))
    try:
        amount = Decimal(found["number"].replace(",", "")) * _IN_TEN_THOUSAND_YUAN[found["unit"] or unit or "万元"]
    except InvalidOperation as error:
        raise CellError(_("“%s” is not an amount of money in yuan.") % names.shown(cell.text)) from error
    if not 0 <= amount < _LARGEST_AMOUNT:
        raise CellError(_("The amount “%s” is negative or too large to be true.") % names.shown(cell.text))
    return amount.quantize(_FOUR_PLACES, ROUND_HALF_UP)


def parse_integer(cell: Cell) -> int | None:
    """A whole number from 0 to 2,147,483,647, perhaps with separators or a counting word (320人)."""
    _refuse_damage(cell)
    if cell.is_blank:
        return None
    typed = _COUNTED.sub("", _narrow(cell.text))
    found = _AMOUNT.fullmatch(typed) if len(typed) <= _LONGEST_NUMBER else None
    number = Decimal(found["number"].replace(",", "")) if found and not found["unit"] else None
    if number is None or number != int(number) or isinstance(cell.value, bool | date | time):
        raise CellError(_("“%s” is not a whole number.") % names.shown(cell.text))
    if not 0 <= number <= _LARGEST_INTEGER:
        raise CellError(_("The number “%s” is negative or too large.") % names.shown(cell.text))
    return int(number)


def parse_boolean(cell: Cell) -> bool | None:
    """是/否 and their usual spellings; None for a blank cell."""
    _refuse_damage(cell)
    if cell.is_blank or isinstance(cell.value, bool):
        return cell.value if isinstance(cell.value, bool) else None
    typed = _narrow(cell.text).casefold()
    if typed in _TRUE or typed in _FALSE:
        return typed in _TRUE
    raise CellError(_("“%s” is neither yes (是) nor no (否).") % names.shown(cell.text))


def _narrow(text: str) -> str:
    folded = unicodedata.normalize("NFKC", names.drop_invisible(text[:200]))
    return "".join(folded.split())

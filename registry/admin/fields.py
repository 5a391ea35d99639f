"""Form fields that read what people type: days in any usual form, last days, credit codes, names."""

import datetime
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.contrib.admin.widgets import AdminDateWidget, AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from registry.credit_code import CreditCodeError, check, suggest
from registry.days import last_included, parse_loose_day, until_from_last
from registry.names import NameProblem, clean_name, drop_invisible
from registry.sheets.cells import CellError, cell_of, parse_amount


class DayInput(AdminDateWidget):
    """A day as 2026-06-30 in every language; the small script makes the calendar write it so too."""

    class Media:
        js: ClassVar[list[str]] = ["registry/days.js"]

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"placeholder": "2026-06-30", **(attrs or {})}, format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day in any form that leaves no doubt, from 1900 to 2200."""

    widget = DayInput

    def to_python(self, value: Any) -> datetime.date | None:
        if value in self.empty_values:
            return None
        return parse_loose_day(value)


class LastDayField(DayField):
    """Shows and reads the last day of a period; holds the first day after it, as the models do.

    A text is a last day; a date is already the first day after.
    """

    def prepare_value(self, value: Any) -> Any:
        return last_included(value) if isinstance(value, datetime.date) else value

    def to_python(self, value: Any) -> datetime.date | None:
        day = super().to_python(value)
        return until_from_last(day) if day and isinstance(value, str) else day


class AmountField(forms.DecimalField):
    """An amount in 10,000 yuan as lists write it: 3,500, 3.5亿, 500万元, 12000元."""

    widget = AdminTextInputWidget

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "decimal", "class": "vAmountField"}

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}" if isinstance(value, Decimal) and value.is_finite() else value

    def to_python(self, value: Any) -> Any:
        if isinstance(value, Decimal):
            return value
        if value in self.empty_values:
            return None
        try:
            return parse_amount(cell_of(str(value)))
        except CellError as error:
            raise ValidationError(error.reason, code="amount") from error


class CreditCodeField(forms.CharField):
    """A credit code however it was typed; a wrong one is answered with the codes one slip away."""

    def __init__(self, *, max_length: int | None = None, **rest: Any) -> None:
        super().__init__(**rest)  # what is typed may be longer than the code: separators are dropped

    def to_python(self, value: Any) -> str | None:
        text = super().to_python(value)
        if not text:
            return text
        try:
            return check(text)
        except CreditCodeError as error:
            raise ValidationError([error, *_did_you_mean(text)]) from error


def _did_you_mean(text: str) -> list[ValidationError]:
    codes = suggest(text)
    hint = ValidationError(_("Did you mean %(codes)s?"), code="suggestion", params={"codes": " / ".join(codes)})
    return [hint] if codes else []


class NameField(forms.CharField):
    """A name without invisible characters; one that no reader could tell from another is refused."""

    def to_python(self, value: Any) -> str | None:
        name = super().to_python(drop_invisible(value) if isinstance(value, str) else value)
        if name:
            try:
                clean_name(name)
            except NameProblem as problem:
                raise ValidationError(str(problem), code=problem.code) from problem
        return name


class LinesField(forms.CharField):
    """A text of several lines, however its lines end: browsers send other ends than they were given."""

    def to_python(self, value: Any) -> str | None:
        text = super().to_python(value)
        return text.replace("\r\n", "\n") if text else text

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.to_python(initial), data)

"""Fields that are shown and not written: with the last day included and plain amounts, as the form has them."""

import datetime
from decimal import Decimal
from typing import Any

from django.contrib.admin import helpers
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from registry.admin import labels

Stock = helpers.AdminReadonlyField


class ReadonlyField(Stock):
    """`field` names a column of the form's model, or something else, which stays as it is."""

    def __init__(self, form: Any, field: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(form, field, *args, **kwargs)
        self.value = vars(form.instance).get(field) if isinstance(field, str) else None
        if field in labels.LAST_DAYS:
            self.field |= {"label": str(labels.LAST_DAYS[field]), "help_text": ""}

    def contents(self) -> SafeString:
        if isinstance(self.value, datetime.date) and self.field["name"] in labels.LAST_DAYS:
            return conditional_escape(labels.last_day(self.value))
        if isinstance(self.value, Decimal):
            return conditional_escape(f"{self.value.normalize():,f}")
        return super().contents()


helpers.AdminReadonlyField = ReadonlyField  # type: ignore[misc]

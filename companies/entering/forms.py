"""The form of a firm: before another firm is entered it asks once whether it is not one of the register."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from companies.entering.twins import Twin, twins
from registry.admin.forms import EntryForm

ISSUED_AHEAD = _("The day of issue, %(day)s, lies ahead: the certificate counts from that day on.")
ANOTHER = "is_another_firm"
_TYPED_NAME = re.compile(r"names-\d{1,3}-name_zh")
MOST_NAMES = 5


class FirmForm(EntryForm):
    """`twins` are the firms it may be, where it has to be said that it is none of them."""

    is_another_firm = forms.BooleanField(label=_("It is another firm: enter it all the same"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.twins: list[Twin] = []
        if self.instance.pk is not None:
            del self.fields[ANOTHER]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if ANOTHER in self.fields and not self.errors.get("uscc"):
            self.ask_for_twins(cleaned)
        return cleaned

    def ask_for_twins(self, cleaned: dict[str, Any]) -> None:
        names = [self.data[key] for key in self.data if _TYPED_NAME.fullmatch(key)][:MOST_NAMES]
        found = twins(self.reader, code=cleaned.get("uscc") or "", names=names)
        self.twins = [twin for twin in found if twin.is_strong and twin.uscc != cleaned.get("uscc")]
        if self.twins and not cleaned.get(ANOTHER):
            told = _("The register may hold this firm already: see the top of the page.")
            self.add_error(None, ValidationError(told))

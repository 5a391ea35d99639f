"""What counts as a phone number, wherever one is written."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

FEWEST_DIGITS = 5
_DIGIT = re.compile(r"[0-9０-９]")


def check_phone(phone: str) -> None:
    """ValidationError for a text with fewer than five digits; an empty one is none."""
    if phone and len(_DIGIT.findall(phone)) < FEWEST_DIGITS:
        raise ValidationError(_("A phone number has at least %d digits.") % FEWEST_DIGITS)

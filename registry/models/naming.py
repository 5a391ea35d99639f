"""Names of code lists' rows, in the reader's language where they have one in it."""

from typing import ClassVar

from django.db import models
from django.db.models import Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

OTHER_LANGUAGES = ("en", "it")
"""In which a row may lack its name; Chinese is never empty."""


class Named(models.Model):
    """Names in the three languages of the interface; Chinese is never empty."""

    name_zh = models.CharField(_("Chinese name"), max_length=200)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    name_it = models.CharField(_("Italian name"), max_length=200, blank=True)

    class Meta:
        abstract = True

    class Access:
        public: ClassVar[tuple[str, ...]] = ("name_zh", "name_en", "name_it")

    def __str__(self) -> str:
        language = language_of_reader()
        own: str = getattr(self, f"name_{language}") if language in OTHER_LANGUAGES else ""
        return own or self.name_zh


def language_of_reader() -> str:
    return (get_language() or "zh")[:2]


def name_of(path: str) -> Coalesce:
    """The name of the row at the end of the path, for a query."""
    language = language_of_reader()
    if language not in OTHER_LANGUAGES:
        return Coalesce(f"{path}__name_zh", Value(""))
    return Coalesce(NullIf(f"{path}__name_{language}", Value("")), f"{path}__name_zh")

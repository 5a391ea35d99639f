"""The text by which a firm is found."""

from typing import Any, ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from companies.models.companies import Company
from registry.search.words import Pieces


class SearchText(models.Model):
    """What a firm is found by: all its names and its code. Derived, kept by trigger; no entry.

    `written` holds the folded names, a line each, with a line's end before the first and after the last; below each
    name, in a line that begins with the initials, what one or two letters find (`companies_short_words`).
    `spelled` holds words in Latin letters, each after a blank: English, pinyin by syllable and in one word, and
    initials of each name; last the code after ` ß`. `pinyin`, that of the latest name, orders firms that are not
    ranked. From `named_from` on the firm has a name on each day (9999-12-31: it never will): so the few without a
    name on a day are found without asking all.
    """

    company = models.OneToOneField(Company, primary_key=True, on_delete=models.CASCADE, related_name="search_text")
    written = models.TextField(_("folded names"))
    spelled = models.TextField(_("names in Latin letters, and the code"))
    pinyin = models.TextField(_("pinyin of the latest name"))
    named_from = models.DateField(_("named from this day on"))

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("search text of a firm")
        verbose_name_plural = _("search texts of firms")
        # Trigrams find nothing in Chinese of two characters. The list of what is not yet in the tree is read by
        # every search: it is kept short (kB).
        indexes = (
            models.Index(fields=("pinyin", "company"), name="companies_searchtext_order"),
            models.Index(fields=("named_from",), name="companies_searchtext_named"),
            GinIndex(Pieces("written"), name="companies_searchtext_pieces", gin_pending_list_limit=512),
            GinIndex(
                name="companies_searchtext_spelled",
                fields=["spelled"],
                opclasses=["gin_trgm_ops"],
                gin_pending_list_limit=512,
            ),
        )

    class Access:
        public: ClassVar[tuple[str, ...]] = ("company", "written", "spelled", "pinyin", "named_from")

    def __str__(self) -> str:
        return f"{self.company_id} {self.written.strip()}"

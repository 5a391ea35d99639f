"""Firms of the register that a firm about to be entered may be: by code, by name, by how the name sounds or is spelled.

Of the firms that the person may see, and of published firms with what everybody reads of them; no other is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.contrib.postgres.fields.array import ArrayOverlap  # type: ignore[attr-defined]
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from companies.models import Company, CompanyName, SearchText
from registry import scope
from registry.credit_code import LENGTH, normalise, suggest
from registry.names import normalise_name, pinyin_key
from registry.search.words import Pieces, fold

MOST_SHOWN = 5
MOST_COMPARED = 2_000
"""Names that share two neighbouring characters with the name in question."""
ALIKE, STRONG = 75, 90
"""Of 100: from the first on a firm is shown, from the second on the register asks before it enters another."""

# What half of all names hold tells no firm from another.
_PLACE_AND_FORM = re.compile(r"重庆市?|有限责任|股份|有限|公司|集团|[()（）\s]")
_TRADE = re.compile(r"科技|技术|信息|电子|软件|智能|网络|生物|医药|材料|工程|发展|实业|商贸")


@dataclass(frozen=True)
class Twin:
    """`key` is the firm's, for who may see it in the admin."""

    uscc: str
    name: str
    why: str
    key: int | None
    likeness: float

    @property
    def address(self) -> str:
        """The firm's page in the admin, or its public page for who may not see that."""
        page = "firm" if self.key is None else "admin:companies_company_change"
        return reverse(page, args=[self.key or self.uscc])

    @property
    def is_strong(self) -> bool:
        return self.likeness >= STRONG


Found = dict[int, tuple[float, str]]
"""Firm -> how alike it is, of 100, and why."""


def twins(user: Any, *, code: str = "", names: Iterable[str] = ()) -> list[Twin]:
    """The most alike first; at most five."""
    found: Found = {}
    for alike in (_by_code(normalise(code[:100])), *(_by_name(name) for name in names if name.strip())):
        for firm, told in alike.items():
            found[firm] = max(found.get(firm, told), told)
    return _shown(user, found)


def _shown(user: Any, found: Found) -> list[Twin]:
    rows: Any = Company.objects.filter(pk__in=found)
    mine = set(scope.scope(rows, user).values_list("pk", flat=True))
    visible = rows.filter(Q(pk__in=mine) | Q(pk__in=Company.objects.public().filter(pk__in=found).values("pk")))
    latest = dict(
        CompanyName.objects.filter(company__in=found).order_by("valid_from").values_list("company_id", "name_zh")
    )
    told = [
        Twin(
            firm.uscc,
            latest.get(firm.pk, ""),
            found[firm.pk][1],
            firm.pk if firm.pk in mine else None,
            found[firm.pk][0],
        )
        for firm in visible
    ]
    return sorted(told, key=lambda twin: (-twin.likeness, twin.uscc))[:MOST_SHOWN]


def _by_code(code: str) -> Found:
    """The same code, one slip away, or the same organisation with another office that registered it."""
    if not code:
        return {}
    found: Found = {}
    if len(code) == LENGTH:
        same = SearchText.objects.filter(spelled__contains=code[8:17].lower())
        for firm in Company.objects.filter(pk__in=same.values("company"), uscc__contains=code[8:17]).values_list("pk"):
            found[firm[0]] = (95.0, _("the same organisation in the credit code"))
    for firm in Company.objects.filter(uscc__in=suggest(code)).values_list("pk", flat=True):
        found[firm] = (97.0, _("a credit code one slip away"))
    for firm in Company.objects.filter(uscc=code).values_list("pk", flat=True):
        found[firm] = (100.0, _("the same credit code"))
    return found


def _by_name(name: str) -> Found:
    from rapidfuzz import fuzz  # at its first use: the forms are made when a worker starts

    normal, spelled, core = normalise_name(name), pinyin_key(name), _core(name)
    found: Found = {}
    for firm, other in _names_like(name, core):
        if normalise_name(other) == normal:
            told = (99.0, _("the same name"))
        elif pinyin_key(other) == spelled:
            told = (94.0, _("a name that sounds the same"))
        else:
            told = (fuzz.ratio(core, _core(other)), _("a similar name"))
        if told[0] >= ALIKE:
            found[firm] = max(found.get(firm, told), told)
    return found


def _names_like(name: str, core: str) -> list[tuple[int, str]]:
    """Firms with a name, present or former, that sounds the same or shares two neighbouring characters of the core."""
    own = _TRADE.sub("", core)
    [folded] = fold([own if len(own) > 1 else core])
    pieces = [ord(first) << 21 | ord(second) for first, second in pairwise(folded)]
    shares_one = Q(ArrayOverlap(Pieces("written"), pieces)) if pieces else Q(pk__in=())
    near = SearchText.objects.filter(shares_one)
    keys = list(near.values_list("company_id", flat=True)[:MOST_COMPARED])
    alike = Q(company__in=keys) | Q(pinyin=pinyin_key(name))
    return list(CompanyName.objects.filter(alike).values_list("company_id", "name_zh"))


def _core(name: str) -> str:
    normal = normalise_name(name)
    return _PLACE_AND_FORM.sub("", normal) or normal

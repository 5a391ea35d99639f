"""The code lists as sheets write them: by code, by name, by the name without its last syllable."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from rapidfuzz import process

from companies.models import CertificationKind
from companies.models.questions import HIGH_TECH
from incubators.models import Incubator
from registry.models import DatedCode, District, Industry, ReportingUnit, StrategicField, TechnologyField
from registry.names import normalise_name, shown
from registry.sheets.cells import CellError

Spellings = Callable[[str], Iterable[str]]

_CITY = re.compile(r"^重庆市?[-/·,、]?(?=..)")
_KIND_OF_DISTRICT = re.compile(r"(?:(?:[土苗][家族]*族)*自治县|[区县])$")
_OFFICE = re.compile(
    r"(?:科学技术和?(?:经济信息化)?局|科技创新局|科技和?(?:经济)?信息化?局|科技局|科委|经信委|管理委员会|管委会|(?:人民)?政府)$"
)
_REMARK = re.compile(r"\([^()]*\)")
_ORDINAL = re.compile(r"^(?:[(]?[0-9一二三四五六七八九十]{1,2}[)、.,:]|[0-9](?=\D))")
_TECHNOLOGY_ENDING = re.compile(r"(?:技术领域|领域|技术|业)$")
_KIND_ENDING = re.compile(r"(?:认定)?(?:证书|资质|认定|称号)$")
_SECTION = re.compile(r"([a-t])[0-9]{0,4}")
_DIVISION = re.compile(r"([0-9]{2})(?:[0-9]{2})?")
# GB/T 4754-2017: the last division of each section.
_LAST_DIVISIONS = {
    "a": 5, "b": 12, "c": 43, "d": 46, "e": 50, "f": 52, "g": 60, "h": 62, "i": 65, "j": 69,
    "k": 70, "l": 72, "m": 75, "n": 79, "o": 82, "p": 83, "q": 85, "r": 90, "s": 96, "t": 97,
}  # fmt: skip
# What sheets call an entry beside its names: folded spelling -> code.
_KIND_ALIASES = {
    "高企": HIGH_TECH,
    "国高": HIGH_TECH,
    "国家高新技术企业": HIGH_TECH,
    "国家级高新技术企业": HIGH_TECH,
    "专精特新": "specialised_sme",
    "专精特新企业": "specialised_sme",
    "创新型": "innovative_sme",
    "科技型": "technology_sme",
}
_TECHNOLOGY_ALIASES = {"生物医药": "2", "新医药": "2", "先进制造": "8", "新能源": "6", "节能": "6"}
_UNIT_ALIASES = {
    "高新区": "cq_hightech_zone",
    "重庆高新区": "cq_hightech_zone",
    "高新技术产业开发区": "cq_hightech_zone",
    "西部科学城": "cq_hightech_zone",
    "西部(重庆)科学城": "cq_hightech_zone",
    "万盛": "wansheng_etz",
    "万盛区": "wansheng_etz",
}


class Choices:
    """One code list, found by any spelling of a code or name. Of one spelling the entry last in force counts."""

    def __init__(
        self, label: str, entries: Iterable[Any], spellings: Spellings, aliases: dict[str, str] | None = None
    ) -> None:
        self.label = label
        self.spellings = spellings
        self.entries = sorted(entries, key=_last_in_force)
        self.names = [entry.name_zh for entry in self.entries]
        self.by_spelling: dict[str, Any] = {}
        for entry in self.entries:
            for text in (entry.code, entry.name_zh, entry.name_en):
                self.by_spelling.update(dict.fromkeys(self._spelled(text), entry))
        for entry in self.entries:  # a full name is never lost to the short form of another
            self.by_spelling[normalise_name(entry.name_zh)] = entry
        for spelling, code in (aliases or {}).items():
            if found := self.by_spelling.get(code):
                self.by_spelling.setdefault(spelling, found)
        self.met: dict[str, Any] = {}

    def _spelled(self, text: str) -> Iterator[str]:
        folded = normalise_name(text)
        yield from (spelling for spelling in (folded, *self.spellings(folded)) if spelling)

    def get(self, text: str) -> Any | None:
        if text not in self.met:
            candidates = (self.by_spelling.get(spelling) for spelling in self._spelled(text))
            self.met[text] = next((entry for entry in candidates if entry is not None), None)
        return self.met[text]

    def find(self, text: str) -> Any:
        """The entry; CellError with the nearest names where there is none."""
        entry = self.get(text)
        if entry is None:
            raise self.unknown(text)
        return entry

    def unknown(self, text: str) -> CellError:
        nearest = process.extract(text, self.names, limit=3, score_cutoff=50)
        reason = _("“%(value)s” is not in the list of %(list)s.") % {"value": shown(text), "list": self.label}
        return CellError(reason, " / ".join(dict.fromkeys(name for name, _score, _index in nearest)))


def _last_in_force(entry: DatedCode) -> tuple[bool, str]:
    return (entry.valid_until is None, entry.valid_until.isoformat() if entry.valid_until else "")


def district_spellings(folded: str) -> Iterator[str]:
    """重庆市渝北区, 渝北 and 500112000000 are 渝北区; 石柱 and 石柱县 are 石柱土家族自治县."""
    if folded.isdigit() and len(folded) in (9, 12):
        yield folded[:6]
    plain = _CITY.sub("", folded)
    yield plain
    short = _KIND_OF_DISTRICT.sub("", plain)
    if len(short) > 1:
        yield short


def unit_spellings(folded: str) -> Iterator[str]:
    """渝北区科技局 reports for 渝北区."""
    yield from district_spellings(folded)
    plain = _REMARK.sub("", _OFFICE.sub("", folded))
    if plain != folded:
        yield plain
        yield from district_spellings(plain)


def technology_spellings(folded: str) -> Iterator[str]:
    """一、电子信息技术 and 电子信息/软件 are 电子信息."""
    plain = _ORDINAL.sub("", folded)
    for text in (plain, re.split(r"[/>\\—|-]+", plain)[0]):
        joined = re.sub("[及和]", "与", text)
        yield joined
        yield _TECHNOLOGY_ENDING.sub("", joined)


def industry_spellings(folded: str) -> Iterator[str]:
    """C39 and 3911 are of section C; I信息传输… is named twice over."""
    if found := _SECTION.fullmatch(folded):
        yield found[1]
    elif (found := _DIVISION.fullmatch(folded)) and int(found[1]) > 0:
        yield next((section for section, last in _LAST_DIVISIONS.items() if int(found[1]) <= last), "")
    yield re.sub(r"^[a-t](?=[^a-z])[0-9]*[-.、]?", "", folded)


def kind_spellings(folded: str) -> Iterator[str]:
    yield _KIND_ENDING.sub("", folded)


def no_spellings(_folded: str) -> Iterator[str]:
    yield from ()


@dataclass(frozen=True, slots=True)
class Place:
    """What a district column names: a district, or a development zone that only reports."""

    district: District | None = None
    reporting_unit: ReportingUnit | None = None

    def __str__(self) -> str:
        return str(self.district or self.reporting_unit or "")


@dataclass(slots=True)
class Lists:
    """All code lists, loaded once for an import. `grew_out_of`: entry -> what was merged into it."""

    districts: Choices
    units: Choices
    industries: Choices
    strategic_fields: Choices
    technology_fields: Choices
    kinds: Choices
    incubators: Choices
    grew_out_of: dict[DatedCode, list[Any]] = field(default_factory=dict)

    def place(self, text: str) -> Place:
        unit = self.units.get(text)
        if district := self.districts.get(text):
            return Place(district=district, reporting_unit=unit if _reports_apart(unit, district) else None)
        if unit is None:
            raise self.districts.unknown(text)
        return Place(district=unit.district, reporting_unit=None if unit.district else unit)


def _reports_apart(unit: ReportingUnit | None, district: District) -> bool:
    """Whether a merged district's figures went to a development zone (万盛): then naming it names that too."""
    return (
        unit is not None
        and unit.district == district
        and unit.successor is not None
        and unit.successor.district_id is None
    )


def load_lists(own: Incubator | None = None) -> Lists:
    """With an incubator that the import is of, no other can be named."""
    districts = list(District.objects.select_related("successor"))
    units = list(ReportingUnit.objects.select_related("district", "successor"))
    lists = Lists(
        Choices(_("districts"), districts, district_spellings),
        Choices(_("reporting units"), units, unit_spellings, _UNIT_ALIASES),
        Choices(_("industries"), Industry.objects.all(), industry_spellings),
        Choices(_("strategic fields"), StrategicField.objects.select_related("hub"), no_spellings),
        Choices(_("technology fields"), TechnologyField.objects.all(), technology_spellings, _TECHNOLOGY_ALIASES),
        Choices(_("kinds of certificates"), CertificationKind.objects.all(), kind_spellings, _KIND_ALIASES),
        Choices(_("your incubators"), [own], no_spellings)
        if own
        else Choices(_("incubators"), Incubator.objects.all(), no_spellings),
    )
    for entry in (*districts, *units):
        if entry.successor is not None:
            lists.grew_out_of.setdefault(entry.successor, []).append(entry)
    return lists

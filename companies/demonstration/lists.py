"""The reference rows that invented facts point at, by code, read once."""

import datetime
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from django.db.models import Model, QuerySet

from companies.models import CertificationKind, FinancingInstrument, PilotZoneMember
from incubators.models import IncubatorKind, IncubatorLevel
from registry.models import (
    Campus,
    CircleSite,
    District,
    Industry,
    Province,
    ReportingUnit,
    StrategicField,
    TechnologyField,
    University,
)

Row = TypeVar("Row", bound=Model)
CHONGQING = "500000"
# No invented firm is old enough for the districts that were merged before: they would all be its first years.
OLDEST_ABOLITION = datetime.date(2020, 1, 1)
# Where the development zones with figures of their own have their firms.
DISTRICTS_OF_UNITS = {
    "cq_hightech_zone": ("500106", "500107"),
    "wansheng_etz": ("500110",),
    "liangjiang_new_area": ("500105", "500112", "500109"),
}


class ReferenceMissing(ValueError):
    """The code lists are empty: a demonstration set needs them first."""


@dataclass(frozen=True)
class Home:
    """A district with the unit that a firm there reports under."""

    district: District
    unit: ReportingUnit | None

    @property
    def begins_on(self) -> datetime.date | None:
        begins = [place.valid_from for place in self.places if place.valid_from]
        return max(begins, default=None)

    @property
    def ends_on(self) -> datetime.date | None:
        """The first day on which one of the two is no longer in force."""
        ends = [place.valid_until for place in self.places if place.valid_until]
        return min(ends, default=None)

    @property
    def places(self) -> tuple[District | ReportingUnit, ...]:
        return (self.district, self.unit) if self.unit else (self.district,)

    @property
    def is_development_zone(self) -> bool:
        """Whether firms here report under another unit than the district's own."""
        return self.unit is not None and self.unit.district_id is None

    @property
    def last(self) -> "Home":
        """What the home has become, or will, through all changes of divisions that are known."""
        home, following = self, self.next() if self.ends_on else None
        while following is not None:
            home, following = following, following.next() if following.ends_on else None
        return home

    def is_in_force(self, on: datetime.date) -> bool:
        begins, ends = self.begins_on, self.ends_on
        return (begins is None or begins <= on) and (ends is None or ends > on)

    def next(self) -> "Home | None":
        """Where the firm finds itself, without having moved, once this has ended."""
        ended = self.ends_on
        district = self.district.successor if self.district.valid_until == ended else self.district
        unit = self.unit
        if unit is not None and unit.valid_until == ended:
            unit = unit.successor
            district = unit.district if unit is not None and unit.district is not None else district
        return Home(district, unit) if district is not None else None

    def parts(
        self, begins: datetime.date, until: datetime.date | None
    ) -> Iterator[tuple["Home", datetime.date, datetime.date | None]]:
        """A stay here, cut wherever the division around it changed."""
        home = self
        while True:
            ends, following = home.ends_on, home.next()
            if ends is None or following is None or (until is not None and until <= ends):
                yield home, begins, until
                return
            if ends > begins:
                yield home, begins, ends
                begins = ends
            home = following


class Lists:
    """All lists; an empty one is a ReferenceMissing when it is asked for."""

    def require(self) -> None:
        """Read them all, before anything is made up."""
        for name, member in vars(type(self)).items():
            if isinstance(member, cached_property):
                getattr(self, name)

    @cached_property
    def fields(self) -> list[StrategicField]:
        return _rows(StrategicField.objects.select_related("hub"))

    @cached_property
    def technology_fields(self) -> list[TechnologyField]:
        return _rows(TechnologyField.objects.all())

    @cached_property
    def industries(self) -> list[Industry]:
        return _rows(Industry.objects.all())

    @cached_property
    def universities(self) -> list[University]:
        return _rows(University.objects.all())

    @cached_property
    def circle_sites(self) -> list[CircleSite]:
        return _rows(CircleSite.objects.select_related("circle__university"), "circle__code", "name_zh")

    @cached_property
    def other_provinces(self) -> list[Province]:
        return _rows(Province.objects.exclude(code=CHONGQING))

    @cached_property
    def incubator_kinds(self) -> list[IncubatorKind]:
        return _rows(IncubatorKind.objects.all())

    @cached_property
    def incubator_levels(self) -> list[IncubatorLevel]:
        return _rows(IncubatorLevel.objects.all())

    @cached_property
    def kinds(self) -> dict[str, CertificationKind]:
        return {kind.code: kind for kind in _rows(CertificationKind.objects.all())}

    @cached_property
    def instruments(self) -> list[FinancingInstrument]:
        return _rows(FinancingInstrument.objects.all())

    @cached_property
    def pilot_members(self) -> list[PilotZoneMember]:
        return _rows(PilotZoneMember.objects.select_related("pilot_zone"), "id")

    @cached_property
    def units(self) -> list[ReportingUnit]:
        related = ReportingUnit.objects.select_related("district__zone", "successor__district__zone")
        return _rows(related, "code", "valid_from")

    @cached_property
    def districts(self) -> list[District]:
        return _rows(District.objects.select_related("zone", "successor__zone"), "code", "valid_from")

    @cached_property
    def homes(self) -> list[Home]:
        """Every district, in force or lately abolished with a successor, with its own reporting unit."""
        units = {unit.district_id: unit for unit in self.units if unit.district_id}
        lasting = [
            d for d in self.districts if d.valid_until is None or (d.successor_id and d.valid_until >= OLDEST_ABOLITION)
        ]
        return [Home(district, units.get(district.pk)) for district in lasting]

    @cached_property
    def homes_of_units(self) -> list[Home]:
        """The homes in development zones that have figures of their own."""
        return [home for code in DISTRICTS_OF_UNITS for home in self.homes_of_unit(code)]

    def home(self, district: str, unit: str) -> Home | None:
        """The district and the unit of these codes; of several, the last."""
        found = [home.district for home in self.homes if home.district.code == district]
        units = [one for one in self.units if one.code == unit]
        return Home(found[-1], units[-1] if units else None) if found else None

    def homes_of_unit(self, code: str) -> list[Home]:
        """The districts in which a development zone has its firms, reporting under it."""
        unit = next((unit for unit in self.units if unit.code == code), None)
        codes = DISTRICTS_OF_UNITS.get(code, ())
        return [Home(home.district, unit) for home in self.homes if unit and home.district.code in codes]

    @cached_property
    def campuses(self) -> dict[str, list[Campus]]:
        """Campuses with a position, by the code of their district."""
        found: dict[str, list[Campus]] = defaultdict(list)
        placed = Campus.objects.filter(latitude__isnull=False, district__isnull=False)
        for campus in placed.select_related("district").order_by("university__code", "name_zh"):
            assert campus.district is not None
            found[campus.district.code].append(campus)
        return found


def _rows(queryset: QuerySet[Row], *order: str) -> list[Row]:
    rows = list(queryset.order_by(*(order or ("code",))))
    if not rows:
        name = queryset.model._meta.verbose_name_plural
        raise ReferenceMissing(f"The list “{name}” is empty: run load_reference first.")
    return rows

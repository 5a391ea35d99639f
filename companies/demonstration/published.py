"""What the invented set is measured by: published figures and targets, read from the register's own tables."""

from companies.demonstration.curve import Curve
from companies.demonstration.lists import Home, Lists, ReferenceMissing
from companies.models import Observation, Target
from registry.models.entries import Mark

CITY = "city"
STOCK, FLOW = "high_tech_firms", "high_tech_certified_in_year"
LAST_DAY = (12, 31)
CAMPUSES_OF_NONE = 4  # the pull that a district has without one


def published_curve() -> Curve:
    """Through the city's figures of ends of years; uncertain ones (mark U) and lower bounds bind nothing exactly."""
    stocks: dict[int, float] = {}
    floors: dict[int, float] = {}
    flows: dict[int, float] = {}
    figures = Observation.objects.filter(area__code=CITY, indicator__code__in=(STOCK, FLOW))
    for row in figures.exclude(mark=Mark.UNCERTAIN).select_related("indicator").order_by("as_of", "-mark", "id"):
        if (row.as_of.month, row.as_of.day) != LAST_DAY:
            continue
        if row.indicator.code == FLOW:
            flows[row.as_of.year] = float(row.value)
        elif row.is_lower_bound:
            floors[row.as_of.year] = float(row.value)
        else:
            stocks[row.as_of.year] = float(row.value)
    if len(stocks) < 2:
        raise ReferenceMissing("Published figures of two years are needed: run load_reference first.")
    return Curve(stocks, floors, flows)


def weights(lists: Lists) -> dict[Home, float]:
    """How many of the city's firms each home is to have, in proportion: by the targets of zones, districts and units.

    What a zone's target leaves over for places without one goes to them by the campuses that they have.
    """
    zones, districts, units = _targets(lists)
    homes = [*lists.homes, *lists.homes_of_units]
    own = {home: value for home in homes if (value := _own_target(home, lists, districts, units)) is not None}
    found: dict[Home, float] = dict(own)
    for zone in {home.district.zone_id for home in homes}:
        here = [home for home in homes if home.district.zone_id == zone]
        rest = zones.get(zone, 0.0) - sum(own.get(home, 0.0) for home in here)
        pulls = {home: _pull(home, lists) for home in here if home not in own}
        for home, pull in pulls.items():
            found[home] = max(rest, 1.0) * pull / sum(pulls.values())
    return found


def _targets(lists: Lists) -> tuple[dict[int, float], dict[int, float], dict[int, float]]:
    """The last targets of zones, districts and units by their keys; one of several zones is shared out by districts."""
    parts: tuple[dict[int, float], dict[int, float], dict[int, float]] = ({}, {}, {})
    rows = Target.objects.filter(indicator__code=STOCK, superseded_by=None).order_by("year", "code")
    for target in rows.prefetch_related("area__members"):
        members = list(target.area.members.all())
        sizes = [sum(home.district.zone_id == member.zone_id for home in lists.homes) or 1 for member in members]
        for member, size in zip(members, sizes, strict=True):
            value = float(target.value) * size / sum(sizes)
            for part, key in zip(parts, (member.zone_id, member.district_id, member.reporting_unit_id), strict=True):
                if key is not None:
                    part[key] = value
    return parts


def _own_target(home: Home, lists: Lists, districts: dict[int, float], units: dict[int, float]) -> float | None:
    if home.unit is not None and home.unit.pk in units:
        return units[home.unit.pk] / len(lists.homes_of_unit(home.unit.code))
    return None if home.is_development_zone else districts.get(home.district.pk)


def _pull(home: Home, lists: Lists) -> float:
    campuses = len(lists.campuses.get(home.district.code, ()))
    return (CAMPUSES_OF_NONE + campuses) * (0.5 if home.is_development_zone else 1)

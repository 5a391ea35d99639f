"""Cohorts of certified firms, year by year: what becomes of each certificate, and as many new firms as the curve needs.

A year of the simulation: some firms end or move, certificates that end are renewed in time, late, a year later or
never, firms arrive with a certificate from elsewhere; then the first certificates of the year are given to exactly as
many new firms as bring the stock of 31 December onto the curve. Where the grants of a year were published, renewals a
year ahead of time, which change no stock, make up their number.
"""

import datetime
from collections import defaultdict

from companies.demonstration.curve import Curve
from companies.demonstration.dealing import Chance, Portion
from companies.demonstration.lives import DAY, Grant, Life, stock
from companies.demonstration.seasons import Season
from registry.days import add_years

VALID_YEARS = 3
# Shares of the firms that hold a certificate, each year.
YEARLY = {"dissolved": 0.006, "absorbed": 0.003, "left": 0.004, "left_for_a_while": 0.0015, "moved": 0.015}
ARRIVALS = 0.006
IDLE_DISSOLVED = 0.03  # of those whose certificate is over
# Shares of the certificates that end in a year; the rest are renewed in time.
RENEWED_LATE, RENEWED_NEXT_YEAR, NEVER_RENEWED = 0.12, 0.03, 0.09
RENEWED_AHEAD = 0.04  # of those that end in the next year
REVOKED = 0.012  # of all certificates
CERTIFIED_AGAIN = 0.4  # of the revoked
# Firms that no public figure shows, to every new one that they do.
HIDDEN = {"unpublished": 0.03, "nowhere": 0.012}
UNKNOWN_DISTRICT = 0.02
EARLIEST_BIRTH = datetime.date(1997, 7, 1)


class Cohorts:
    """All firms that ever held a certificate."""

    def __init__(self, curve: Curve, seed: int, today: datetime.date) -> None:
        self.lives: list[Life] = []
        self.ahead: dict[int, tuple[int, int]] = {}
        """By year: certificates renewed a year ahead, and those that could be."""
        self._curve, self._seed, self._today = curve, seed, today
        self._chance = Chance(seed, "cohorts")
        self._portions: dict[str, Portion] = {}
        self._seasons: dict[int, Season] = {}
        self._back: dict[int, list[Life]] = defaultdict(list)  # by the year in which they are certified again
        self._granted = 0  # in the year at hand, to firms that count

    def live(self) -> list[Life]:
        """Every life up to the day of loading."""
        first = self._curve.first_year
        self._begin(first)
        for year in range(first + 1, self._today.year + 1):
            self._pass(self._season(year))
        here = [life for life in self.lives if life.entered_on is None or life.entered_on <= self._today]
        for life in here:
            life.cut(self._today)
        return [life for life in here if life.grants]

    def _begin(self, year: int) -> None:
        """The first stock, with certificates of three ages in the proportion of three years' stocks."""
        years = range(year - VALID_YEARS + 1, year + 1)
        earlier = sum(self._curve.stock(one) for one in years)
        sizes = [self._curve.stock(year) * self._curve.stock(one) // max(earlier, 1) for one in years[:-1]]
        for one, size in zip(years, [*sizes, self._curve.stock(year) - sum(sizes)], strict=True):
            for _ in range(size):
                self._found(self._season(one))

    def _pass(self, season: Season) -> None:
        year, self._granted = season.year, 0
        new_year = datetime.date(year, 1, 1)
        present = [life for life in self.lives if life.gone_on is None]
        holding = [life for life in present if life.grants[-1].is_valid(new_year)]
        self._end_idle([life for life in present if not life.grants[-1].is_valid(new_year)], year)
        holding = self._part(holding, year)
        self._renew([life for life in holding if _ends_in(life, year)], season)
        for life in self._back.pop(year, []):
            if life.gone_on is None:
                self._grant(life, season.batch())
        for _ in range(self._take("arrived", ARRIVALS, len(holding))):
            self._arrive(year)
        self._balance(season, [life for life in holding if _can_renew_ahead(life, year)])

    def _balance(self, season: Season, next_year: list[Life]) -> None:
        """Onto the curve, and onto the published grants where there are any."""
        year = season.year
        new = max(0, self._curve.stock(year) - stock(self.lives, datetime.date(year, 12, 31)))
        ahead = self._take("ahead", RENEWED_AHEAD, len(next_year))
        flow = self._curve.flow(year)
        if flow is not None:
            ahead = flow - self._granted - new
        self.ahead[year] = (ahead, len(next_year))
        for life in self._chance.sample(next_year, min(max(ahead, 0), len(next_year))):
            self._grant(life, season.batch())
        from_elsewhere = min(max(-ahead, 0), new)  # too many grants: firms that bring a certificate along
        for _ in range(from_elsewhere):
            self._arrive(year)
        for _ in range(new - from_elsewhere):
            self._found(season)
        self._found_hidden(season, new)

    def _part(self, holding: list[Life], year: int) -> list[Life]:
        """Firms that end or move within the year; those that go on in the city are returned."""
        away = [life for life in holding if life.is_away(year)]
        here = [life for life in holding if not life.is_away(year)]
        self._chance.shuffle(here)
        groups = {name: self._some(here, self._take(name, share, len(holding))) for name, share in YEARLY.items()}
        for name in ("dissolved", "absorbed"):
            for life in groups[name]:
                life.ended_on = self._day(year)
                life.is_absorbed = name == "absorbed" and life.is_counted
        for name in ("left", "left_for_a_while", "moved"):
            here += [life for life in groups[name] if not self._move(life, name, year)]
        return away + here

    def _move(self, life: Life, how: str, year: int) -> bool:
        """Whether it leaves the city for good; a firm moves once in its life."""
        if not life.is_plain:
            return False
        if how == "moved":
            life.moved_on = self._day(year)
            return False
        life.left_on = self._day(year)
        if how == "left_for_a_while":
            life.returned_on = life.left_on + self._chance.randint(200, 500) * DAY
        return how == "left"

    def _end_idle(self, idle: list[Life], year: int) -> None:
        """Some of the firms whose certificate is over and that wait for no other."""
        waiting = {id(life) for lives in self._back.values() for life in lives}
        found = [life for life in idle if id(life) not in waiting and not life.is_away(year)]
        for life in self._chance.sample(found, self._take("idle", IDLE_DISSOLVED, len(found))):
            life.ended_on = self._day(year)

    def _renew(self, due: list[Life], season: Season) -> None:
        self._chance.shuffle(due)
        number = len(due)
        self._some(due, self._take("never", NEVER_RENEWED, number))
        self._back[season.year + 1] += self._some(due, self._take("next_year", RENEWED_NEXT_YEAR, number))
        for life in self._some(due, self._take("late", RENEWED_LATE, number)):
            self._grant(life, season.late(life.grants[-1].valid_until))
        for life in due:
            self._grant(life, season.in_time(life.grants[-1].valid_until))

    def _found(self, season: Season, status: str = "ordinary", place: str = "known") -> None:
        """A firm with its first certificate; it must have lived for a year before."""
        issued_on = season.first_issue()
        if place == "known" and self._take("unknown", UNKNOWN_DISTRICT):
            place = "unknown"
        life = Life(self._birth(issued_on), status=status, place=place)
        self.lives.append(life)
        self._grant(life, issued_on)

    def _found_hidden(self, season: Season, new: int) -> None:
        for _ in range(self._take("unpublished", HIDDEN["unpublished"], new)):
            self._found(season, status="unpublished")
        for _ in range(self._take("nowhere", HIDDEN["nowhere"], new)):
            self._found(season, place="nowhere")

    def _arrive(self, year: int) -> None:
        """A firm from another province, with a certificate that has at least a year to go."""
        issued_on = self._season(year - self._chance.randint(1, 2)).batch()
        life = Life(self._birth(issued_on), [_grant(issued_on)], entered_on=self._day(year))
        self.lives.append(life)

    def _grant(self, life: Life, issued_on: datetime.date) -> None:
        grant = _grant(issued_on)
        life.grants.append(grant)
        self._granted += life.is_counted and life.is_seated(issued_on)
        if self._take("revoked", REVOKED):
            self._revoke(life, grant)

    def _revoke(self, life: Life, grant: Grant) -> None:
        """With effect from the next year at the earliest; what is decided after today is not known yet."""
        first = datetime.date(grant.issued_on.year + 1, 1, 1)
        revoked_from = self._chance.day(first, first + 400 * DAY)
        revoked_on = revoked_from + self._chance.randint(90, 400) * DAY
        if revoked_on > self._today:
            return
        grant.revoked_from, grant.revoked_on = revoked_from, revoked_on
        if self._take("again", CERTIFIED_AGAIN):
            self._back[revoked_on.year + self._chance.randint(1, 2)].append(life)

    def _birth(self, certified_on: datetime.date) -> datetime.date:
        years = min(1.1 + self._chance.lognormvariate(1.1, 0.75), 20)
        return max(certified_on - round(years * 365.25) * DAY, EARLIEST_BIRTH + self._chance.randint(0, 900) * DAY)

    def _season(self, year: int) -> Season:
        if year not in self._seasons:
            self._seasons[year] = Season(self._seed, year)
        return self._seasons[year]

    def _day(self, year: int) -> datetime.date:
        return self._chance.day(datetime.date(year, 1, 8), datetime.date(year, 12, 20))

    def _some(self, lives: list[Life], number: int) -> list[Life]:
        return [lives.pop() for _ in range(min(number, len(lives)))]

    def _take(self, name: str, share: float, number: int = 1) -> int:
        if name not in self._portions:
            self._portions[name] = Portion(Chance(self._seed, "portion", name))
        return self._portions[name].of(share * number)


def _grant(issued_on: datetime.date) -> Grant:
    return Grant(issued_on, add_years(issued_on, VALID_YEARS))


def _can_renew_ahead(life: Life, year: int) -> bool:
    """Counted, in the city throughout the season, with a certificate that ends in the next year."""
    in_season = life.is_seated(datetime.date(year, 10, 1)) and life.is_seated(datetime.date(year, 12, 31))
    return in_season and life.is_counted and _ends_in(life, year + 1)


def _ends_in(life: Life, year: int) -> bool:
    """Whether its certificate ends in the year by itself; one that is revoked is not renewed."""
    return life.grants[-1].valid_until.year == year and life.grants[-1].revoked_from is None

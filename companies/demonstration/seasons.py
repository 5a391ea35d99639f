"""The days on which certificates are announced: a few batches from October to December, and some stragglers."""

import calendar
import datetime

from companies.demonstration.dealing import Chance
from companies.demonstration.lives import DAY

BATCHES = ((10, 16, 4), (11, 4, 5), (11, 18, 5), (11, 29, 4), (12, 13, 3))  # month, day, weight
SHIFT = 6  # days by which a batch may be early or late
STRAGGLERS = 0.04
LONGEST_GAP = 150
LEAP_SHARE = 8  # of a leap year's stragglers one in so many is dated 29 February


class Season:
    """One year's days of announcement."""

    def __init__(self, seed: int, year: int) -> None:
        self.year = year
        self._chance = Chance(seed, "season", year)
        self.days = [self._near(datetime.date(year, month, day)) for month, day, _weight in BATCHES]
        self._stragglers = 0

    def first_issue(self) -> datetime.date:
        """For a firm that had none: a batch, or, for the first and one in twenty-five, any day of the months before."""
        if self._stragglers and not self._chance.happens(STRAGGLERS):
            return self.batch()
        self._stragglers += 1
        if calendar.isleap(self.year) and self._stragglers % LEAP_SHARE == 1:
            return datetime.date(self.year, 2, 29)
        return self._chance.day(datetime.date(self.year, 1, 10), datetime.date(self.year, 9, 25))

    def batch(self) -> datetime.date:
        return self._chance.choices(self.days, [weight for *_day, weight in BATCHES])[0]

    def in_time(self, ends_on: datetime.date) -> datetime.date:
        """The renewal of a certificate that ends in this year: the last batch before, or the very day."""
        earlier = [day for day in self.days if ends_on - 75 * DAY <= day <= ends_on]
        return ends_on if not earlier or self._chance.happens(0.4) else earlier[-1]

    def late(self, ends_on: datetime.date) -> datetime.date:
        """The first batch after the end; on the very day where this year has none any more."""
        later = [day for day in self.days if 5 <= (day - ends_on).days <= LONGEST_GAP]
        if later:
            return later[0]
        is_early = (ends_on.month, ends_on.day) < (9, 1)
        return ends_on + self._chance.randint(15, 90) * DAY if is_early else ends_on

    def _near(self, day: datetime.date) -> datetime.date:
        return day + self._chance.randint(-SHIFT, SHIFT) * DAY

"""What happens to one invented firm, in days only: nothing in here knows of the database."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

DAY = datetime.timedelta(days=1)


@dataclass(slots=True)
class Grant:
    """One high-tech certificate; a revocation is decided long after the day from which it has effect."""

    issued_on: datetime.date
    valid_until: datetime.date
    revoked_from: datetime.date | None = None
    revoked_on: datetime.date | None = None

    def is_valid(self, on: datetime.date) -> bool:
        is_revoked = self.revoked_from is not None and self.revoked_from <= on
        return self.issued_on <= on < self.valid_until and not is_revoked


@dataclass(slots=True)
class Life:
    """A firm from its birth to the day of loading.

    `status` is ordinary, unpublished or sole_trader; `place` is known, unknown (the district) or nowhere (no seat).
    """

    born_on: datetime.date
    grants: list[Grant] = field(default_factory=list)
    status: str = "ordinary"
    place: str = "known"
    entered_on: datetime.date | None = None  # came from another province
    moved_on: datetime.date | None = None  # to another district
    left_on: datetime.date | None = None  # for another province
    returned_on: datetime.date | None = None
    ended_on: datetime.date | None = None
    is_absorbed: bool = False

    @property
    def gone_on(self) -> datetime.date | None:
        """The first day on which it is dissolved, or out of the city for good."""
        return self.ended_on or (self.left_on if self.returned_on is None else None)

    @property
    def is_counted(self) -> bool:
        """Whether the public figures of the city can see it at all."""
        return self.status == "ordinary" and self.place != "nowhere"

    @property
    def is_plain(self) -> bool:
        """Of a known district, there from its birth to today."""
        moves = (self.entered_on, self.moved_on, self.left_on, self.ended_on)
        return self.place == "known" and not any(moves)

    def is_away(self, year: int) -> bool:
        """Whether it is to come back to the city within the year or later."""
        return self.returned_on is not None and self.returned_on.year >= year

    def is_seated(self, on: datetime.date) -> bool:
        if self.place == "nowhere" or on < (self.entered_on or self.born_on):
            return False
        if self.left_on and self.left_on <= on and not (self.returned_on and self.returned_on <= on):
            return False
        return not (self.ended_on and self.ended_on <= on)

    def counts(self, on: datetime.date) -> bool:
        """Whether it is one of the city's high-tech firms on the day."""
        return self.is_counted and self.is_seated(on) and any(grant.is_valid(on) for grant in self.grants)

    def cut(self, today: datetime.date) -> None:
        """Forget what comes after the day."""
        self.grants = [grant for grant in self.grants if grant.issued_on <= today]
        for name in ("entered_on", "moved_on", "left_on", "returned_on", "ended_on"):
            day = getattr(self, name)
            if day is not None and day > today:
                setattr(self, name, None)
        self.is_absorbed = self.is_absorbed and self.ended_on is not None


def stock(lives: Iterable[Life], on: datetime.date) -> int:
    """The city's high-tech firms on the day."""
    return sum(life.counts(on) for life in lives)


def granted(lives: Iterable[Life], first: datetime.date, last: datetime.date) -> int:
    """Certificates granted from the first day to the last, both included, to firms seated in the city on their day."""
    return sum(
        first <= grant.issued_on <= last and life.is_seated(grant.issued_on)
        for life in lives
        if life.is_counted
        for grant in life.grants
    )

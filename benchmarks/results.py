"""Tables of costs, and ratios held against what is to be reached."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.measuring import Cost, median, ratios

SCALES = {"ms": 1e3, "µs": 1e6}


@dataclass(frozen=True)
class Line:
    label: str
    costs: Sequence[Cost]
    base: Sequence[Cost]
    note: str = ""


@dataclass(frozen=True)
class Reach:
    """A ratio of two costs, round by round, with its bound."""

    label: str
    costs: Sequence[Cost]
    base: Sequence[Cost]
    at_most: float | None = None
    at_least: float | None = None

    @property
    def found(self) -> float:
        return statistics.median(ratios(self.costs, self.base))

    @property
    def spread(self) -> str:
        every = ratios(self.costs, self.base)
        return f"{min(every):.2f} to {max(every):.2f}"

    @property
    def is_met(self) -> bool:
        if self.at_most is not None:
            return self.found <= self.at_most
        return self.at_least is None or self.found >= self.at_least

    def verdict(self) -> str:
        found = f"{self.label:58}{self.found:7.2f} x  ({self.spread})"
        if self.at_most is None and self.at_least is None:
            return found
        bound = f"at most {self.at_most:g}" if self.at_most is not None else f"at least {self.at_least:g}"
        return f"{found}  {bound} x: {'met' if self.is_met else 'MISSED'}"


@dataclass(frozen=True)
class Bound:
    """A measured number with its bound."""

    label: str
    values: Sequence[float]
    unit: str
    at_most: float | None

    @property
    def is_met(self) -> bool:
        return self.at_most is None or statistics.median(self.values) <= self.at_most

    def verdict(self) -> str:
        found = f"{self.label:58}{statistics.median(self.values):7.1f} {self.unit}"
        spread = f"  ({min(self.values):.1f} to {max(self.values):.1f})"
        if self.at_most is None:
            return found + spread
        return f"{found}{spread}  at most {self.at_most:g} {self.unit}: {'met' if self.is_met else 'MISSED'}"


@dataclass(frozen=True)
class Table:
    title: str
    lines: Sequence[Line] = ()
    reaches: Sequence[Reach | Bound] = field(default=())
    unit: str = "ms"

    def print(self) -> None:
        print(f"\n{self.title}")
        if self.lines:
            heading = f"{self.unit}, median"
            print(f"  {heading:44}{'application':>12}{'database':>10}{'together':>10}{'ratio':>9}   spread")
        for line in self.lines:
            print("  " + self._told(line))
        for reach in self.reaches:
            print("  " + reach.verdict())

    def _told(self, line: Line) -> str:
        scale = SCALES[self.unit]
        application = median(line.costs, lambda cost: cost.application) * scale
        database = median(line.costs, lambda cost: cost.database) * scale
        together = [cost.total * scale for cost in line.costs]
        ratio = statistics.median(ratios(line.costs, line.base))
        figures = f"{application:12.2f}{database:10.2f}{statistics.median(together):10.2f}{ratio:7.2f} x"
        return f"{line.label:44}{figures}   {min(together):.2f} to {max(together):.2f}  {line.note}".rstrip()

    @property
    def missed(self) -> list[Reach | Bound]:
        return [reach for reach in self.reaches if not reach.is_met]

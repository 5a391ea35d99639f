"""The reference tables of incubators. `registry.reference` loads them."""

from pathlib import Path

from incubators.models import Designation, Incubator, IncubatorKind, IncubatorLevel, IncubatorSeat
from registry.reference import Table
from registry.reference.tables import NAMES, ORIGIN, PERIOD, VOCABULARY

DATA = Path(__file__).with_name("data")

TABLES = (
    Table(IncubatorKind, DATA / "incubator_kinds.csv", VOCABULARY),
    Table(IncubatorLevel, DATA / "incubator_levels.csv", VOCABULARY, not_loaded=("rank",)),
    Table(Incubator, DATA / "incubators.csv", (*NAMES, *ORIGIN, "kind", "university")),
    Table(
        IncubatorSeat,
        DATA / "incubator_seats.csv",
        ("incubator", "district", "reporting_unit", *PERIOD),
        key=("incubator",),
        is_dated=True,
    ),
    Table(
        Designation,
        DATA / "designations.csv",
        ("incubator", "level", *PERIOD, "document"),
        key=("incubator",),
        is_dated=True,
    ),
)

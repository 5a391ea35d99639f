"""The reference tables of places, universities and code lists, each after those that it refers to."""

from pathlib import Path

from registry.models import (
    Campus,
    Circle,
    CircleSite,
    CorridorArea,
    CorridorNode,
    District,
    Hub,
    Industry,
    Province,
    ReportingUnit,
    StrategicField,
    TechnologyField,
    University,
    Zone,
)
from registry.reference.files import Table

NAMES = ("code", "name_zh", "name_en", "name_it")
PERIOD = ("valid_from", "valid_until")
ORIGIN = ("mark", "source")
VOCABULARY = (*NAMES, *PERIOD, *ORIGIN)
POSITION = ("latitude", "longitude")
DATA = Path(__file__).parents[1] / "data"

TABLES = (
    Table(Zone, DATA / "zones.csv", VOCABULARY),
    Table(Province, DATA / "provinces.csv", VOCABULARY),
    Table(Hub, DATA / "hubs.csv", VOCABULARY),
    Table(StrategicField, DATA / "strategic_fields.csv", (*VOCABULARY, "hub")),
    Table(TechnologyField, DATA / "technology_fields.csv", VOCABULARY),
    Table(Industry, DATA / "industries.csv", VOCABULARY),
    Table(
        District,
        DATA / "districts.csv",
        (*VOCABULARY, *POSITION, "zone", "successor", "valid_from_precision"),
        is_dated=True,
    ),
    Table(
        ReportingUnit,
        DATA / "reporting_units.csv",
        (*VOCABULARY, "district", "successor"),
        is_dated=True,
    ),
    Table(CorridorNode, DATA / "corridor_nodes.csv", (*VOCABULARY, "kind")),
    Table(
        CorridorArea,
        DATA / "corridor_areas.csv",
        ("node", "district", *PERIOD),
        key=("node", "district"),
        is_dated=True,
    ),
    Table(
        University,
        DATA / "universities.csv",
        (*VOCABULARY, "ror", "authority", "level", "is_private"),
    ),
    Table(
        Campus,
        DATA / "campuses.csv",
        ("university", "name_zh", "district", *POSITION, *ORIGIN),
        key=("university", "name_zh"),
    ),
    Table(
        Circle,
        DATA / "circles.csv",
        (*VOCABULARY, "university"),
        not_loaded=("other_universities",),
    ),
    Table(
        CircleSite,
        DATA / "circle_sites.csv",
        ("circle", "name_zh", "address", *POSITION, *ORIGIN),
        key=("circle", "name_zh"),
    ),
)

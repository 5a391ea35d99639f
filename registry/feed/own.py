"""The floor's types of the feed: what all entries refer to. Everyone may see every row."""

from registry.feed.types import FeedType, declare_feed
from registry.models import (
    Campus,
    Circle,
    CircleSite,
    CorridorArea,
    CorridorNode,
    District,
    Hub,
    Industry,
    Partner,
    Province,
    ReportingUnit,
    StrategicField,
    TechnologyField,
    University,
    Zone,
)

declare_feed(
    FeedType(Zone, "zone"),
    FeedType(Province, "province"),
    FeedType(District, "district"),
    FeedType(ReportingUnit, "reporting_unit"),
    FeedType(CorridorNode, "corridor_node"),
    FeedType(CorridorArea, "corridor_area"),
    FeedType(University, "university"),
    FeedType(Campus, "campus"),
    FeedType(Circle, "circle"),
    FeedType(CircleSite, "circle_site"),
    FeedType(Hub, "hub"),
    FeedType(StrategicField, "strategic_field"),
    FeedType(TechnologyField, "technology_field"),
    FeedType(Industry, "industry"),
    FeedType(Partner, "partner"),
)

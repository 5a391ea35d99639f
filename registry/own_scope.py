"""Where the floor's own rows belong: to no incubator."""

from registry import scope
from registry.models import (
    Campus,
    ChangeSet,
    Circle,
    CircleSite,
    CorridorArea,
    CorridorNode,
    District,
    Hub,
    Industry,
    Partner,
    PersonalDataReading,
    Province,
    ReportingUnit,
    StrategicField,
    TechnologyField,
    University,
    Zone,
)

scope.declare(
    scope.REFERENCE,
    *(Campus, Circle, CircleSite, CorridorArea, CorridorNode, District, Hub, Industry, Partner),
    *(Province, ReportingUnit, StrategicField, TechnologyField, University, Zone),
)
scope.declare(scope.BOOKS, ChangeSet, PersonalDataReading)

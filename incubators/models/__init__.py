from incubators.models.incubators import Designation, Incubator, IncubatorKind, IncubatorLevel
from incubators.models.staff import MembershipRole, StaffMembership

__all__ = [
    "Designation",
    "Incubator",
    "IncubatorKind",
    "IncubatorLevel",
    "MembershipRole",
    "StaffMembership",
]

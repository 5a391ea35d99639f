from incubators.models.incubators import Designation, Incubator, IncubatorKind, IncubatorLevel, IncubatorSeat
from incubators.models.keys import KeyGrant
from incubators.models.staff import MembershipRole, StaffMembership

__all__ = [
    "Designation",
    "Incubator",
    "IncubatorKind",
    "IncubatorLevel",
    "IncubatorSeat",
    "KeyGrant",
    "MembershipRole",
    "StaffMembership",
]

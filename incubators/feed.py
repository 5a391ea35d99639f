"""The hosts' types of the feed."""

from incubators.models import Designation, Incubator, IncubatorKind, IncubatorLevel, IncubatorSeat, StaffMembership
from registry.feed.types import FeedType, declare_feed, leave_out

declare_feed(
    FeedType(IncubatorKind, "incubator_kind"),
    FeedType(IncubatorLevel, "incubator_level"),
    FeedType(Incubator, "incubator"),
    FeedType(IncubatorSeat, "incubator_seat"),
    FeedType(Designation, "designation"),
)
leave_out(StaffMembership, "who works for whom is not public")

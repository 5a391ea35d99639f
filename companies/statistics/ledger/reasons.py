"""Why a firm begins or ceases to count in a figure, or changes its group."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Reason(models.TextChoices):
    """One word for each part of a bridge; `functions.sql` decides which holds.

    The last three are written as -1 and +1 on one day: the firm leaves one group for another.
    """

    FIRST_CERTIFIED = "first_certified", _("certified for the first time")
    RENEWED_AFTER_GAP = "renewed_after_gap", _("certified again after a gap")
    ENTERED_INCUBATOR = "entered_incubator", _("entered an incubator for the first time")
    ENTERED_INCUBATOR_AGAIN = "entered_incubator_again", _("entered an incubator again after a gap")
    BECAME_ADJACENT = "became_adjacent", _("became university-adjacent")
    ESTABLISHED = "established", _("established")
    FIRST_SEATED = "first_seated", _("seated for the first time, day of establishment unknown")
    MOVED_IN = "moved_in", _("moved into the city")
    EXPIRED = "expired", _("certificate expired")
    REVOKED = "revoked", _("certificate revoked")
    GRADUATED = "graduated", _("graduated")
    LEFT_INCUBATOR = "left_incubator", _("left the incubator without graduating")
    NO_LONGER_ADJACENT = "no_longer_adjacent", _("no longer university-adjacent")
    MOVED_OUT = "moved_out", _("moved out of the city")
    DISSOLVED = "dissolved", _("dissolved")
    RECLASSIFIED = "reclassified", _("technology field changed")
    MOVED_WITHIN_CITY = "moved_within_city", _("moved within the city")
    BOUNDARY_CHANGE = "boundary_change", _("boundary change")
    INCUBATOR_CHANGED = "incubator_changed", _("entered, left or changed the incubator")

"""Which person works for which incubator: the ground of the row scope."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from incubators.models.incubators import Incubator
from registry.models.entries import Entry, NoOverlap, PeriodQuerySet, in_choices, period_is_not_empty


class MembershipRole(models.TextChoices):
    MANAGER = "manager", _("manager")
    EDITOR = "editor", _("editor")


class StaffMembership(Entry):
    """A person's work for one incubator over a period."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("user"), on_delete=models.PROTECT, related_name="memberships"
    )
    incubator = models.ForeignKey(
        Incubator, verbose_name=_("incubator"), on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(_("role"), max_length=7, choices=MembershipRole.choices, default=MembershipRole.EDITOR)
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until (excluded)"), null=True, blank=True)

    objects: ClassVar[Any] = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("staff membership")
        verbose_name_plural = _("staff memberships")
        ordering = ("incubator", "user", "valid_from")
        constraints = (
            period_is_not_empty(),
            in_choices("role", MembershipRole),
            NoOverlap(
                name="%(app_label)s_%(class)s_one_a_day",
                owner=("user", "incubator"),
                violation_error_message=_("This person already works for this incubator on a day of this period."),
            ),
        )

    class Access:
        internal: ClassVar[tuple[str, ...]] = ("user", "incubator", "role", "valid_from", "valid_until")

    def __str__(self) -> str:
        return f"{self.user_id} – {self.incubator_id}"

"""The people who log in."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person does for the register; an incubator's staff get their rights from their membership."""

    REGISTRAR = "registrar", _("registrar")
    STAFF = "staff", _("incubator staff")
    AUDITOR = "auditor", _("auditor (reads only)")
    ANALYST = "analyst", _("analyst")


class User(AbstractUser):
    """A person. Not versioned: log-ins and passwords are no facts of the register."""

    role = models.CharField(_("role"), max_length=9, choices=Role.choices, default=Role.STAFF)
    must_change_password = models.BooleanField(
        _("must change the password"),
        default=False,
        editable=False,
        help_text=_("Set with a one-time password; until it is changed, nothing else opens."),
    )

    class Meta(AbstractUser.Meta):
        verbose_name = _("user")  # type: ignore[assignment]
        verbose_name_plural = _("users")  # type: ignore[assignment]
        constraints = (
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="registry_user_role_known"),
        )

    class Access:
        internal: ClassVar[tuple[str, ...]] = (
            "id",
            "username",
            "role",
            "is_staff",
            "is_active",
            "is_superuser",
            "date_joined",
            "last_login",
            "must_change_password",
        )
        personal: ClassVar[tuple[str, ...]] = ("first_name", "last_name", "email", "password")

    @property
    def is_registrar(self) -> bool:
        return self.is_superuser or self.role == Role.REGISTRAR

    @property
    def is_auditor(self) -> bool:
        return self.role == Role.AUDITOR and not self.is_superuser

    @property
    def is_analyst(self) -> bool:
        return self.role == Role.ANALYST and not self.is_superuser

    @property
    def is_incubator_staff(self) -> bool:
        """Works for incubators; for which, and as what, is told by memberships."""
        return self.role == Role.STAFF and not self.is_superuser

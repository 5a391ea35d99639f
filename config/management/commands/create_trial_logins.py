"""`manage.py create_trial_logins`: three log-ins of the trial, with passwords made for this installation."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.core.management.base import BaseCommand

from config.embedded import Cluster
from config.trial import trial_cluster
from incubators.models import Incubator, StaffMembership
from registry.history import acting
from registry.models import Role, User

# Sixteen of the kept characters are some 96 bits, and can be typed.
PASSWORD_LENGTH = 16
HOSTS = {"staff-a": "DEMO-01", "staff-b": "DEMO-02"}


@dataclass(frozen=True)
class Login:
    """A person's way in; without a password if its owner has changed it."""

    name: str
    password: str | None
    works_for: str


class Command(BaseCommand):
    help = "Make the demonstration log-ins of the trial, and print them. What is there already stays."

    def handle(self, *args: Any, **options: Any) -> None:
        cluster = trial_cluster()
        for login in trial_logins(cluster):
            password = login.password or "(its owner has changed the password)"
            self.stdout.write(f"          {login.name:<10} {password:<18} {login.works_for}".rstrip())


def trial_logins(cluster: Cluster) -> list[Login]:
    """The three log-ins, made if they are missing.

    The registrar may do everything, as a superuser. Staff get no rights over models: their rows are narrowed to
    their incubator once row scope is built, and until then they see nothing that they may not.
    """
    with acting(reason="demonstration log-ins"):
        logins = [_login(cluster, "registrar", Role.REGISTRAR)]
        for name, code in HOSTS.items():
            host = Incubator.objects.filter(code=code, is_invented=True).first()
            if host is not None:  # a register of real firms has no invented hosts
                logins.append(_login(cluster, name, Role.STAFF, host))
    return logins


def _login(cluster: Cluster, name: str, role: Role, host: Incubator | None = None) -> Login:
    password = cluster.kept_secret(f"login-{name}")[:PASSWORD_LENGTH]
    user = User.objects.filter(username=name).first()
    is_new = user is None
    if user is None:
        user = User(username=name, role=role, is_staff=True, is_superuser=role == Role.REGISTRAR)
        user.set_password(password)
        user.save()
    if host is not None and not StaffMembership.objects.filter(user=user, incubator=host).exists():
        begins = host.valid_from or datetime.date(2020, 1, 1)
        StaffMembership.objects.create(user=user, incubator=host, valid_from=begins)
    kept = password if is_new or user.check_password(password) else None
    return Login(name, kept, host.name_zh if host is not None else "")

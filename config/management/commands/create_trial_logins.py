"""`manage.py create_trial_logins`: log-ins of the trial for each role, and two keys, with secrets made for this
installation.
"""

import dataclasses
import datetime
from dataclasses import dataclass
from typing import Any

from django.core.management.base import BaseCommand

from config.embedded import Cluster
from config.trial import trial_cluster
from incubators.keys import grant, scopes_of
from incubators.models import Incubator, StaffMembership
from incubators.models.staff import MembershipRole
from registry.days import today
from registry.history import acting
from registry.keys.making import digest_of
from registry.models import Partner, PartnerKey, PartnerKind, Role, User
from registry.models.keys import LONGEST

# Sixteen of the kept characters are some 96 bits, and can be typed.
PASSWORD_LENGTH = 16
OF_THE_REGISTER = {"registrar": Role.REGISTRAR, "auditor": Role.AUDITOR, "analyst": Role.ANALYST}
OF_HOSTS = {
    "manager-a": ("DEMO-01", MembershipRole.MANAGER),
    "editor-a": ("DEMO-01", MembershipRole.EDITOR),
    "editor-b": ("DEMO-02", MembershipRole.EDITOR),
}


@dataclass(frozen=True)
class Login:
    """A person's way in; without a password if its owner has changed it."""

    name: str
    password: str | None
    works_as: str


class Command(BaseCommand):
    help = "Make the demonstration log-ins of the trial, and print them. What is there already stays."

    def handle(self, *args: Any, **options: Any) -> None:
        cluster = trial_cluster()
        for login in trial_logins(cluster):
            password = login.password or "(its owner has changed the password)"
            self.stdout.write(f"          {login.name:<10} {password:<18} {login.works_as}".rstrip())
        for text, may in trial_keys(cluster):
            self.stdout.write(f"          key        {text}\n                     {may}")


def trial_logins(cluster: Cluster) -> list[Login]:
    """The log-ins, made if they are missing. The registrar may do everything, as a superuser."""
    with acting(reason="demonstration log-ins"):
        logins = [_login(cluster, name, role) for name, role in OF_THE_REGISTER.items()]
        for name, (code, role) in OF_HOSTS.items():
            host = Incubator.objects.filter(code=code, is_invented=True).first()
            if host is not None:  # a register of real firms has no invented hosts
                logins.append(_staff_login(cluster, name, host, role))
    return logins


def trial_keys(cluster: Cluster) -> list[tuple[str, str]]:
    """A park's key and a bank's, as their holders send them, and what each may do."""
    host = Incubator.objects.filter(code="DEMO-01", is_invented=True).first()
    bank = Partner.objects.filter(kind=PartnerKind.BANK, code__startswith="DEMO-").order_by("code").first()
    if host is None or bank is None:  # a register of real firms
        return []
    made = (
        _key(cluster, "trialpark", [host], label="demonstration park"),
        _key(
            cluster, "trialbank", [], label="demonstration bank", partner=bank,
            reads_partner_fields=True, records_financings=True,
        ),
    )  # fmt: skip
    return [(text, ", ".join(scopes_of(key))) for key, text in made]


def _key(cluster: Cluster, prefix: str, hosts: list[Incubator], **given: Any) -> tuple[PartnerKey, str]:
    secret = cluster.kept_secret(f"key-{prefix}")
    key = PartnerKey.objects.filter(prefix=prefix).first()
    if key is None:
        key = PartnerKey(prefix=prefix, digest=digest_of(secret), valid_from=today(), **given)
        key.valid_until = key.valid_from + LONGEST
        key.save()
        grant(key, hosts)
    return key, f"{prefix}.{secret}"


def _staff_login(cluster: Cluster, name: str, host: Incubator, role: MembershipRole) -> Login:
    login = _login(cluster, name, Role.STAFF)
    user = User.objects.get(username=name)
    if not StaffMembership.objects.filter(user=user, incubator=host).exists():
        begins = host.valid_from or datetime.date(2020, 1, 1)
        StaffMembership.objects.create(user=user, incubator=host, role=role, valid_from=begins)
    return dataclasses.replace(login, works_as=f"{role.label}, {host.name_zh}")


def _login(cluster: Cluster, name: str, role: Role) -> Login:
    password = cluster.kept_secret(f"login-{name}")[:PASSWORD_LENGTH]
    user = User.objects.filter(username=name).first()
    is_new = user is None
    if user is None:
        user = User(username=name, role=role, is_staff=True, is_superuser=role == Role.REGISTRAR)
        user.set_password(password)
        user.save()
    kept = password if is_new or user.check_password(password) else None
    return Login(name, kept, str(role.label))

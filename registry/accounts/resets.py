"""What a registrar or a manager does for one who cannot log in."""

import secrets

from allauth.mfa.models import Authenticator
from axes.utils import reset
from django.db import transaction

from registry.models import User

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none is taken for another when it is read out
GROUPS, GROUP_LENGTH = 4, 4  # some 79 bits


def give_one_time_password(user: User, *, drops_second_factor: bool = False) -> str:
    """The password, set on the account but not saved with it. The lock-out ends, and a second factor that is lost."""
    groups = ("".join(secrets.choice(LETTERS) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))
    password = "-".join(groups)
    user.set_password(password)
    user.must_change_password = True
    if user.pk is not None:
        with transaction.atomic():
            reset(username=user.get_username())
            if drops_second_factor:
                Authenticator.objects.filter(user=user).delete()
    return password


def has_second_factor(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists())

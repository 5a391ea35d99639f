"""What every page may know."""

from django.conf import settings
from django.http import HttpRequest


def trial(request: HttpRequest) -> dict[str, bool]:
    """`is_trial`: the page has to say that this is a trial."""
    return {"is_trial": settings.TRIAL}

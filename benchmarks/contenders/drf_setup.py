"""Starts the DRF peers' project in this process."""

import os
from collections.abc import Callable

from benchmarks import requests


def make_page(path: str) -> tuple[Callable[[str], bytes], str]:
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.contenders.drf_settings"
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()
    from benchmarks.contenders.sessions import signed_in_cookie

    return requests.wsgi(application, {"Cookie": signed_in_cookie()}), path

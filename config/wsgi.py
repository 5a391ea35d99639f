import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.serving")

# Some thousand modules and nothing of them is garbage: looking for it is a twentieth of the set-up.
gc.disable()
application = get_wsgi_application()
get_resolver().url_patterns  # noqa: B018 (what every request needs is loaded here, not by the first)
gc.freeze()
gc.enable()

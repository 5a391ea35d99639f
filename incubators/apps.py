from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

# What the feed tells of, and who may see and write it.
DECLARATIONS = ("feed", "scope")


class IncubatorsConfig(AppConfig):
    name = "incubators"
    verbose_name = _("Incubators and their staff")

    def ready(self) -> None:
        for name in DECLARATIONS:
            import_module(f"incubators.{name}")

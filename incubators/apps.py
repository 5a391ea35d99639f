from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IncubatorsConfig(AppConfig):
    name = "incubators"
    verbose_name = _("Incubators and their staff")

    def ready(self) -> None:
        import incubators.feed  # noqa: F401 (what the feed tells of)

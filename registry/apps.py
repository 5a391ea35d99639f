from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, register
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

# What the feed tells of, and who may see and write it.
DECLARATIONS = ("feed.own", "own_scope")


class RegistryConfig(AppConfig):
    name = "registry"
    verbose_name = _("Reference data and users")

    def ready(self) -> None:
        for name in DECLARATIONS:
            import_module(f"registry.{name}")
        from registry.history.tables import prepare_after_migrate

        register(check_read_path)
        post_migrate.connect(prepare_after_migrate, dispatch_uid="registry.history")


def check_read_path(**given: Any) -> list[CheckMessage]:
    """Loads the API only when checks run: a serving process does without."""
    from registry.api.checks import check_compiled

    return check_compiled(**given)

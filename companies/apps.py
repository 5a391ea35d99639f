from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.core.checks import register
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

# How its tables look back, what its columns are called, what the feed tells of them, who may see and write them, and
# what its rules say.
DECLARATIONS = ("known", "titles", "feed", "scope", "words")


class CompaniesConfig(AppConfig):
    name = "companies"
    verbose_name = _("Firms, certificates and financing")

    def ready(self) -> None:
        for name in DECLARATIONS:
            import_module(f"companies.{name}")
        from companies.checks import check_adjacency_radius

        register(check_adjacency_radius)
        # After the version tables, which the registry prepares.
        post_migrate.connect(install_ledger, dispatch_uid="companies.ledger")


def install_ledger(sender: AppConfig, using: str, **_rest: Any) -> None:
    """Loads the ledger only when something is migrated: a serving process asks it when it is asked."""
    from companies.statistics.ledger.installing import install_after_migrate

    install_after_migrate(sender, using)

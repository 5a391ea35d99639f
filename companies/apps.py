from django.apps import AppConfig
from django.core.checks import register
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CompaniesConfig(AppConfig):
    name = "companies"
    verbose_name = _("Firms, certificates and financing")

    def ready(self) -> None:
        import companies.known  # how its tables look back is declared there
        import companies.titles  # noqa: F401 (what its columns are called)
        from companies.checks import check_adjacency_radius
        from companies.statistics.ledger.installing import install_after_migrate

        register(check_adjacency_radius)
        # After the version tables, which the registry prepares.
        post_migrate.connect(install_after_migrate, dispatch_uid="companies.ledger")

from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _


class CompaniesConfig(AppConfig):
    name = "companies"
    verbose_name = _("Firms, certificates and financing")

    def ready(self) -> None:
        import companies.known  # noqa: F401 (how its tables look back is declared there)
        from companies.checks import check_adjacency_radius

        register(check_adjacency_radius)

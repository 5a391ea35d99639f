from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CompaniesConfig(AppConfig):
    name = "companies"
    verbose_name = _("Firms, certificates and financing")

    def ready(self) -> None:
        import companies.known  # noqa: F401 (how its tables look back is declared there)

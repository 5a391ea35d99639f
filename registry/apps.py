from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class RegistryConfig(AppConfig):
    name = "registry"
    verbose_name = _("Reference data and users")

    def ready(self) -> None:
        from django.core.checks import register

        from registry.api.checks import check_compiled
        from registry.history.tables import prepare_after_migrate

        register(check_compiled)
        post_migrate.connect(prepare_after_migrate, dispatch_uid="registry.history")

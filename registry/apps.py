from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class RegistryConfig(AppConfig):
    name = "registry"
    verbose_name = _("Reference data and users")

    def ready(self) -> None:
        from registry.history.tables import prepare_after_migrate

        post_migrate.connect(prepare_after_migrate, dispatch_uid="registry.history")

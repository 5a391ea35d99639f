from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The roof: settings, the embedded database and its management commands; no models."""

    name = "config"

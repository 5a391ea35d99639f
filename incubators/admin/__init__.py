"""Incubators, their levels and their people in the admin."""

from incubators import scope
from incubators.admin import incubators, keys, people

__all__ = ["incubators", "keys", "people", "scope"]

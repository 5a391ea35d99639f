"""A stranger who asks, and a log that stays short; the demonstration set comes from tests/conftest.py."""

from tests.strangers import client, quiet_refusals

__all__ = ["client", "quiet_refusals"]

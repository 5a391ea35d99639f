"""A stranger who looks at pages, and a log that stays short."""

from tests.strangers import client, quiet_refusals

__all__ = ["client", "quiet_refusals"]

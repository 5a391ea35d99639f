"""The read path: a declared serializer, compiled once for each shape into one statement that gives JSON.

PostgreSQL puts the page together; no row passes through Python. The declaration stays a plain DRF serializer, which
also answers alone where a field cannot be compiled: `manage.py check` names each such field, and tests hold both
ways equal.
"""

from registry.compiled.reading import read_entries

__all__ = ["read_entries"]

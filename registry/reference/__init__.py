"""Reference data: tables declared by the apps, files in their `data` folders, and the load of both."""

from registry.reference.files import BrokenReferenceError, Table
from registry.reference.loading import REASON, Tally, load

__all__ = ["REASON", "BrokenReferenceError", "Table", "Tally", "load"]

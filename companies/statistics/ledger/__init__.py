"""The ledger: each day on which a firm begins or ceases to count, with the reason and the moment of learning it.

`functions.sql` says how it is kept, inside the writing transaction; `reading` asks it; `rebuilding` derives it anew.
"""

from companies.statistics.ledger.questions import LedgerCannotAnswer
from companies.statistics.ledger.reading import (
    Bridge,
    Part,
    Revision,
    bridge,
    revisions,
    series,
    stock,
)
from companies.statistics.ledger.reasons import Reason

__all__ = [
    "Bridge",
    "LedgerCannotAnswer",
    "Part",
    "Reason",
    "Revision",
    "bridge",
    "revisions",
    "series",
    "stock",
]

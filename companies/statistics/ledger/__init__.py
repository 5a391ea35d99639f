"""The ledger: each day on which a firm begins or ceases to count, with the reason and the moment of learning it.

`functions.sql` says how it is kept, inside the writing transaction; `reading` and `changes` ask it, `rebuilding`
derives it anew.
"""

from companies.statistics.ledger.changes import (
    Bridge,
    Part,
    Revision,
    Turn,
    bridge,
    counts_invented,
    joined_and_left,
    revisions,
    turns_of_part,
    turns_revised,
)
from companies.statistics.ledger.questions import LedgerCannotAnswer
from companies.statistics.ledger.reading import holds_firms_without_versions, series, stock
from companies.statistics.ledger.reasons import Reason

__all__ = [
    "Bridge",
    "LedgerCannotAnswer",
    "Part",
    "Reason",
    "Revision",
    "Turn",
    "bridge",
    "counts_invented",
    "holds_firms_without_versions",
    "joined_and_left",
    "revisions",
    "series",
    "stock",
    "turns_of_part",
    "turns_revised",
]

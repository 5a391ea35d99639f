"""The codes of the metrics that count firms on a day: those that the ledger keeps."""

FIRMS, HIGH_TECH_FIRMS = "firms", "high-tech-firms"
INCUBATED_FIRMS, ADJACENT_FIRMS = "incubated-firms", "university-adjacent-firms"
STANDING = (FIRMS, HIGH_TECH_FIRMS, INCUBATED_FIRMS, ADJACENT_FIRMS)

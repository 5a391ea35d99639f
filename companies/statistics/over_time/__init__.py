"""Figures of firms over time, read from the ledger: series, the bridge between two days, what was revised."""

"""Filters of firms (`companies`) and of the facts about them (`facts`)."""

from companies.filters.companies import CompanyFilterSet, ResidentFilterSet
from companies.filters.facts import (
    CertificationFilterSet,
    CertificationOfOneFilterSet,
    FinancingFilterSet,
    ResidencyFilterSet,
    ResidencyOfOneFilterSet,
)

__all__ = [
    "CertificationFilterSet",
    "CertificationOfOneFilterSet",
    "CompanyFilterSet",
    "FinancingFilterSet",
    "ResidencyFilterSet",
    "ResidencyOfOneFilterSet",
    "ResidentFilterSet",
]

"""Firms, their dated facts, financing and published figures in the admin."""

from companies import scope
from companies.admin import certifications, companies, figures, financing, words

__all__ = ["certifications", "companies", "figures", "financing", "scope", "words"]

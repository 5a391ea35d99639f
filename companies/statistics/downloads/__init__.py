"""Figures as flat tables: which columns a figure has, and what is said beside it."""

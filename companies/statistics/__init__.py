"""Figures: what is counted (metrics), by what (dimensions), and the counting."""

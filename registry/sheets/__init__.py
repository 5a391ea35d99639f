"""Uploaded sheets: read (`reading`), columns recognised (`headers`), cells typed (`cells`), told (`plan`)."""

"""Answers as files: a flat table written as CSV, XLSX or Parquet. What it is a table of, only its maker knows."""

"""Rows of any database, incremental by a column, read-only."""

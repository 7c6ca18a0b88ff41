"""Exact counts by contribution: every figure is a sum of what the writes appended (domain.contributions)."""

"""Accounts, their areas, sessions and keys. Times are integer epoch seconds in UTC."""

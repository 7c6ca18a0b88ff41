"""Requests of another city's Open311 server."""

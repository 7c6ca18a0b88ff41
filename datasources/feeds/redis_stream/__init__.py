"""A stream of a Redis server."""

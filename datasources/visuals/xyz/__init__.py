"""Tiles by a template of an address."""

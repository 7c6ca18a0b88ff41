"""Connectors to map layers."""

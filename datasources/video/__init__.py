"""Connectors to cameras."""

"""Connectors that bring records: cases, ratings, sensors, readings, cameras and layers."""

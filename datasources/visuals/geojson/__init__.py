"""A GeoJSON file as a map layer."""

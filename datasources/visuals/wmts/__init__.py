"""A web map tile service (OGC WMTS 1.0.0)."""

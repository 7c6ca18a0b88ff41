"""MediaMTX."""

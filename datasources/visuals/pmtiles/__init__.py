"""A PMTiles archive on this machine."""

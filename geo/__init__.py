"""Pure geometry: coordinate systems, boundaries, the tree of areas, grids, placing points and tile arithmetic.

Nothing here knows a database, a clock or a screen. All results are WGS-84 longitude and latitude in degrees.
"""

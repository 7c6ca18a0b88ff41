"""Web Mercator (EPSG:3857) tile arithmetic in the XYZ scheme: x grows to the east, y to the south, both from 0."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Bounds = tuple[float, float, float, float]

TILE_SIZE = 256
MAX_ZOOM = 22
EARTH_RADIUS_M = 6_378_137.0
HALF_WORLD_M = np.pi * EARTH_RADIUS_M
MAX_LATITUDE = float(np.degrees(np.arctan(np.sinh(np.pi))))


def lonlat_to_pixels(lon: ArrayLike, lat: ArrayLike, zoom: int, tile_size: int = TILE_SIZE) -> tuple[Floats, Floats]:
    """Return global pixel positions (x to the east, y to the south) of WGS-84 degrees at `zoom`; NaN stays NaN.

    Latitudes beyond the square map (85.05°) are drawn on its edge.
    """
    world = tile_size * 2.0**zoom
    x = (np.asarray(lon, dtype=np.float64) + 180.0) / 360.0 * world
    latitude = np.radians(np.clip(np.asarray(lat, dtype=np.float64), -MAX_LATITUDE, MAX_LATITUDE))
    y = (1.0 - np.arcsinh(np.tan(latitude)) / np.pi) / 2.0 * world
    return x, y


def pixels_to_lonlat(x: ArrayLike, y: ArrayLike, zoom: int, tile_size: int = TILE_SIZE) -> tuple[Floats, Floats]:
    """Return WGS-84 degrees of global pixel positions at `zoom`: the inverse of lonlat_to_pixels."""
    world = tile_size * 2.0**zoom
    lon = np.asarray(x, dtype=np.float64) / world * 360.0 - 180.0
    lat = np.degrees(np.arctan(np.sinh(np.pi * (1.0 - 2.0 * np.asarray(y, dtype=np.float64) / world))))
    return lon, lat


def is_tile(z: int, x: int, y: int) -> bool:
    """Say whether (z, x, y) names a tile of the pyramid, zoom 0 to MAX_ZOOM."""
    return 0 <= z <= MAX_ZOOM and 0 <= x < 1 << z and 0 <= y < 1 << z


def tile_bounds(z: int, x: int, y: int) -> Bounds:
    """Return (west, south, east, north) of a tile in WGS-84 degrees."""
    lon, lat = pixels_to_lonlat([x, x + 1], [y + 1, y], z, tile_size=1)
    return float(lon[0]), float(lat[0]), float(lon[1]), float(lat[1])


def tile_bounds_m(z: int, x: int, y: int) -> Bounds:
    """Return (west, south, east, north) of a tile in Web Mercator metres."""
    size = 2.0 * HALF_WORLD_M / (1 << z)
    west, north = x * size - HALF_WORLD_M, HALF_WORLD_M - y * size
    return west, north - size, west + size, north


def tiles_covering(bounds: Bounds, z: int) -> Iterator[tuple[int, int, int]]:
    """Yield (z, x, y) of every tile at zoom `z` that (west, south, east, north) degrees touch, row by row."""
    west, south, east, north = bounds
    x, y = lonlat_to_pixels([west, east], [north, south], z, tile_size=1)
    left, right = np.clip(np.floor(x), 0, (1 << z) - 1).astype(int)
    top, bottom = np.clip(np.floor(y), 0, (1 << z) - 1).astype(int)
    for row in range(top, bottom + 1):
        for column in range(left, right + 1):
            yield z, column, row


def metres_per_pixel(lat: float, z: int, tile_size: int = TILE_SIZE) -> float:
    """Return the ground length of one pixel, in metres, at latitude `lat` and zoom `z`."""
    return float(2.0 * HALF_WORLD_M * np.cos(np.radians(lat)) / (tile_size * 2.0**z))

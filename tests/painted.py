"""A painted ground: the colour of each pixel says where it lies, so that a tile tells whether it shows the right place."""

import io

import numpy as np
from PIL import Image

from geo.tiles import TILE_SIZE, metres_per_pixel, pixels_to_lonlat, tile_bounds, tiles_covering

BOX = (114.30, 30.50, 114.32, 30.52)
"""Degrees; red grows to the east and green to the north, by 0 to 255. Outside it is clear."""
BLUE = 77
ZOOMS = range(10, 17)


def painted(z: int, x: int, y: int) -> np.ndarray:
    """RGBA pixels of a tile."""
    west, south, east, north = BOX
    middle = np.arange(TILE_SIZE) + 0.5
    columns, rows = np.meshgrid(x * TILE_SIZE + middle, y * TILE_SIZE + middle)
    lon, lat = pixels_to_lonlat(columns.ravel(), rows.ravel(), z)
    across, up = (lon - west) / (east - west), (lat - south) / (north - south)
    inside = (across >= 0) & (across < 1) & (up >= 0) & (up < 1)
    drawn = np.stack([across * 255, up * 255, np.full_like(lon, BLUE), np.full_like(lon, 255)], axis=1)
    return np.where(inside[:, None], drawn.round(), 0).astype(np.uint8).reshape(TILE_SIZE, TILE_SIZE, 4)


def png_of(z: int, x: int, y: int) -> bytes:
    """The tile as a PNG."""
    file = io.BytesIO()
    Image.fromarray(painted(z, x, y)).save(file, "PNG")
    return file.getvalue()


def places() -> list[tuple[int, int, int]]:
    """Every tile (z, x, y) of the ground."""
    return [place for z in ZOOMS for place in tiles_covering(BOX, z)]


def within(z: int) -> tuple[int, int, int]:
    """The tile in which the middle of the ground lies."""
    west, south, east, north = BOX
    return next(tiles_covering(((west + east) / 2, (south + north) / 2) * 2, z))


def off_px(body: bytes, z: int, x: int, y: int) -> float:
    """By how many pixels a tile's picture is off, in the median of its painted pixels. A colour step is 7.5 m wide."""
    drawn = np.asarray(Image.open(io.BytesIO(body)).convert("RGBA")).reshape(-1, 4).astype(float)
    middle = np.arange(TILE_SIZE) + 0.5
    columns, rows = np.meshgrid(x * TILE_SIZE + middle, y * TILE_SIZE + middle)
    lon, lat = pixels_to_lonlat(columns.ravel(), rows.ravel(), z)
    west, south, east, north = BOX
    said = west + drawn[:, 0] / 255 * (east - west), south + drawn[:, 1] / 255 * (north - south)
    there = drawn[:, 3] > 250
    assert there.any(), f"nothing is painted in {tile_bounds(z, x, y)}"
    metres = np.hypot((said[0] - lon) * np.cos(np.radians(lat)), said[1] - lat)[there] * np.pi / 180 * 6_378_137
    return float(np.median(metres) / metres_per_pixel(south, z))

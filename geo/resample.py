"""Tiles of a map in GCJ-02, laid onto the WGS-84 grid: each pixel is taken from where it is drawn over there."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.crs import to_gcj02
from geo.tiles import TILE_SIZE, lonlat_to_pixels, pixels_to_lonlat

Floats = NDArray[np.float64]

NODES = 17
"""Points along an edge at which the shift is computed exactly; between them it bends by less than a hundredth of a pixel."""


@dataclass(frozen=True)
class Sources:
    """Where each pixel of a tile is found: x, y (256 × 256) global pixels of GCJ-02 at the tile's zoom."""

    z: int
    x: Floats
    y: Floats

    @property
    def tiles(self) -> list[tuple[int, int]]:
        """(column, row) of the tiles beneath, row by row."""
        left, right = self._span(self.x)
        top, bottom = self._span(self.y)
        return [(column, row) for row in range(top, bottom + 1) for column in range(left, right + 1)]

    def _span(self, at: Floats) -> tuple[int, int]:
        low, high = np.floor(np.array([at.min() - 0.5, at.max() + 0.5]) / TILE_SIZE).astype(int)
        return max(int(low), 0), min(int(high), (1 << self.z) - 1)


def sources_of(z: int, x: int, y: int) -> Sources:
    """Where the pixels of WGS-84 tile (z, x, y) are found on a map in GCJ-02."""
    edge = np.linspace(0.0, TILE_SIZE, NODES)
    across, down = np.meshgrid(x * TILE_SIZE + edge, y * TILE_SIZE + edge)
    lon, lat = pixels_to_lonlat(across.ravel(), down.ravel(), z)
    there_x, there_y = lonlat_to_pixels(*to_gcj02(lon, lat), z)
    shift = np.stack([there_x.reshape(NODES, NODES) - across, there_y.reshape(NODES, NODES) - down])
    middle = np.arange(TILE_SIZE, dtype=np.float64) + 0.5
    columns, rows = np.meshgrid(x * TILE_SIZE + middle, y * TILE_SIZE + middle)
    return Sources(z, columns + _between(shift[0], middle), rows + _between(shift[1], middle))


def _between(nodes: Floats, at: Floats) -> Floats:
    """Values at the middles of all pixels, bilinear between the nodes."""
    step = TILE_SIZE / (NODES - 1)
    low = np.minimum((at / step).astype(int), NODES - 2)
    part = at / step - low
    rows = nodes[low] * (1 - part)[:, None] + nodes[low + 1] * part[:, None]
    found: Floats = rows[:, low] * (1 - part) + rows[:, low + 1] * part
    return found


def resampled(sources: Sources, mosaic: NDArray[np.uint8], left: int, top: int) -> NDArray[np.uint8]:
    """The pixels of a tile, RGBA uint8 (256, 256, 4), bilinear from a mosaic whose corner is tile (left, top)."""
    colour = mosaic.astype(np.float64)
    colour[..., :3] *= colour[..., 3:] / 255.0  # what is clear has no colour of its own
    x, y = sources.x - left * TILE_SIZE - 0.5, sources.y - top * TILE_SIZE - 0.5
    height, width = mosaic.shape[:2]
    column, row = np.clip(np.floor(x), 0, width - 2).astype(int), np.clip(np.floor(y), 0, height - 2).astype(int)
    a, b = np.clip(x - column, 0, 1)[..., None], np.clip(y - row, 0, 1)[..., None]
    found = (colour[row, column] * (1 - a) + colour[row, column + 1] * a) * (1 - b) + (
        colour[row + 1, column] * (1 - a) + colour[row + 1, column + 1] * a
    ) * b
    alpha = found[..., 3:]
    found[..., :3] = np.divide(found[..., :3] * 255.0, alpha, out=np.zeros_like(found[..., :3]), where=alpha > 0)
    drawn: NDArray[np.uint8] = np.clip(np.rint(found), 0, 255).astype(np.uint8)
    return drawn

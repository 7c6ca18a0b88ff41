"""Small squares over a site, in which points are counted for a heat map."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.tiles import EARTH_RADIUS_M, lonlat_to_pixels

HALF_WIDTH = 3
"""Half the width, in bins, of each of the three boxes that smooth the counts."""

RADIUS_BINS = 2.0 * (HALF_WIDTH * (HALF_WIDTH + 1)) ** 0.5
"""The radius R of the kernel in bins. Along each axis three boxes of 2h + 1 bins have the standard deviation
sqrt(h(h + 1)), a disc of radius R has R/2: the picture is as smooth as one of the cases within R of each place."""

RADIUS_M = 150.0
MOST_BINS = 1 << 21


@dataclass(frozen=True)
class Bins:
    """Squares of `side` (unit square of Web Mercator), row by row from the north-west corner (left, top).

    side_m: their length on the ground, in metres, at the middle of the site.
    """

    left: float
    top: float
    side: float
    side_m: float
    columns: int
    rows: int

    def __len__(self) -> int:
        return self.columns * self.rows

    @classmethod
    def over(cls, bounds: tuple[float, float, float, float]) -> "Bins":
        """Bins over (west, south, east, north) degrees, for a radius of 150 m, wider where they are too many."""
        west, south, east, north = bounds
        (left, right), (top, bottom) = lonlat_to_pixels([west, east], [north, south], 0, tile_size=1)
        around_m = 2 * np.pi * EARTH_RADIUS_M * np.cos(np.radians((south + north) / 2))
        side_m = RADIUS_M / RADIUS_BINS
        while (columns := _cells(right - left, side_m / around_m)) * (
            rows := _cells(bottom - top, side_m / around_m)
        ) > MOST_BINS:
            side_m *= 2
        return cls(float(left), float(top), float(side_m / around_m), side_m, columns, rows)

    def of(self, lon: ArrayLike, lat: ArrayLike) -> NDArray[np.uint32]:
        """The bin of each point (WGS-84 degrees); a point outside belongs to the nearest bin of the edge."""
        x, y = lonlat_to_pixels(lon, lat, 0, tile_size=1)
        column = np.clip((x - self.left) / self.side, 0, self.columns - 1).astype(np.uint32)
        row = np.clip((y - self.top) / self.side, 0, self.rows - 1).astype(np.uint32)
        return row * np.uint32(self.columns) + column


def _cells(length: float, side: float) -> int:
    return max(int(np.ceil(length / side)), 1)

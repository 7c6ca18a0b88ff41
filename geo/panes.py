"""A window onto the flat world map: where a picture of some pixels lies, and where shapes lie in it."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.polygons import Geometries
from geo.tiles import TILE_SIZE, lonlat_to_pixels

Floats = NDArray[np.float64]


def to_world(geometries: Geometries) -> Geometries:
    """WGS-84 shapes on the unit square of Web Mercator: (0, 0) is its north-west corner, (1, 1) the south-east."""

    def unit(points: Floats) -> Floats:
        return np.column_stack(lonlat_to_pixels(points[:, 0], points[:, 1], 0, tile_size=1))

    return np.asarray(shapely.transform(geometries, unit))


@dataclass(frozen=True)
class Pane:
    """A picture of width × height map pixels whose upper left corner is the global pixel (left, top) of a zoom.

    A map pixel is 1/256 of a tile, however many pixels of a screen or a paper it is drawn with.
    """

    zoom: int
    left: int
    top: int
    width: int = TILE_SIZE
    height: int = TILE_SIZE

    @classmethod
    def tile(cls, z: int, x: int, y: int) -> "Pane":
        """The pane of one tile."""
        return cls(z, x * TILE_SIZE, y * TILE_SIZE)

    @property
    def world_px(self) -> float:
        """Map pixels from edge to edge of the world at this zoom."""
        return float(TILE_SIZE << self.zoom)

    def box(self, margin_px: float = 0.0) -> tuple[float, float, float, float]:
        """(left, top, right, bottom) on the unit square, widened by some map pixels."""
        low = np.array([self.left, self.top]) - margin_px
        high = np.array([self.left + self.width, self.top + self.height]) + margin_px
        left, top, right, bottom = np.concatenate([low, high]) / self.world_px
        return float(left), float(top), float(right), float(bottom)

    def to_pixels(self, geometries: Geometries, scale: int = 1) -> Geometries:
        """Shapes on the unit square in pixels of this picture, `scale` of them to a map pixel."""
        origin, factor = np.array([self.left, self.top]) * float(scale), self.world_px * scale
        return np.asarray(shapely.transform(geometries, lambda points: points * factor - origin))

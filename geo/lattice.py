"""A lattice of squares on the ground, shared by all areas of a layer."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from geo.crs import WGS84
from geo.polygons import Geometries

Ints = NDArray[np.int64]

_STEP_DEGREES = 0.05
_CENTRE_DECIMALS = 1


@dataclass(frozen=True)
class Squares:
    """Squares of a lattice: column counts to the east, row to the north; quads are WGS-84 polygons."""

    column: Ints
    row: Ints
    quads: Geometries

    def take(self, which: NDArray[Any]) -> "Squares":
        """Return the squares at a mask or at positions."""
        return Squares(self.column[which], self.row[which], self.quads[which])


class Lattice:
    """Squares of `metres` in the Lambert azimuthal equal-area projection at the centre of `bounds`.

    Equal area and true north at the centre: within a city a square is off by less than a millimetre a metre. The
    centre is rounded to a tenth of a degree, so that a small change of the boundaries does not move every grid.
    """

    def __init__(self, bounds: NDArray[np.float64], metres: float) -> None:
        west, south, east, north = bounds
        lon, lat = (round(float(low + high) / 2, _CENTRE_DECIMALS) for low, high in ((west, east), (south, north)))
        plane = f"+proj=laea +lon_0={lon} +lat_0={lat} +datum=WGS84 +units=m"
        self._to_plane = Transformer.from_crs(WGS84, plane, always_xy=True)
        self._metres = metres

    def bounds_m(self, shapes: Geometries) -> NDArray[np.float64]:
        """Return (west, south, east, north) of each shape in metres of the plane, shape (n, 4)."""
        # Straight edges in degrees bend in the plane: long ones are divided first.
        dense = shapely.segmentize(shapes, _STEP_DEGREES)
        plane = shapely.transform(dense, lambda points: np.column_stack(self._to_plane.transform(*points.T)))
        bounds: NDArray[np.float64] = shapely.bounds(plane)
        return bounds

    def squares(self, shape: shapely.Geometry) -> Squares:
        """Return every square of the lattice that may touch `shape`."""
        west, south, east, north = self.bounds_m(np.array([shape]))[0] / self._metres
        columns = np.arange(np.floor(west) - 1, np.ceil(east) + 2)
        rows = np.arange(np.floor(south) - 1, np.ceil(north) + 2)
        x, y = np.meshgrid(columns * self._metres, rows * self._metres)
        # Neighbours take their corners from one array: their common edges are the same numbers to the last bit.
        corners = np.stack(self._to_plane.transform(x, y, direction="INVERSE"), axis=-1)
        rings = np.stack([corners[:-1, :-1], corners[:-1, 1:], corners[1:, 1:], corners[1:, :-1]], axis=2)
        column, row = np.meshgrid(columns[:-1].astype(np.int64), rows[:-1].astype(np.int64))
        return Squares(column.ravel(), row.ravel(), shapely.polygons(rings.reshape(-1, 4, 2)))

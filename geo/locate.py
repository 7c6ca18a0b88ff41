"""Which area a point lies in."""

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.tree import AreaTree

OUTSIDE = -1
NO_PLACE = -2


class Locator:
    """Places points in the areas of a tree; build it once, it is prepared for many calls.

    The finest area wins: leaves first, deeper ones before others, then the parents, which catch points in holes
    between their children. Where areas overlap, and on a common edge, the first in code order wins; edges belong to
    the area. The site itself catches nothing. Not for several threads at once.
    """

    def __init__(self, tree: AreaTree | gpd.GeoDataFrame) -> None:
        """Take a tree, or a frame with the columns order, code, depth, leaf, geometry of one."""
        areas = tree.areas if isinstance(tree, AreaTree) else tree
        areas = areas[areas["depth"] > 0]
        leaf = areas["leaf"].to_numpy(dtype=bool)  # a database may give 0 and 1
        best_first = np.lexsort((areas["code"].to_numpy(dtype=str), -areas["depth"].to_numpy(), ~leaf))
        self._order = areas["order"].to_numpy(dtype=np.int32)[best_first]
        self._shapes = areas.geometry.to_numpy()[best_first]
        shapely.prepare(self._shapes)
        leaves = int(leaf.sum())
        # Leaves alone answer nearly every point; their parents, with long outlines, are asked for the rest only.
        self._stages = [
            (start, shapely.STRtree(self._shapes[start:stop])) for start, stop in ((0, leaves), (leaves, len(areas)))
        ]

    def locate(self, lon: ArrayLike, lat: ArrayLike) -> NDArray[np.int32]:
        """Return for each WGS-84 point the order of its area: OUTSIDE (-1), or NO_PLACE (-2) without coordinates."""
        x = np.atleast_1d(np.asarray(lon, dtype=np.float64))
        y = np.atleast_1d(np.asarray(lat, dtype=np.float64))
        result = np.full(len(x), NO_PLACE, dtype=np.int32)
        placed = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
        result[placed] = OUTSIDE
        # Default pins and rounded coordinates repeat a lot: each distinct place is looked up once.
        places, where = np.unique(x[placed] + 1j * y[placed], return_inverse=True)
        result[placed] = self._find(places.real, places.imag)[where]
        return result

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north of all areas, degrees; zeros without any."""
        west, south, east, north = (float(edge) for edge in shapely.total_bounds(self._shapes))
        return (west, south, east, north) if west <= east else (0.0, 0.0, 0.0, 0.0)

    def middle(self, order: int) -> tuple[float, float] | None:
        """Longitude and latitude of a point within an area; None for one without a shape."""
        found = np.flatnonzero(self._order == order)
        point = self._shapes[found[0]].representative_point() if len(found) else None
        return None if point is None else (float(point.x), float(point.y))

    def _find(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.int32]:
        nowhere = len(self._shapes)
        best = np.full(len(x), nowhere, dtype=np.int64)
        for start, index in self._stages:
            left = np.flatnonzero(best == nowhere)
            point, area = index.query(shapely.points(x[left], y[left]))
            area = area + start
            inside = shapely.intersects_xy(self._shapes[area], x[left[point]], y[left[point]])
            np.minimum.at(best, left[point[inside]], area[inside])
        return np.append(self._order, np.int32(OUTSIDE))[best]

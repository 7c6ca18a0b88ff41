"""How far a layer lies off the areas: the shift that brings its lines onto their outlines.

Lines of real layers run along the borders of areas in places (roads, rivers, the areas themselves), so the picture of one,
moved over the picture of the other, agrees best where both are true. Points have no lines: for them the shift of GCJ-02
is tried both ways, and the one with which they lie inside is believed.
"""

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.crs import to_gcj02, to_wgs84
from geo.tiles import EARTH_RADIUS_M

Floats = NDArray[np.float64]

REACH_M = 1_200.0
"""The largest shift that is looked for; GCJ-02 and BD-09 together shift by less."""
CELL_M, MOST_CELLS = 10.0, 1_024
CLEAR, BETTER = 5.0, 1.3
"""How many standard deviations the best agreement stands above the others, and how many times it beats the place as it is."""
TOUCHING = 0.5
"""Agreement below this is rounding: no line meets a border anywhere near."""
AT_HOME_CELLS = 3.0
FEWEST_POINTS, INSIDE, GAIN = 20, 0.9, 0.05


def offset_m(shape: shapely.Geometry, outlines: Any) -> float | None:
    """Metres by which a layer (WGS-84) seems to lie off areas (their polygons); 0 = in place, None = cannot be said."""
    if shape is None or shape.is_empty or not len(outlines):
        return None
    plane = _Plane(shapely.union_all(outlines).bounds)
    parts = shapely.get_parts(shapely.get_parts(np.array([shape], dtype=object)))
    layer, site = plane.metres(parts), plane.metres(np.asarray(outlines, dtype=object))
    away = _between(shapely.total_bounds(layer), shapely.total_bounds(site))
    if away > REACH_M:
        return away
    lines = shapely.get_dimensions(layer) > 0
    if lines.any():
        return _of_lines(layer[lines], site, plane)
    return _of_points(shapely.get_coordinates(parts), outlines, plane)


class _Plane:
    """Metres east and north of the middle of a box of degrees; true enough over a city."""

    def __init__(self, bounds: tuple[float, float, float, float]) -> None:
        west, south, east, north = bounds
        self.middle = np.array([(west + east) / 2, (south + north) / 2])
        self.scale = np.radians(1.0) * EARTH_RADIUS_M * np.array([np.cos(np.radians(self.middle[1])), 1.0])

    def metres(self, shapes: Any) -> Any:
        return shapely.transform(shapely.force_2d(shapes), lambda points: (points - self.middle) * self.scale)


def _between(one: Floats, other: Floats) -> float:
    """Metres from box to box; 0 where they touch."""
    gaps = [max(one[i] - other[i + 2], other[i] - one[i + 2], 0.0) for i in (0, 1)]
    return float(np.hypot(*gaps))


def _of_lines(layer: Any, site: Any, plane: _Plane) -> float | None:
    del plane
    west, south, east, north = shapely.total_bounds(site)
    cell = max(CELL_M, max(east - west, north - south) / MOST_CELLS)
    origin = np.array([west, south]) - REACH_M
    size = tuple(int(np.ceil(span / cell)) + 1 for span in (north - south + 2 * REACH_M, east - west + 2 * REACH_M))
    still, moved = (_picture(shapes, origin, cell, size) for shapes in (site, layer))
    agreement = np.fft.irfft2(np.fft.rfft2(still) * np.conj(np.fft.rfft2(moved)), s=size)
    reach = int(REACH_M / cell)
    near = np.roll(agreement, (reach, reach), axis=(0, 1))[: 2 * reach + 1, : 2 * reach + 1]
    if near.max() < TOUCHING:
        return None
    row, column = np.unravel_index(np.argmax(near), near.shape)
    best, cells = near[row, column], float(np.hypot(row - reach, column - reach))
    if (best - near.mean()) / near.std() < CLEAR:
        return None
    if cells <= AT_HOME_CELLS:
        return 0.0
    home = near[reach - 2 : reach + 3, reach - 2 : reach + 3].max()
    return cells * cell if best >= BETTER * home else None


def _picture(shapes: Any, origin: Floats, cell: float, size: tuple[int, ...]) -> Floats:
    """1 where a line (or the border of an area) runs, on a grid, blurred by one cell."""
    areas = shapely.get_dimensions(shapes) == 2
    lines = np.concatenate([shapes[~areas], shapely.boundary(shapes[areas])])
    at = ((shapely.get_coordinates(shapely.segmentize(lines, cell)) - origin) / cell).astype(np.int64)
    at = at[(at >= 1).all(axis=1) & (at < np.array(size[::-1]) - 1).all(axis=1)]
    drawn = np.zeros(size)
    drawn[at[:, 1], at[:, 0]] = 1.0
    beside = sum((np.roll(drawn, by, axis=(0, 1)) for by in ((0, 1), (0, -1), (1, 0), (-1, 0))), np.zeros(size))
    return drawn + 0.5 * beside


def _of_points(points: Floats, outlines: Any, plane: _Plane) -> float | None:
    if len(points) < FEWEST_POINTS:
        return None
    site = shapely.union_all(outlines)
    tried = [points, *(np.column_stack(move(*points.T)) for move in (_unshifted, to_gcj02))]
    shares = [float(shapely.contains_xy(site, *each.T).mean()) for each in tried]
    best = int(np.argmax(shares))
    if best == 0 or shares[best] < shares[0] + GAIN:
        return 0.0 if shares[0] >= INSIDE else None
    if shares[best] < INSIDE:
        return None
    return float(np.hypot(*((tried[best] - points) * plane.scale).mean(axis=0)))


def _unshifted(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    return to_wgs84(lon, lat, "GCJ-02")


def gcj02_shift_m(lon: float, lat: float) -> float:
    """By how many metres GCJ-02 is off at a place; 0 outside China."""
    x, y = to_gcj02(lon, lat)
    scale = np.radians(1.0) * EARTH_RADIUS_M
    return float(np.hypot((x[0] - lon) * scale * np.cos(np.radians(lat)), (y[0] - lat) * scale))

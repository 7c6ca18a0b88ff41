"""City blocks: the faces between the streets, cut by the river banks."""

from __future__ import annotations

import numpy as np
import shapely

from demo.arrays import Floats, Objects

SMALLEST_M2 = 13_000.0  # smaller left-overs along the bank join their neighbour


def faces(lines: list[shapely.LineString], river: shapely.Polygon) -> Objects:
    """Blocks in ground metres: valid, without overlaps, sharing vertices exactly; the river is left out."""
    noded = shapely.union_all([*lines, river.boundary])
    found = np.array(shapely.polygonize([noded]).geoms, dtype=object)
    dry = found[~shapely.contains_xy(river, *_inner_xy(found))]
    return _without_scraps(dry)


def _inner_xy(polygons: Objects) -> tuple[Floats, Floats]:
    points = shapely.point_on_surface(polygons)
    return shapely.get_x(points), shapely.get_y(points)


def _without_scraps(polygons: Objects) -> Objects:
    kept = list(polygons)
    while True:
        areas = shapely.area(kept)
        smallest = int(np.argmin(areas))
        if areas[smallest] >= SMALLEST_M2:
            return np.array(kept, dtype=object)
        scrap = kept.pop(smallest)
        shared = shapely.length(shapely.intersection(scrap.boundary, np.array(kept, dtype=object)))
        host = int(np.argmax(shared))
        if shared[host] > 0:
            kept[host] = shapely.union(kept[host], scrap)

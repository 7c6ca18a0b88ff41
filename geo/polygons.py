"""Arrays of polygons: repaired, reduced to what has an area, cut and united."""

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

Geometries = NDArray[Any]

_POLYGON = 3
_POLYGONAL = (3, 6)


def is_polygonal(geometries: Geometries) -> NDArray[np.bool_]:
    """Say for each geometry whether it is a polygon or multipolygon with a surface; None is not."""
    surface: NDArray[np.bool_] = np.isin(shapely.get_type_id(geometries), _POLYGONAL) & ~shapely.is_empty(geometries)
    return surface


def polygonal_part(geometries: Geometries) -> Geometries:
    """Keep the polygons of mixed collections; what has no polygon becomes an empty one. Shape (n,) → (n,)."""
    result = geometries.copy()
    for row in np.flatnonzero(~is_polygonal(geometries)):
        parts = shapely.get_parts(shapely.get_parts(geometries[row]))
        faces = parts[shapely.get_type_id(parts) == _POLYGON]
        result[row] = faces[0] if len(faces) == 1 else shapely.MultiPolygon(list(faces))
    return result


def repair(geometries: Geometries) -> tuple[Geometries, int]:
    """Make every polygon valid, keeping its polygonal part only; returns them and how many needed it."""
    broken = ~shapely.is_valid(geometries)
    if not broken.any():
        return geometries, 0
    result = geometries.copy()
    # "structure" takes rings as faces; the older "linework" would turn ground that two rings cover into a hole.
    result[broken] = polygonal_part(shapely.make_valid(geometries[broken], method="structure", keep_collapsed=False))
    return result, int(broken.sum())

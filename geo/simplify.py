"""Areas as the browser draws them: light, and without gaps between neighbours."""

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import orjson
import shapely

from geo.polygons import Geometries

MAX_BYTES = 150_000
_DETAILS = 4_000  # tolerances to start from: the extent divided by this, about half a pixel of a wide screen
_COARSER = 1.6
_ATTEMPTS = 12
_FINE_EXTENT = 0.05  # degrees; a smaller map is looked at from nearer and gets a sixth decimal (0.1 m)


def display_geometry(
    areas: gpd.GeoDataFrame, ids: Sequence[int] | None = None, *, max_bytes: int = MAX_BYTES
) -> dict[str, Any]:
    """Return areas (code, name, WGS-84 geometry) as a GeoJSON FeatureCollection of at most about `max_bytes`.

    Common edges are simplified together. Features keep the order of the rows; their id is the one in `ids`, else
    counts from 1 (Leaflet's styling loses an id of 0). Properties: code, name. Coordinates have 5 decimals, 6 on
    small maps.
    """
    shapes = areas.geometry.to_numpy()
    numbers = list(ids) if ids is not None else list(range(1, len(areas) + 1))
    if min(numbers, default=1) < 1:
        msg = "feature ids start at 1"
        raise ValueError(msg)
    labels = list(zip(numbers, areas["code"].tolist(), areas["name"].tolist(), strict=True))
    if not labels:
        return {"type": "FeatureCollection", "features": []}
    west, south, east, north = shapely.total_bounds(shapes)
    extent = max(east - west, north - south)
    decimals = 6 if extent < _FINE_EXTENT else 5
    tolerance = extent / _DETAILS
    for _ in range(_ATTEMPTS):
        collection = _collection(labels, _simplified(shapes, tolerance), decimals)
        if len(orjson.dumps(collection)) <= max_bytes:
            break
        tolerance *= _COARSER
    return collection


def _simplified(shapes: Geometries, tolerance: float) -> Geometries:
    return shapely.coverage_simplify(shapes, tolerance)


def _collection(labels: list[tuple[int, str, str]], shapes: Geometries, decimals: int) -> dict[str, Any]:
    rounded = shapely.transform(shapes, lambda points: np.round(points, decimals))
    features = [
        {
            "type": "Feature",
            "id": number,
            "properties": {"code": code, "name": name},
            "geometry": orjson.loads(geometry),
        }
        for (number, code, name), geometry in zip(labels, shapely.to_geojson(rounded), strict=True)
    ]
    return {"type": "FeatureCollection", "features": features}

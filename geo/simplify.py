"""Areas as the browser draws them: light, and without gaps between neighbours."""

from collections.abc import Iterable, Iterator
from typing import Any

import geopandas as gpd
import numpy as np
import orjson
import shapely

from geo.polygons import Geometries

MIN_BYTES = 150_000
BYTES_PER_AREA = 300  # a square with its code and name needs about 230
# The extent divided by these are the tolerances tried, from half a pixel of a full screen to about two.
_DETAILS = (4000, 2500, 1600, 1000, 600)
_FINE_EXTENT = 0.05  # degrees; a smaller map is looked at from nearer and gets a sixth decimal (0.1 m)


def display_geometry(
    areas: gpd.GeoDataFrame, ids: Iterable[int] | None = None, *, max_bytes: int | None = None
) -> dict[str, Any]:
    """Return areas (code, name, WGS-84 geometry) as a light GeoJSON FeatureCollection.

    It is simplified until it has at most `max_bytes` as JSON (default: 300 an area and at least 150,000) or two
    pixels of a full screen would be lost. Common edges are simplified together. Features keep the order of the rows;
    their id is the one in `ids`, else counts from 1. Properties: code, name. Coordinates have 5 decimals, 6 on small
    maps. Raises ValueError for an id below 1: Leaflet's styling loses an id of 0.
    """
    numbers = list(range(1, len(areas) + 1)) if ids is None else [int(number) for number in ids]
    if min(numbers, default=1) < 1:
        msg = "feature ids start at 1"
        raise ValueError(msg)
    labels = list(zip(numbers, areas["code"].tolist(), areas["name"].tolist(), strict=True))
    if not labels:
        return {"type": "FeatureCollection", "features": []}
    budget = max(MIN_BYTES, BYTES_PER_AREA * len(labels)) if max_bytes is None else max_bytes
    shapes = areas.geometry.to_numpy()
    west, south, east, north = shapely.total_bounds(shapes)
    extent = max(east - west, north - south)
    decimals = 6 if extent < _FINE_EXTENT else 5
    for light in _lighter_and_lighter(shapes, extent):
        collection = _collection(labels, light, decimals)
        if len(orjson.dumps(collection)) <= budget:
            break
    return collection


def _lighter_and_lighter(shapes: Geometries, extent: float) -> Iterator[Geometries]:
    for details in _DETAILS:
        simplified = shapely.coverage_simplify(shapes, extent / details)
        yield simplified
    if not shapely.coverage_is_valid(shapes):
        # Borders that cross each other again and again (neighbours drawn by different hands) are all corners to the
        # coverage: there each outline is simplified for itself, less than half a pixel off its neighbour.
        yield shapely.simplify(simplified, extent / _DETAILS[0])


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

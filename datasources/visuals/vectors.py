"""Features of a vector layer: read from GeoJSON, converted once to WGS-84, searched by a box."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from datasources.errors import BadDataError
from datasources.mapping.points import ERRORS, geometry
from datasources.visuals.contract import Box
from geo.crs import WGS84, frame_to_wgs84, to_gcj02

LABELS = ("label", "name", "Name", "NAME", "title", "名称", "标题")
"""Properties that may name a feature, in order, unless options.label says which."""
SAMPLE = 2_000
"""Features by which the place of a whole layer is told."""
MOST_LABEL = 80
SHIFTS = {"GCJ-02": 0.0, "BD-09": 0.007}
"""Degrees, at most, that a system lies north and east of GCJ-02 (BD-09: 0.0065 and 0.006, and a turn of 3e-6)."""
MARGIN = 0.001
"""Degrees by which the shift within a box may differ from that of its corners, and more."""


class Features:
    """Features in memory. shapes: WGS-84; labels: what people call each, "" where nobody does."""

    def __init__(self, shapes: Any, labels: list[str]) -> None:
        self.shapes, self.labels = np.asarray(shapes, dtype=object), labels
        self._tree = shapely.STRtree(self.shapes)

    def __len__(self) -> int:
        return len(self.shapes)

    def within(self, box: Box, limit: int) -> dict[str, Any]:
        """A FeatureCollection of at most `limit` features that touch a box, in the order of the source."""
        found = np.sort(self._tree.query(shapely.box(*box), predicate="intersects"))
        chosen = found[:limit]
        return collection(zip(self.shapes[chosen], (self.labels[i] for i in chosen), strict=True), len(found))


def collection(features: Iterable[tuple[Any, str]], matched: int | None) -> dict[str, Any]:
    """A FeatureCollection of (WGS-84 shape, label); matched: how many there are in all, None where nobody knows."""
    drawn = [
        {"type": "Feature", "properties": {"label": label}, "geometry": shapely.geometry.mapping(shape)}
        for shape, label in features
    ]
    told = {} if matched is None else {"numberMatched": matched}
    return {"type": "FeatureCollection", "features": drawn, "numberReturned": len(drawn), **told}


def read_collection(whole: Any, place: str, label: str | None) -> tuple[list[Any], list[str]]:
    """Shapes (in the source's coordinates) and labels of a FeatureCollection; features without a geometry are left out.

    Raises BadDataError for anything else than a FeatureCollection of features.
    """
    if not isinstance(whole, Mapping) or not isinstance(whole.get("features"), list):
        raise BadDataError(f"{place}: is no GeoJSON FeatureCollection; check what is offered there")
    pairs = list(_read(whole["features"], place, label))
    return [shape for shape, _label in pairs], [text for _shape, text in pairs]


def _read(features: list[Any], place: str, label: str | None) -> Iterator[tuple[Any, str]]:
    for number, feature in enumerate(features, start=1):
        try:
            shape = geometry(feature["geometry"])
            named = label_of(feature.get("properties") or {}, label)
        except ERRORS as error:
            raise BadDataError(f"{place}: feature {number} cannot be read as a place; mend the source") from error
        if shape is not None and not shape.is_empty:
            yield shape, named


def label_of(properties: Mapping[str, Any], label: str | None) -> str:
    """What people call a feature."""
    names = (label,) if label else LABELS
    found = next((properties[name] for name in names if properties.get(name) not in (None, "")), "")
    return str(found)[:MOST_LABEL]


def converted(shapes: list[Any], crs: str) -> Any:
    """Shapes declared in `crs` as WGS-84, flat."""
    if not shapes:
        return np.array([], dtype=object)
    frame = gpd.GeoDataFrame(geometry=gpd.GeoSeries(shapes, crs=WGS84))
    return frame_to_wgs84(frame, crs).geometry.to_numpy(object)


def declared(box: Box, crs: str) -> Box:
    """The box (WGS-84) in the degrees of a source that draws shifted, a little wider than it needs to be."""
    if crs not in SHIFTS:
        return box
    west, south, east, north = box
    lon, lat = to_gcj02([west, east, west, east], [south, south, north, north])
    low, high = -MARGIN, SHIFTS[crs] + MARGIN
    return float(lon.min()) + low, float(lat.min()) + low, float(lon.max()) + high, float(lat.max()) + high


def sample(shapes: list[Any]) -> shapely.Geometry | None:
    """Some of the shapes, evenly chosen, as one; None without any."""
    chosen = shapes[:: max(1, len(shapes) // SAMPLE)]
    return shapely.GeometryCollection(chosen) if chosen else None

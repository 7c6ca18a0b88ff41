"""The roads of the base map: the streets of the plan with their names, cut at the river except for bridges."""

from __future__ import annotations

import numpy as np
import shapely

from demo.areas import NAMES
from demo.names import road_names
from demo.streets import Street

# Ground metres near which a road carries the community's name.
_NEAR = ((-375, 865), (675, 850), (-1325, 315), (0, 110), (1200, 180), (-985, -410), (60, -795), (1285, -385))

Road = tuple[str, str, shapely.Geometry]  # rank, name, line in ground metres


def roads(
    streets: list[Street], lines: list[shapely.LineString], river: shapely.Polygon, lake: shapely.Polygon
) -> list[Road]:
    """(rank, name, geometry) of each road; only main roads along the plan's rows bridge the river, none the lake."""
    given = _named_after_communities(streets, lines)
    left = {key: iter(names) for key, names in road_names(given.values()).items()}
    names = [given.get(i) or next(left[(s.rank, s.vertical)], "") for i, s in enumerate(streets)]
    whole = np.array(lines, dtype=object)
    bridges = np.array([s.rank == "main" and not s.vertical for s in streets])
    drawn = shapely.difference(np.where(bridges, whole, shapely.difference(whole, river)), lake)
    rows = zip([s.rank for s in streets], names, drawn, strict=True)
    return [(rank, name, line) for rank, name, line in rows if not line.is_empty]


def _named_after_communities(streets: list[Street], lines: list[shapely.LineString]) -> dict[int, str]:
    important = [i for i, s in enumerate(streets) if s.rank != "minor"]
    shapes = np.array([lines[i] for i in important], dtype=object)
    found: dict[int, str] = {}
    for name, point in zip(NAMES, _NEAR, strict=True):
        by_distance = np.argsort(shapely.distance(shapes, shapely.Point(point)))
        index = next(important[k] for k in by_distance if important[k] not in found)
        found[index] = name + ("路" if streets[index].vertical else "街")
    return found

"""The base map as one frame of layer features."""

from __future__ import annotations

from collections.abc import Iterable

import geopandas as gpd
import numpy as np
import shapely

from demo.arrays import Objects
from demo.ground import to_degrees
from demo.names import WORDS
from demo.roads import Road

COLUMNS = ("id", "kind", "rank", "name", "geometry")


def layers(
    roads: list[Road], waters: dict[str, shapely.Geometry], buildings: Objects, parks: Objects
) -> gpd.GeoDataFrame:
    """Columns id, kind (road|water|building|green), rank (of roads; of water its sort), name, geometry in WGS-84."""
    frames = [
        _frame("water", ((_SORT[name], name, shape) for name, shape in waters.items())),
        _frame("green", (("", f"{WORDS[-1 - i % len(WORDS)]}公园", shape) for i, shape in enumerate(parks))),
        _frame("building", (("", "", shape) for shape in buildings)),
        _frame("road", roads),
    ]
    columns = {name: np.concatenate([frame[name] for frame in frames]) for name in COLUMNS}
    geometry = columns.pop("geometry")
    return gpd.GeoDataFrame(columns, geometry=geometry, crs="EPSG:4326")


_SORT = {"云水": "river", "柳溪": "stream", "镜湖": "lake"}


def _frame(kind: str, rows: Iterable[tuple[str, str, shapely.Geometry]]) -> dict[str, np.ndarray]:
    rank, name, shape = zip(*rows, strict=True)
    return {
        "id": np.array([f"{kind}-{n:05d}" for n in range(1, len(shape) + 1)], dtype=object),
        "kind": np.array([kind] * len(shape), dtype=object),
        "rank": np.array(rank, dtype=object),
        "name": np.array(name, dtype=object),
        "geometry": to_degrees(np.array(shape, dtype=object)),
    }

"""The map of the fictitious 云浦街道: areas and base-map layers, drawn from one fixed seed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import geopandas as gpd
import numpy as np
import shapely

from demo import areas, blocks, buildings, layers, streets, water
from demo.roads import roads

SEED = 20221112  # chosen by eye: 106 grids, every community in one piece, no holes


@dataclass(frozen=True)
class TownMap:
    """`areas`: level → frame of demo.areas.frames; `layers`: frame of demo.layers.layers."""

    areas: dict[str, gpd.GeoDataFrame]
    layers: gpd.GeoDataFrame


@lru_cache(maxsize=1)
def town_map() -> TownMap:
    """The whole map, the same in every process; drawn once (about a second)."""
    rng = np.random.default_rng(SEED)
    ways = streets.plan(rng)
    lines = streets.lines(ways)
    waters = {"云水": water.river(), "柳溪": water.stream(), "镜湖": water.lake()}
    faces = blocks.faces(lines, waters["云水"])
    member = areas.membership(faces)
    built, parks = buildings.fill(faces, member >= 0, shapely.union_all(list(waters.values())), lines, rng)
    drawn = layers.layers(roads(ways, lines, waters["云水"], waters["镜湖"]), waters, built, parks)
    return TownMap(areas=areas.frames(faces, member), layers=drawn)

"""The map of the fictitious 云浦街道: areas and base-map layers, drawn from one fixed seed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import geopandas as gpd
import numpy as np

from demo import areas, blocks, streets, water

SEED = 20221112  # chosen by eye: 106 grids, every community in one piece, no holes


@dataclass(frozen=True)
class TownMap:
    """`areas`: level → frame of demo.areas.frames."""

    areas: dict[str, gpd.GeoDataFrame]


@lru_cache(maxsize=1)
def town_map() -> TownMap:
    """The whole map, the same in every process; drawn once."""
    rng = np.random.default_rng(SEED)
    ways = streets.plan(rng)
    lines = streets.lines(ways)
    faces = blocks.faces(lines, water.river())
    member = areas.membership(faces)
    return TownMap(areas=areas.frames(faces, member))

"""Where things happen: points inside the grids, addresses, and how much happens in each grid."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import geopandas as gpd
import numpy as np
import shapely

from demo.areas import NAMES
from demo.arrays import Floats, Ints, Objects
from demo.catalogue import CATEGORIES, HOT_SPOTS
from demo.ground import CENTRE, METRES_PER_LAT, METRES_PER_LON
from demo.map import SEED, town_map
from demo.names import ESTATE_ENDINGS, SPOTS, WORDS

MARGIN_DEG = 8e-5  # about 8 m: no case lies on the line between two grids
NEAR_DEG = 3e-4
QUIET = ("429099001006012", "429099001008005")  # grids that take no part yet: nothing is ever reported there
_RING_M = (2300.0, 3000.0)
_SPREAD_M, _PULL = 330.0, 2.2


@dataclass(frozen=True)
class Places:
    """codes[g], communities[g] (index), roads[g], estates[g]; grid_share[category, g] sums to 1 in each row."""

    codes: list[str]
    communities: Ints
    roads: list[list[str]]
    estates: list[list[str]]
    grid_share: Floats
    triangles: Floats  # (n, 3, 2) WGS-84
    upto: Floats  # cumulative share of each grid's area: grid g holds the numbers from g to g + 1

    def points(self, grids: Ints, rng: np.random.Generator) -> Floats:
        """One WGS-84 point (n, 2) inside each grid, rounded to about 10 cm."""
        corner = self.triangles[np.searchsorted(self.upto, grids + rng.random(len(grids)) * (1 - 1e-9))]
        a, b = np.sqrt(rng.random((len(grids), 1))), rng.random((len(grids), 1))
        found: Floats = np.round(corner[:, 0] * (1 - a) + corner[:, 1] * a * (1 - b) + corner[:, 2] * a * b, 6)
        return found

    @staticmethod
    def outside(rng: np.random.Generator, count: int) -> Floats:
        """WGS-84 points (n, 2) in a ring around the town, beyond every grid."""
        angle, radius = rng.uniform(0, 2 * np.pi, count), rng.uniform(*_RING_M, count)
        metres = np.column_stack([np.cos(angle), np.sin(angle)]) * radius[:, None]
        found: Floats = np.round(metres / [METRES_PER_LON, METRES_PER_LAT] + CENTRE, 6)
        return found

    def address(self, grid: int, sort: int, draw: Floats) -> str:
        """Road, building, known spot or gate (sort 0 to 3) of a grid; draw: three numbers below 1 that choose."""
        roads, estates = self.roads[grid], self.estates[grid]
        road = roads[int(draw[0] * len(roads))]
        estate = estates[int(draw[0] * len(estates))]
        if sort == 1:
            return f"{estate}{1 + int(draw[1] * 18)}栋{1 + int(draw[2] * 4)}单元"
        if sort == 2:
            return f"{NAMES[self.communities[grid]]}{SPOTS[int(draw[1] * len(SPOTS))]}门口"
        if sort == 3:
            return f"{estate}{'东南西北'[int(draw[1] * 4)]}门"
        other = roads[int(draw[1] * len(roads))]
        return f"{road}与{other}交叉口" if other != road and draw[2] < 0.4 else f"{road}{1 + int(draw[2] * 180)}号旁"


@lru_cache(maxsize=1)
def places() -> Places:
    """The town's places, the same in every process."""
    grids = town_map().areas["grid"]
    codes = grids["code"].tolist()
    communities = np.array([int(code[9:12]) - 1 for code in codes], dtype=np.int64)
    triangles, upto = _triangles(np.asarray(grids.geometry))
    return Places(
        codes=codes,
        communities=communities,
        roads=_roads(grids),
        estates=[_estates(index) for index in range(len(codes))],
        grid_share=_grid_share(grids, codes),
        triangles=triangles,
        upto=upto,
    )


def _triangles(shapes: Objects) -> tuple[Floats, Floats]:
    inner = shapely.buffer(shapes, -MARGIN_DEG, join_style="mitre")
    parts, owner = shapely.get_parts(shapely.constrained_delaunay_triangles(inner), return_index=True)
    corners = shapely.get_coordinates(shapely.get_exterior_ring(parts)).reshape(-1, 4, 2)[:, :3]
    area = shapely.area(parts)
    share = area / np.bincount(owner, weights=area)[owner]
    return corners, np.cumsum(share)


def _roads(grids: gpd.GeoDataFrame) -> list[list[str]]:
    layers = town_map().layers
    roads = layers[layers["kind"] == "road"]
    grid, road = roads.sindex.query(shapely.buffer(np.asarray(grids.geometry), NEAR_DEG), predicate="intersects")
    names = roads["name"].to_numpy()
    return [sorted(set(names[road[grid == index]])) for index in range(len(grids))]


def _estates(index: int) -> list[str]:
    picks = (2 * index, 2 * index + 1, 5 * index + 7)
    return [WORDS[n % len(WORDS)] + ESTATE_ENDINGS[(n + index) % len(ESTATE_ENDINGS)] for n in picks]


def _grid_share(grids: gpd.GeoDataFrame, codes: list[str]) -> Floats:
    rng = np.random.default_rng([SEED, 7])
    hot = [codes.index(f"429099001{NAMES.index(name) + 1:03d}{n:03d}") for name, n, *_ in HOT_SPOTS]
    middle = shapely.get_coordinates(shapely.point_on_surface(np.asarray(grids.geometry)))
    metres = (middle - CENTRE) * [METRES_PER_LON, METRES_PER_LAT]
    squared = ((metres[:, None] - metres[None, hot]) ** 2).sum(axis=2)
    base = np.exp(rng.normal(0, 0.45, len(codes))) * (1 + _PULL * np.exp(-squared / 2 / _SPREAD_M**2).sum(axis=1))
    base[hot] = [busy for *_, busy, _, _ in HOT_SPOTS]
    base[[codes.index(code) for code in QUIET]] = 0
    share = np.exp(rng.normal(0, 0.3, (len(CATEGORIES), len(codes)))) * base
    names = [category.name for category in CATEGORIES]
    for grid, (*_, category, factor) in zip(hot, HOT_SPOTS, strict=True):
        share[names.index(category), grid] *= factor
    return np.asarray(share / share.sum(axis=1, keepdims=True))

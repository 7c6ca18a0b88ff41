"""Which coarser area each area belongs to: by its parent key, else by where it lies."""

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geo.errors import TreeError
from geo.polygons import Geometries

ROOT = -1
# Borders drawn by different hands overlap a little: less than this share of an area is a common border, not a place.
_BORDER_SHARE = 0.01


def parents_of(joined: gpd.GeoDataFrame) -> NDArray[np.int64]:
    """Return the position of each area's parent, ROOT (-1) for the site.

    `joined` has code, parent (a code or None), level, rank (0 = coarsest) and geometry. Keys of a level that no
    coarser area answers at all speak of a level that is not there: they count as missing. Raises TreeError for a
    key that names nothing where others of its level do.
    """
    parents = np.full(len(joined), ROOT, dtype=np.int64)
    ranks = joined["rank"].to_numpy(dtype=np.int64)
    for rank in range(1, int(ranks.max(initial=0)) + 1):
        rows = np.flatnonzero(ranks == rank)
        coarser = np.flatnonzero(ranks < rank)
        parents[rows] = _by_key(joined, rows, coarser)
        open_rows = rows[parents[rows] == ROOT]
        for above in range(rank - 1, -1, -1):
            candidates = np.flatnonzero(ranks == above)
            parents[open_rows] = _by_place(joined, open_rows, candidates)
            open_rows = open_rows[parents[open_rows] == ROOT]
    return parents


def _by_key(joined: gpd.GeoDataFrame, rows: NDArray[np.int64], coarser: NDArray[np.int64]) -> NDArray[np.int64]:
    codes = joined["code"].to_numpy()
    at = dict(zip(codes[coarser], coarser.tolist(), strict=True))
    keys = joined["parent"].to_numpy()[rows]
    named = np.array([isinstance(key, str) for key in keys], dtype=bool)
    found = np.array([at.get(key, ROOT) for key in keys], dtype=np.int64)
    lost = named & (found == ROOT)
    if lost.any() and (found != ROOT).any():
        first = int(np.argmax(lost))
        msg = (
            f"Area {codes[rows[first]]!r} of level {joined['level'].iloc[rows[first]]!r} names {keys[first]!r} "
            "as its parent, which no coarser level has: correct the key or leave it empty."
        )
        raise TreeError(msg)
    return found


def _by_place(joined: gpd.GeoDataFrame, rows: NDArray[np.int64], candidates: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return for each row the candidate that covers most of it; of equals the first in code order."""
    shapes: Geometries = joined.geometry.to_numpy()
    candidates = candidates[np.argsort(joined["code"].to_numpy(dtype=str)[candidates], kind="stable")]
    inner, outer = shapely.STRtree(shapes[candidates]).query(shapes[rows], predicate="intersects")
    overlap = shapely.area(shapely.intersection(shapes[rows][inner], shapes[candidates][outer]))
    share = overlap / shapely.area(shapes[rows])[inner]
    best = np.full(len(rows), ROOT, dtype=np.int64)
    strong = share >= _BORDER_SHARE
    inner, outer, share = inner[strong], outer[strong], share[strong]
    for pair in np.lexsort((-outer, share)):
        best[inner[pair]] = candidates[outer[pair]]
    return best

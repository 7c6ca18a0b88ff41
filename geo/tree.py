"""The tree of areas: site → … → grid, numbered so that a subtree is a range of numbers.

Containment is a closure table and never a code prefix: codes of other cities do not nest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.crs import WGS84
from geo.errors import TreeError
from geo.parents import ROOT, parents_of

SITE_LEVEL = "site"
SITE_CODE = ""


class Closure(NamedTuple):
    """Every pair of an area and one of its ancestors, itself included, as orders (int32), sorted by both."""

    ancestor: NDArray[np.int32]
    descendant: NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class AreaTree:
    """All areas of a site.

    `areas`, in pre-order with the site as row 0 and siblings in code order: order (the row number), last (greatest
    order among its descendants, itself included), code, name, level, parent (order of the parent, -1 for the site),
    depth (site 0), leaf (bool), geometry (WGS-84). `closure` holds the ancestor-descendant pairs.
    """

    areas: gpd.GeoDataFrame
    closure: Closure


def build_tree(levels: Sequence[tuple[str, gpd.GeoDataFrame]], *, site_name: str) -> AreaTree:
    """Join the levels (name, frame with code, name, parent, geometry; coarse to fine, any may be missing) to one tree.

    An area's parent is the area of a coarser level that its parent key names; without a key, the coarser area it
    lies in for the most part, looked for level by level upwards; failing that, the site. Raises TreeError for a code
    that occurs twice and for a key that names nothing.
    """
    joined = _joined(levels)
    _require_distinct(joined)
    parents = parents_of(joined)
    order, depth = _preorder(parents, joined["code"].tolist())
    number = np.empty(len(order) + 1, dtype=np.int32)  # position in `joined` → order; the last entry is the site's
    number[order], number[ROOT] = np.arange(1, len(order) + 1), 0
    areas = joined.iloc[order].reset_index(drop=True)
    parent = np.concatenate([[-1], number[parents[order]]]).astype(np.int32)
    last = _last(parent)
    site = _union(areas.geometry.to_numpy()[parent[1:] == 0])
    frame = {
        "order": np.arange(len(parent), dtype=np.int32),
        "last": last,
        "code": pd.Series([SITE_CODE, *areas["code"]], dtype=object),
        "name": pd.Series([site_name, *areas["name"]], dtype=object),
        "level": pd.Series([SITE_LEVEL, *areas["level"]], dtype=object),
        "parent": parent,
        "depth": np.concatenate([[0], depth]).astype(np.int32),
        "leaf": last == np.arange(len(parent)),
    }
    geometry = [site, *areas.geometry]
    return AreaTree(gpd.GeoDataFrame(frame, geometry=geometry, crs=WGS84), _closure(last))


def _joined(levels: Sequence[tuple[str, gpd.GeoDataFrame]]) -> gpd.GeoDataFrame:
    """Stack the levels; `rank` counts them from coarse to fine."""
    frames = [
        pd.DataFrame(
            {
                "code": frame["code"].to_numpy(dtype=object),
                "name": frame["name"].to_numpy(dtype=object),
                "parent": frame["parent"].to_numpy(dtype=object),
                "level": np.full(len(frame), level, dtype=object),
                "rank": rank,
                "geometry": frame.geometry.to_numpy(),
            }
        )
        for rank, (level, frame) in enumerate(levels)
    ]
    if not frames:
        frames = [pd.DataFrame(columns=["code", "name", "parent", "level", "rank", "geometry"], dtype=object)]
    return gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), geometry="geometry", crs=WGS84)


def _require_distinct(joined: gpd.GeoDataFrame) -> None:
    twice = joined[joined["code"].duplicated(keep=False)]
    if twice.empty:
        return
    code = twice["code"].iloc[0]
    first, second = twice.loc[twice["code"] == code, "level"].iloc[:2]
    where = f"twice in level {first!r}" if first == second else f"in level {first!r} and in level {second!r}"
    msg = f"Area code {code!r} occurs {where}: every area of a site needs a code of its own."
    raise TreeError(msg)


def _preorder(parents: NDArray[np.int64], codes: list[str]) -> tuple[NDArray[np.int64], list[int]]:
    """Return positions in pre-order, siblings by code, and their depths."""
    children: dict[int, list[int]] = {}
    for position in sorted(range(len(codes)), key=codes.__getitem__, reverse=True):
        children.setdefault(int(parents[position]), []).append(position)
    stack = [(position, 1) for position in children.get(ROOT, [])]
    order, depths = [], []
    while stack:
        position, depth = stack.pop()
        order.append(position)
        depths.append(depth)
        stack += [(child, depth + 1) for child in children.get(position, [])]
    return np.array(order, dtype=np.int64), depths


def _last(parent: NDArray[np.int32]) -> NDArray[np.int32]:
    last = np.arange(len(parent), dtype=np.int32)
    for order in range(len(parent) - 1, 0, -1):
        last[parent[order]] = max(last[parent[order]], last[order])
    return last


def _union(geometries: NDArray[np.object_]) -> shapely.Geometry:
    return shapely.union_all(geometries) if len(geometries) else shapely.MultiPolygon()


def _closure(last: NDArray[np.int32]) -> Closure:
    order = np.arange(len(last), dtype=np.int32)
    sizes = last - order + 1
    within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    ancestor = np.repeat(order, sizes)
    return Closure(ancestor, (ancestor + within).astype(np.int32))

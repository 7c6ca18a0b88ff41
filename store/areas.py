"""The tree of areas as one process holds it: positions, ranges and names."""

from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import sqlalchemy as sa
from shapely import from_wkb

from domain.scope import SITE, Scope
from geo.crs import WGS84
from geo.tree import AreaTree, Closure
from store.schema import areas


@dataclass(frozen=True)
class AreaIndex:
    """All areas in order of position (pre-order): an area and its descendants are positions first … last.

    ids, last, parent (position, -1 for the root) and depth are int arrays; code, name and level are lists of str.
    """

    ids: npt.NDArray[np.int64]
    last: npt.NDArray[np.int64]
    parent: npt.NDArray[np.int64]
    depth: npt.NDArray[np.int64]
    code: tuple[str, ...]
    name: tuple[str, ...]
    level: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def position(self) -> dict[str, int]:
        """Code → position."""
        return {code: index for index, code in enumerate(self.code)}

    @cached_property
    def position_of_id(self) -> npt.NDArray[np.int64]:
        """Area id → position, as an array indexed by id (-1 where there is none)."""
        lookup = np.full(int(self.ids.max(initial=0)) + 1, -1, dtype=np.int64)
        lookup[self.ids] = np.arange(len(self))
        return lookup

    @cached_property
    def leaf(self) -> npt.NDArray[np.bool_]:
        """Which positions have no descendants."""
        return np.asarray(self.last == np.arange(len(self)))

    def range(self, code: str) -> tuple[int, int]:
        """The half-open range of positions of an area with its descendants. Raises KeyError."""
        position = self.position[code]
        return position, int(self.last[position]) + 1

    def ranges(self, scope: Scope, area: str = SITE) -> tuple[tuple[int, int], ...]:
        """What the scope may see of an area, as disjoint half-open ranges in order; unknown areas give nothing."""
        if area not in self.position:
            return ()
        low, high = self.range(area)
        found: list[tuple[int, int]] = []
        for first, end in sorted(self.range(code) for code in scope.areas if code in self.position):
            first, end = max(first, low), min(end, high)  # noqa: PLW2901
            if found and first < found[-1][1]:
                first = found[-1][1]  # noqa: PLW2901
            if first < end:
                found.append((first, end))
        return tuple(found)

    def sees(self, scope: Scope, position: int) -> bool:
        """Whether an area lies in those of a scope."""
        return any(low <= position < high for low, high in self.ranges(scope))

    def rolled_up(self, own: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Sums over each area's range, from numbers of each area alone; shape (areas,)."""
        sums = np.concatenate(([0], np.cumsum(own)))
        return np.asarray(sums[self.last + 1] - sums[:-1])

    def children(self, position: int) -> npt.NDArray[np.int64]:
        """Positions of the areas directly below."""
        return np.flatnonzero(self.parent == position)


def read_areas(connection: sa.Connection) -> AreaIndex:
    """The tree as it stands; empty before the first boundaries are imported."""
    rows = connection.execute(
        sa.select(
            areas.c.id, areas.c.last, areas.c.parent_id, areas.c.depth, areas.c.code, areas.c.name, areas.c.level
        ).order_by(areas.c.position)
    ).all()
    place = {row.id: index for index, row in enumerate(rows)}
    return AreaIndex(
        ids=np.asarray([r.id for r in rows], dtype=np.int64),
        last=np.asarray([r.last for r in rows], dtype=np.int64),
        parent=np.asarray([place[r.parent_id] if r.parent_id is not None else -1 for r in rows], dtype=np.int64),
        depth=np.asarray([r.depth for r in rows], dtype=np.int64),
        code=tuple(r.code for r in rows),
        name=tuple(r.name for r in rows),
        level=tuple(r.level for r in rows),
    )


def read_tree(connection: sa.Connection) -> AreaTree:
    """The stored areas with their shapes, for placing points and drawing; areas that left the files are not in it."""
    columns = (
        areas.c.position,
        areas.c.last,
        areas.c.code,
        areas.c.name,
        areas.c.level,
        areas.c.depth,
        areas.c.geometry,
    )
    rows = connection.execute(
        sa.select(*columns)
        .where(sa.or_(areas.c.geometry.isnot(None), areas.c.position == 0))
        .order_by(areas.c.position)
    ).all()
    position = np.asarray([r.position for r in rows], dtype=np.int32)
    last = np.asarray([r.last for r in rows], dtype=np.int32)
    frame = gpd.GeoDataFrame(
        {
            "order": position,
            "last": last,
            **{name: np.asarray([getattr(r, name) for r in rows], dtype=object) for name in ("code", "name", "level")},
            "depth": np.asarray([r.depth for r in rows], dtype=np.int32),
            "leaf": position == last,
        },
        geometry=from_wkb(np.asarray([r.geometry for r in rows], dtype=object)),
        crs=WGS84,
    )
    nothing = np.zeros(0, dtype=np.int32)
    return AreaTree(frame, Closure(nothing, nothing))

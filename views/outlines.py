"""The outlines of areas on the flat world map, for clipping what is drawn there."""

from functools import lru_cache

import numpy as np
import shapely
import sqlalchemy as sa

from geo.panes import to_world
from store.areas import read_tree
from store.engine import read

Ranges = tuple[tuple[int, int], ...]


class Outlines:
    """The shape of any part of the tree of areas. The tree is the one of this process."""

    def __init__(self, engine: sa.Engine) -> None:
        with read(engine) as connection:
            tree = read_tree(connection).areas
        known = ~shapely.is_missing(tree.geometry.to_numpy()) & ~shapely.is_empty(tree.geometry.to_numpy())
        self._positions = tree["order"].to_numpy()[known]
        self._last = tree["last"].to_numpy()[known]
        self._shapes = to_world(tree.geometry.to_numpy()[known])
        self.of = lru_cache(maxsize=256)(self._of)

    @property
    def whole(self) -> shapely.Geometry | None:
        """The outline of everything, or None without boundaries."""
        return self.of(((0, int(self._last.max(initial=0)) + 1),))

    def _of(self, ranges: Ranges) -> shapely.Geometry | None:
        """The union of the areas in these half-open ranges of positions (unit square), or None when there is none.

        Only the highest areas of a range are joined: the others lie in them.
        """
        tops: list[int] = []
        for low, high in ranges:
            end = low
            for index in np.flatnonzero((self._positions >= low) & (self._positions < high)):
                if self._positions[index] >= end:
                    tops.append(int(index))
                    end = int(self._last[index]) + 1
        return shapely.union_all(self._shapes[tops]) if tops else None

"""Which numbers of a layer answer a question: worked out once a slice, used for every period and measure."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from domain.cases import PLACINGS
from store.counts.cells import POSITION_BITS, Ints, field_of, positions_of
from store.counts.series import Array, Series
from store.counts.slices import Slice

_FILTERS = (("kind", "kinds"), ("category", "categories"), ("source", "sources"), ("placing", "placings"))
_NUMBERED = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Runs:
    """Runs of neighbouring cells low … high - 1, each belonging to one of `size` groups.

    keys: the cells of the layer. names: what the groups stand for (category ids); empty when they are numbered already.
    """

    keys: Ints
    low: Ints
    high: Ints
    group: Ints
    size: int
    names: Ints

    @cached_property
    def edges(self) -> Ints:
        """The columns of a slab to read: all lows, then all highs."""
        return np.concatenate((self.low, self.high))

    @cached_property
    def signs(self) -> Ints:
        """-1 for each low, 1 for each high."""
        return np.repeat(np.array([-1, 1]), len(self.low))

    @cached_property
    def group_of_cell(self) -> npt.NDArray[np.int32]:
        """1 + group of every cell of the layer, 0 outside the slice."""
        lookup = np.zeros(len(self.keys), dtype=np.int32)
        lookup[stretched(self.low, self.high)] = np.repeat(self.group + 1, self.high - self.low)
        return lookup

    @cached_property
    def is_inside(self) -> npt.NDArray[np.uint8]:
        """1 for every cell of the slice, 0 for the others of the layer."""
        inside = np.zeros(len(self.keys), dtype=np.uint8)
        inside[stretched(self.low, self.high)] = 1
        return inside

    def read(self, series: Series, slab: int) -> Array:
        """The numbers of a slab at `edges`."""
        edges: Array = series.slabs[slab].take(self.edges)
        return edges

    def folded(self, edges: Array) -> Ints:
        """Sums a group, from the numbers at `edges`."""
        runs = edges[len(self.low) :] - edges[: len(self.low)]
        return np.bincount(self.group, runs, self.size).astype(np.int64)


@dataclass(frozen=True, eq=False)
class AreaRuns(Runs):
    """Runs whose groups are the positions of their cells (`group` is empty: a run holds many)."""

    @cached_property
    def edges(self) -> Ints:
        """Every column from each low to its high."""
        return stretched(self.low, self.high + 1)

    @cached_property
    def group_of_cell(self) -> npt.NDArray[np.int32]:
        """1 + area position of every cell of the layer, 0 outside the slice."""
        lookup = np.zeros(len(self.keys), dtype=np.int32)
        inside = stretched(self.low, self.high)
        lookup[inside] = positions_of(self.keys.take(inside)) + 1
        return lookup

    @cached_property
    def _targets(self) -> Ints:
        """The area of each difference between neighbouring edges; one past the last area between two runs."""
        target = positions_of(self.keys.take(self.edges, mode="clip"))
        target[np.cumsum(self.high - self.low + 1) - 1] = self.size
        return target[:-1]

    @cached_property
    def _block(self) -> tuple[int, int] | None:
        """The first area and the number of areas, when all runs are of the very same neighbouring areas.

        So it is in a dense town, where a matrix can be added up instead of scattered numbers.
        """
        if not len(self.low):
            return None
        first = positions_of(self.keys.take(self.low))
        last = positions_of(self.keys.take(self.high - 1))
        span = int(last[0] - first[0]) + 1
        if ((first != first[0]) | (last != last[0]) | (self.high - self.low != span)).any():
            return None
        return int(first[0]), span

    def read(self, series: Series, slab: int) -> Array:
        """The numbers of a slab at `edges`; of a block as a matrix (runs, areas + 1)."""
        if self._block:
            runs: Array = series.windows(self._block[1] + 1)[slab][self.low]  # copies whole runs
            return runs
        return super().read(series, slab)

    def folded(self, edges: Array) -> Ints:
        """Sums an area, from the numbers at `edges`."""
        if self._block:
            first, span = self._block
            # Sums of slab numbers may overflow and wrap around; their differences come out right all the same.
            line = np.add.reduce(edges, axis=0, dtype=edges.dtype)
            sums = np.zeros(self.size, dtype=np.int64)
            sums[first : first + span] = line[1:] - line[:-1]
            return sums
        if not len(edges):
            return np.zeros(self.size, dtype=np.int64)
        return np.bincount(self._targets, edges[1:] - edges[:-1], self.size + 1)[:-1].astype(np.int64)


def stretched(low: Ints, high: Ints) -> Ints:
    """low[0] … high[0] - 1, low[1] … high[1] - 1, and so on."""
    lengths = high - low
    until = np.cumsum(lengths)
    every: Ints = np.arange(int(until[-1]) if len(until) else 0) + np.repeat(low - until + lengths, lengths)
    return every


def planned(keys: Ints, rows: Ints, part: Slice, grouping: str, areas: int) -> Runs:
    """The runs of a slice. grouping: total, area, category or placing.

    keys, rows: a layer's cells and its distinct keys >> POSITION_BITS, in order. areas: how many there are.
    """
    chosen = rows[_wanted(rows, part)]
    ranges = np.asarray(part.ranges, dtype=np.int64).reshape(-1, 2)
    edges = (chosen[:, None, None] << POSITION_BITS) + ranges
    low, high = keys.searchsorted(edges.reshape(-1, 2)).T
    some = high > low
    low, high, row = low[some], high[some], chosen.repeat(len(ranges))[some]
    if grouping == "area":
        return AreaRuns(keys, low, high, row[:0], areas, _NUMBERED)
    group, size, names = _groups(row, grouping)
    first, last = np.ones((2, len(low)), dtype=bool)
    first[1:] = (low[1:] != high[:-1]) | (group[1:] != group[:-1])
    last[:-1] = first[1:]
    return Runs(keys, low[first], high[last], group[first], size, names)


def _wanted(rows: Ints, part: Slice) -> npt.NDArray[np.bool_]:
    wanted: npt.NDArray[np.bool_] = np.ones(len(rows), dtype=bool)
    for field, attribute in _FILTERS:
        if values := getattr(part, attribute):
            # Few against few: half the time of numpy.isin, which sorts first.
            wanted = wanted & (field_of(rows, field)[:, None] == values).any(axis=1)
    return wanted


def _groups(row: Ints, grouping: str) -> tuple[Ints, int, Ints]:
    if grouping == "category":
        category = field_of(row, "category")
        names = np.asarray(sorted(set(category.tolist())), dtype=np.int64)
        return names.searchsorted(category), len(names), names
    if grouping == "placing":
        return field_of(row, "placing"), len(PLACINGS), _NUMBERED
    return np.zeros_like(row), 1, _NUMBERED

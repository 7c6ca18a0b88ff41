"""Which numbers of a layer answer a question: worked out once a slice, used for every period and measure."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from domain.cases import PLACINGS
from store.counts.cells import POSITION_BITS, Ints, field_of, positions_of
from store.counts.slices import Slice

_FILTERS = (("kind", "kinds"), ("category", "categories"), ("source", "sources"), ("placing", "placings"))


@dataclass(frozen=True, eq=False)
class Runs:
    """Runs of neighbouring cells low … high - 1, each belonging to one of `size` groups.

    keys: the cells of the layer. names: what the groups stand for (category ids); None when they are numbered already.
    """

    keys: Ints
    low: Ints
    high: Ints
    group: Ints
    size: int
    names: Ints | None = None

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

    def read(self, slab: npt.NDArray[np.signedinteger]) -> npt.NDArray[np.signedinteger]:
        """The numbers of a slab at `edges`."""
        return slab.take(self.edges)

    def folded(self, edges: npt.NDArray[np.signedinteger]) -> Ints:
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

    def read(self, slab: npt.NDArray[np.signedinteger]) -> npt.NDArray[np.signedinteger]:
        """The numbers of a slab at `edges`; of a block as a matrix (runs, areas + 1)."""
        if not self._block:
            return slab.take(self.edges)
        # Row i of this view is the slab from its number i on: taking rows copies whole runs.
        shape = len(slab) - self._block[1], self._block[1] + 1
        return np.ndarray(shape, slab.dtype, slab, 0, slab.strides * 2)[self.low]

    def folded(self, edges: npt.NDArray[np.signedinteger]) -> Ints:
        """Sums an area, from the numbers at `edges`."""
        if self._block:
            first, span = self._block
            line = np.add.reduce(edges, axis=0)
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
    return np.arange(int(until[-1]) if len(until) else 0) + np.repeat(low - until + lengths, lengths)


def planned(keys: Ints, rows: Ints, part: Slice, grouping: str, areas: int) -> Runs:
    """The runs of a slice. rows: the distinct keys >> POSITION_BITS in order. grouping: total, area, category, placing."""
    chosen = rows[_wanted(rows, part)]
    ranges = np.asarray(part.ranges, dtype=np.int64).reshape(-1, 2)
    edges = (chosen[:, None, None] << POSITION_BITS) + ranges
    low, high = keys.searchsorted(edges.reshape(-1, 2)).T
    some = high > low
    low, high, row = low[some], high[some], chosen.repeat(len(ranges))[some]
    if grouping == "area":
        return AreaRuns(keys, low, high, row[:0], areas)
    group, size, names = _groups(row, grouping)
    first, last = np.ones((2, len(low)), dtype=bool)
    first[1:] = (low[1:] != high[:-1]) | (group[1:] != group[:-1])
    last[:-1] = first[1:]
    return Runs(keys, low[first], high[last], group[first], size, names)


def _wanted(rows: Ints, part: Slice) -> npt.NDArray[np.bool_]:
    wanted = np.ones(len(rows), dtype=bool)
    for field, attribute in _FILTERS:
        if values := getattr(part, attribute):
            # Few against few: half the time of numpy.isin, which sorts first.
            wanted &= (field_of(rows, field)[:, None] == values).any(axis=1)
    return wanted


def _groups(row: Ints, grouping: str) -> tuple[Ints, int, Ints | None]:
    if grouping == "category":
        category = field_of(row, "category")
        names = np.asarray(sorted(set(category.tolist())), dtype=np.int64)
        return names.searchsorted(category), len(names), names
    if grouping == "placing":
        return field_of(row, "placing"), len(PLACINGS), None
    return np.zeros_like(row), 1, None

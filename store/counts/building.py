"""Making a segment out of others and of loose deltas, measure by measure, so that memory stays small."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from domain.contributions import MEASURE_INDEX, MEASURES, Deltas
from store.areas import AreaIndex
from store.counts.cells import LAYERS, POSITION_BITS, Ints, Layer, keys_of
from store.counts.segments import Segment

Array = npt.NDArray[np.signedinteger]

_LEAST_REST = 512
"""A slab is not worth its place for fewer entries than this."""
_SMALL_SUM = 2**30
"""Below it, differences of two slab numbers fit an int32."""
_DTYPES = tuple(np.dtype(code) for code in ("<u1", "<i1", "<u2", "<i2", "<u4", "<i4", "<i8"))


class Sink(Protocol):
    """Where the arrays of a segment go: into memory or a file."""

    def put(self, name: str, array: Array) -> None:
        """Keep one array."""

    def put_rows(
        self, name: str, dtype: np.dtype[np.signedinteger], shape: tuple[int, int], rows: Iterable[Array]
    ) -> None:
        """Keep a matrix that comes row by row."""


class Memory(dict[str, Array]):
    """Arrays in memory."""

    def put(self, name: str, array: Array) -> None:
        """Keep one array."""
        self[name] = array

    def put_rows(
        self, name: str, dtype: np.dtype[np.signedinteger], shape: tuple[int, int], rows: Iterable[Array]
    ) -> None:
        """Keep a matrix that comes row by row."""
        matrix = np.empty(shape, dtype=dtype)
        for target, row in zip(matrix, rows, strict=True):
            target[:] = row
        self[name] = matrix


@dataclass(frozen=True)
class Entries:
    """One measure of one layer: distinct days, entries before each (and all), and the entries by day and cell."""

    days: Array
    starts: Ints
    cell: Array
    n: Ints


def build(parts: Sequence[Segment | Deltas], areas: AreaIndex, sink: Sink, layers: Sequence[Layer] = LAYERS) -> None:
    """The sum of all parts. layers: the finest (the last of LAYERS) is needed.

    Cells of areas that are not in the tree are left out: no slice can ask for them.
    """
    finest = layers[-1]
    sources = [_Source(part, areas) for part in parts]
    keys = _distinct([source.keys for source in sources])
    for source in sources:
        source.number(keys)
    layer_keys = {layer.name: np.unique(layer.narrowed(keys)) for layer in layers}
    sink.put("ids", areas.ids)
    for layer in layers:
        sink.put(f"{layer.name}/keys", layer_keys[layer.name])
        sink.put(f"{layer.name}/rows", np.unique(layer_keys[layer.name] >> POSITION_BITS))
    narrower = {layer.name: np.searchsorted(layer_keys[layer.name], layer.narrowed(keys)) for layer in layers[:-1]}
    for measure in MEASURES:
        entries = _joined([source.entries(measure, len(keys)) for source in sources], len(keys))
        _put_series(sink, finest, measure, entries, len(keys))
        for layer in layers[:-1]:
            size = len(layer_keys[layer.name])
            _put_series(sink, layer, measure, _narrowed(entries, narrower[layer.name], size), size)


def built(parts: Sequence[Segment | Deltas], areas: AreaIndex, layers: Sequence[Layer] = LAYERS) -> Segment:
    """The sum of all parts, in memory."""
    memory = Memory()
    build(parts, areas, memory, layers)
    return Segment(memory)


class _Source:
    """A part, its cells numbered as in the result."""

    def __init__(self, part: Segment | Deltas, areas: AreaIndex) -> None:
        self._part = part
        if isinstance(part, Deltas):
            distinct, self._cell = np.unique(part.cell, return_inverse=True)
        else:
            distinct = part.packed_cells
        self.keys = keys_of(distinct, areas)
        self._known = bool((self.keys >= 0).all())

    def number(self, keys: Ints) -> None:
        """Learn the numbers: places in `keys`, -1 for cells outside the tree."""
        self._number = np.where(self.keys >= 0, np.searchsorted(keys, self.keys), -1)

    def entries(self, measure: str, size: int) -> tuple[Ints, Ints]:
        """Day * size + cell number, and n, of one measure."""
        if isinstance(self._part, Segment):
            day, cell, n = self._part.entries(measure)
        else:
            index = MEASURE_INDEX[measure]
            low, high = np.searchsorted(self._part.measure, (index, index + 1))
            day, cell, n = self._part.day[low:high], self._cell[low:high], self._part.n[low:high]
        number = self._number.take(cell)
        keys = day.astype(np.int64) * size + number
        return (keys, n) if self._known else (keys[number >= 0], n[number >= 0])


def _distinct(keys: Sequence[Ints]) -> Ints:
    found = np.unique(np.concatenate([*keys, np.zeros(0, dtype=np.int64)]))
    return found[found >= 0]


def _joined(parts: Sequence[tuple[Ints, Ints]], size: int) -> Entries:
    nothing = np.zeros(0, dtype=np.int64)
    keys, n = (np.concatenate([*(part[i] for part in parts), nothing]) for i in (0, 1))
    return _summed(keys, n, size)


def _summed(keys: Ints, n: Ints, size: int) -> Entries:
    """Entries from day * size + cell: one each, zeros left out."""
    order = np.argsort(keys, kind="stable")  # parts are sorted already, and the stable sort merges such runs
    keys, n = keys[order], n[order]
    if not len(keys):
        return _entries(keys, n, size)
    first = np.flatnonzero(np.append(True, keys[1:] != keys[:-1]))
    n = np.add.reduceat(n, first)
    keep = n != 0
    return _entries(keys[first][keep], n[keep], size)


def _entries(keys: Ints, n: Ints, size: int) -> Entries:
    day, cell = np.divmod(keys, max(size, 1))
    starts = np.flatnonzero(np.append(True, day[1:] != day[:-1])) if len(day) else np.zeros(0, dtype=np.int64)
    return Entries(day[starts].astype(np.int32), np.append(starts, len(day)), cell, n)


def _narrowed(entries: Entries, number: Ints, size: int) -> Entries:
    """The entries of a narrower layer; number: the cell there of each cell here."""
    if len(entries.n) <= len(entries.days) * size // 8:
        day = np.repeat(entries.days.astype(np.int64), np.diff(entries.starts))
        return _summed(day * size + number.take(entries.cell), entries.n, size)
    cells, ns, lengths = [], [], []
    for low, high in zip(entries.starts[:-1], entries.starts[1:], strict=True):
        sums = np.bincount(number.take(entries.cell[low:high]), entries.n[low:high], size)
        cells.append(np.flatnonzero(sums))
        ns.append(sums[cells[-1]].astype(np.int64))
        lengths.append(len(cells[-1]))
    some = np.asarray(lengths) > 0
    starts = np.concatenate(([0], np.cumsum(np.asarray(lengths)[some])))
    return Entries(entries.days[some], starts, np.concatenate(cells), np.concatenate(ns))


def _put_series(sink: Sink, layer: Layer, measure: str, entries: Entries, size: int) -> None:
    name = f"{layer.name}/{measure}"
    marks = _marks(entries.starts, max(size // layer.slabs, _LEAST_REST))
    total = int(np.abs(entries.n).sum())
    dtype = np.dtype("<i4") if total < _SMALL_SUM else np.dtype("<i8")
    sums = np.add.reduceat(entries.n, entries.starts[:-1]) if len(entries.days) else np.zeros(0, dtype=np.int64)
    sink.put(f"{name}/days", entries.days.astype("<i4"))
    sink.put(f"{name}/starts", entries.starts.astype("<i8"))
    sink.put(f"{name}/cell", _smallest(entries.cell))
    sink.put(f"{name}/n", _smallest(entries.n))
    sink.put(f"{name}/marks", marks.astype("<i8"))
    sink.put(f"{name}/sums", sums.astype("<i8"))
    sink.put_rows(f"{name}/slabs", dtype, (len(marks), size + 1), _slabs(entries, marks, size))


def _marks(starts: Ints, rest: int) -> Ints:
    """After how many days to keep a slab, so that at most `rest` entries come after the nearest one before any day."""
    marks, at, days = [], 0, len(starts) - 1
    while at < days and starts[days] - starts[at] > rest:
        reach = int(np.searchsorted(starts, starts[at] + rest, side="right")) - 1
        at = max(reach, at + 1)
        marks.append(at)
    return np.asarray(marks, dtype=np.int64)


def _slabs(entries: Entries, marks: Ints, size: int) -> Iterator[Ints]:
    by_cell, since = np.zeros(size, dtype=np.int64), 0
    slab = np.zeros(size + 1, dtype=np.int64)
    for mark in marks:
        until = entries.starts[mark]
        np.add.at(by_cell, entries.cell[since:until], entries.n[since:until])
        np.cumsum(by_cell, out=slab[1:])
        since = until
        yield slab


def _smallest(array: Ints) -> Array:
    low, high = (int(array.min()), int(array.max())) if len(array) else (0, 0)
    return array.astype(next(d for d in _DTYPES if np.iinfo(d).min <= low and high <= np.iinfo(d).max))

"""Looking through the files of a checkpoint: whether they hold what they must, and whether their parts agree."""

from collections.abc import Iterator

import numpy as np

from domain.contributions import MEASURE_INDEX, MEASURES, Deltas
from store.counts.cells import LAYERS, Ints, Layer
from store.counts.prints import printed
from store.counts.segments import Segment


def deltas_of(segment: Segment) -> Iterator[Deltas]:
    """What a segment holds, a measure at a time."""
    for measure in MEASURES:
        yield _deltas(segment, measure, segment.packed_cells)


def faults(segment: Segment) -> list[str]:
    """Every narrower layer that is not the sum of the finest, and every prefix sum that is not the sum of its entries."""
    found = []
    finest = segment.arrays[f"{LAYERS[-1].name}/keys"]
    for measure in MEASURES:
        for layer in LAYERS:
            if f"{layer.name}/keys" not in segment.arrays:
                continue
            made = printed([_deltas(segment, measure, layer.narrowed(finest))])
            if made != printed([_kept(segment, layer, measure)]):
                found.append(f"the layer '{layer.name}' of '{measure}' is not the sum of its parts")
            if not _sums_hold(segment, f"{layer.name}/{measure}"):
                found.append(f"the prefix sums of '{measure}' in the layer '{layer.name}' are not those of its entries")
    return found


def _deltas(segment: Segment, measure: str, cells: Ints) -> Deltas:
    day, cell, n = segment.entries(measure)
    return Deltas(np.full(len(n), MEASURE_INDEX[measure], dtype=np.uint8), day, cells.take(cell), n)


def _kept(segment: Segment, layer: Layer, measure: str) -> Deltas:
    name = f"{layer.name}/{measure}"
    day = np.repeat(segment.arrays[f"{name}/days"], np.diff(segment.arrays[f"{name}/starts"]))
    cells = segment.arrays[f"{layer.name}/keys"].take(segment.arrays[f"{name}/cell"])
    n = segment.arrays[f"{name}/n"].astype(np.int64)
    return Deltas(np.full(len(n), MEASURE_INDEX[measure], dtype=np.uint8), day, cells, n)


def _sums_hold(segment: Segment, name: str) -> bool:
    starts, cell, n, marks, slabs, sums = (
        segment.arrays[f"{name}/{array}"] for array in ("starts", "cell", "n", "marks", "slabs", "sums")
    )
    by_cell, since = np.zeros(slabs.shape[1] - 1, dtype=np.int64), 0
    for mark, slab in zip(marks.tolist(), slabs, strict=True):
        until = int(starts[mark])
        np.add.at(by_cell, cell[since:until], n[since:until])
        since = until
        if slab[0] or not np.array_equal(np.diff(slab), by_cell):
            return False
    days = np.repeat(np.arange(len(sums)), np.diff(starts))
    return bool((np.bincount(days, n, len(sums)) == sums).all())

"""The series of daily numbers of a slice."""

from bisect import bisect_left, bisect_right

import numpy as np

from store.counts.cells import Ints
from store.counts.plans import Runs, stretched
from store.counts.series import Series

_SLAB, _GATHER = 0.5, 2.0
"""What reading one edge of a slab, and one entry by its number, costs against one entry in a row."""


def by_day(series: Series, plan: Runs, first: int, last: int) -> Ints:
    """The number of each day first … last; shape (last - first + 1,)."""
    numbers = np.zeros(last - first + 1, dtype=np.int64)
    low, high = bisect_left(series.days, first), bisect_right(series.days, last)
    if low < high and len(plan.low):
        known = _known_days(series, plan, low, high)
        numbers[series.day_array[low:high] - first] = known
    return numbers


def _known_days(series: Series, plan: Runs, low: int, high: int) -> Ints:
    """The numbers of the distinct days low … high - 1, by whichever way reads less."""
    k0, k1 = bisect_left(series.marks, low), bisect_right(series.marks, high)
    scan_all = series.starts[high] - series.starts[low]
    if k1 - k0 < 2:
        return _scanned(series, plan, np.arange(low, high))
    scanned = np.ones(high - low, dtype=bool)
    keys = series.mark_array[k0 + 1 : k1] - 1 - low
    scanned[keys] = False
    rest = low + np.flatnonzero(scanned)
    starts = series.start_array
    slabs = _SLAB * (k1 - k0) * len(plan.edges) + _GATHER * int((starts[rest + 1] - starts[rest]).sum())
    if scan_all < slabs:
        return _scanned(series, plan, np.arange(low, high))
    numbers = np.zeros(high - low, dtype=np.int64)
    numbers[scanned] = _scanned(series, plan, rest)
    at_slabs = series.slabs[k0:k1].take(plan.edges, axis=1)
    runs = len(plan.low)
    sums = at_slabs[:, runs:].sum(axis=1, dtype=np.int64) - at_slabs[:, :runs].sum(axis=1, dtype=np.int64)
    # A day with a slab is what lies between it and the slab before, less the days without one in between.
    passed = np.cumsum(numbers)
    at = np.append(series.marks[k0] - low - 1, keys)
    upto = np.where(at >= 0, passed[at], 0)
    numbers[keys] = np.diff(sums) - np.diff(upto)
    return numbers


def _scanned(series: Series, plan: Runs, days: Ints) -> Ints:
    """The numbers of distinct days (by their numbers, in order), from their entries."""
    if not len(days):
        return np.zeros(0, dtype=np.int64)
    if days[-1] - days[0] == len(days) - 1:
        starts = series.start_array[days[0] : days[-1] + 2]
        cell, n = series.cell[starts[0] : starts[-1]], series.n[starts[0] : starts[-1]]
        offsets = starts[:-1] - starts[0]
    else:
        starts = series.start_array
        lengths = starts[days + 1] - starts[days]
        which = stretched(starts[days], starts[days + 1])
        cell, n, offsets = series.cell.take(which), series.n.take(which), np.cumsum(lengths) - lengths
    return np.add.reduceat(plan.is_inside.take(cell) * n, offsets, dtype=np.int64)

"""One measure of one layer: day-sorted entries, and prefix sums at chosen days.

The number of any set of cells up to a day = the slab at or before that day + the entries since. A slab is summed over
days and over cells, so that a run of cells costs two of its numbers, however many cells it has.
"""

from bisect import bisect_right
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.signedinteger]


class Point(NamedTuple):
    """Everything up to a day: a slab (-1 none) and the entries from … to that came after it."""

    slab: int
    since: int
    until: int


_NOTHING = Point(-1, 0, 0)
_POINTS = 4_096
"""Days whose points are remembered: more than ten years of them."""


class Series:
    """A series as lists to search and arrays to read.

    days: distinct days in order · starts: entries before each of them (and all) · cell, n: the entries, sorted by day
    and cell · marks: how many days each slab holds · slabs: shape (slabs, cells + 1) · sums: the total of each day
    """

    __slots__ = (
        "_points", "_windows", "cell", "day_array", "days", "mark_array", "marks", "n", "slabs", "start_array",
        "starts", "sums",
    )  # fmt: skip

    def __init__(
        self, days: Array, starts: Array, cell: Array, n: Array, marks: Array, slabs: Array, sums: Array
    ) -> None:
        # Lists, because bisect on a list takes a fifth of what numpy needs for one value.
        self.days: list[int] = days.tolist()
        self.starts: list[int] = starts.tolist()
        self.marks: list[int] = marks.tolist()
        self.day_array, self.start_array, self.mark_array = days, starts, marks
        self.cell, self.n, self.slabs, self.sums = cell, n, slabs, sums
        self._windows: dict[int, Array] = {}
        self._points: dict[int | None, Point] = {}

    def point(self, day: int | None) -> Point:
        """What there is up to and including a day; None = before the beginning."""
        found = self._points.get(day)
        if found is None and day is not None:
            passed = bisect_right(self.days, day)
            slab = bisect_right(self.marks, passed) - 1
            found = Point(slab, self.starts[self.marks[slab]] if slab >= 0 else 0, self.starts[passed])
            if len(self._points) < _POINTS:
                self._points[day] = found
        return found or _NOTHING

    def windows(self, width: int) -> Array:
        """The slabs as a view (slabs, columns, width): [k, i] is slab k from column i on, without a copy."""
        view = self._windows.get(width)
        if view is None:
            rows, columns = self.slabs.shape
            shape, step = (rows, columns - width + 1, width), self.slabs.strides[1]
            view = np.ndarray(shape, self.slabs.dtype, self.slabs, 0, (self.slabs.strides[0], step, step))
            self._windows[width] = view
        return view

    def total(self, day: int) -> int:
        """The sum over all cells of one day."""
        i = bisect_right(self.days, day) - 1
        return int(self.sums[i]) if i >= 0 and self.days[i] == day else 0

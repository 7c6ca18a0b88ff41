"""Answers from one layer of one segment."""

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np

from domain.contributions import MEASURES
from store.counts.cells import Ints
from store.counts.plans import Runs, planned
from store.counts.series import Array, Point, Series
from store.counts.slices import Slice

_PLANS = 256
"""Plans kept a table: one a slice and grouping, 100 KB at most for 500 areas × 40 categories."""
_MANY = 2_000
"""Entries of which it is worth to drop first those outside the slice."""


class Table:
    """keys: the layer's cells in order. rows: the distinct keys >> POSITION_BITS in order.

    areas: how many there are. read: the series of a measure, called when it is first needed.
    """

    def __init__(self, keys: Ints, rows: Ints, areas: int, read: Callable[[str], Series]) -> None:
        self.keys = keys
        self.plan = lru_cache(maxsize=_PLANS)(lambda part, grouping: planned(keys, rows, part, grouping, areas))
        self.series = lru_cache(maxsize=len(MEASURES))(read)

    def totals(self, measures: Sequence[str], first: int | None, last: int, part: Slice) -> list[int]:
        """The sum of each measure over the days first … last."""
        plan = self.plan(part, "total")
        return [self._total(self.series(measure), plan, first, last) for measure in measures]

    def _total(self, series: Series, plan: Runs, first: int | None, last: int) -> int:
        before, until = series.point(None if first is None else first - 1), series.point(last)
        if before.until == until.until:
            return 0
        total = 0
        if until.slab != before.slab:
            total = int(_difference(series, plan, before, until).dot(plan.signs))
        for since, end, sign in _rest(before, until):
            inside = plan.is_inside.take(series.cell[since:end])
            total += sign * int((inside * series.n[since:end]).sum(dtype=np.int64))
        return total

    def grouped(
        self, measure: str, grouping: str, first: int | None, last: int, part: Slice
    ) -> tuple[Ints, Runs] | None:
        """Sums a group over the days first … last, and the plan that names the groups; None = nothing at all."""
        series = self.series(measure)
        before, until = series.point(None if first is None else first - 1), series.point(last)
        if before.until == until.until:
            return None
        plan = self.plan(part, grouping)
        sums = plan.folded(_difference(series, plan, before, until)) if until.slab != before.slab else None
        for since, end, sign in _rest(before, until):
            found = _scattered(series, plan, since, end)
            sums = found if sums is None else sums + sign * found
        return (np.zeros(plan.size, dtype=np.int64) if sums is None else sums), plan


def _scattered(series: Series, plan: Runs, since: int, end: int) -> Ints:
    """Sums a group of some entries."""
    groups, n = plan.group_of_cell.take(series.cell[since:end]), series.n[since:end]
    if end - since > _MANY:
        inside = np.flatnonzero(groups)
        groups, n = groups.take(inside), n.take(inside)
    # Sums of whole numbers below 2 ** 53 are exact in float64.
    return np.bincount(groups, n, plan.size + 1)[1:].astype(np.int64)


def _difference(series: Series, plan: Runs, before: Point, until: Point) -> Array:
    """What the slabs say lies between two points, at the plan's edges."""
    edges = plan.read(series, until.slab)
    if before.slab >= 0:
        edges -= plan.read(series, before.slab)
    return edges


def _rest(before: Point, until: Point) -> list[tuple[int, int, int]]:
    """The stretches of entries that the slabs leave over, each with its sign."""
    if until.slab == before.slab:
        stretches = [(before.until, until.until, 1)]
    else:
        stretches = [(until.since, until.until, 1), (before.since, before.until, -1)]
    return [stretch for stretch in stretches if stretch[0] < stretch[1]]

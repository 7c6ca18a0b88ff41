"""Answers from one layer of one segment."""

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from domain.contributions import MEASURES
from store.counts.cells import Ints
from store.counts.plans import Runs, planned
from store.counts.series import Point, Series
from store.counts.slices import Slice

_PLANS = 256
"""Plans kept a table: one a slice and grouping, 100 KB at most for 500 areas × 40 categories."""


class Table:
    """keys: the layer's cells in order. rows: the distinct keys >> POSITION_BITS in order.

    areas: how many there are. read: the series of a measure, called when it is first needed.
    """

    def __init__(self, keys: Ints, rows: Ints, areas: int, read: Callable[[str], Series]) -> None:
        self.keys = keys
        self.plan = lru_cache(maxsize=_PLANS)(lambda part, grouping: planned(keys, rows, part, grouping, areas))
        self.series = lru_cache(maxsize=len(MEASURES))(read)

    def total(self, measure: str, first: int | None, last: int, part: Slice) -> int:
        """The sum over the days first … last."""
        series, plan = self.series(measure), self.plan(part, "total")
        before, until = series.point(None if first is None else first - 1), series.point(last)
        total = 0
        if until.slab != before.slab:
            total = int(_difference(series, plan, before, until).dot(plan.signs))
        for since, end, sign in _rest(before, until):
            inside = plan.is_inside.take(series.cell[since:end])
            total += sign * int((inside * series.n[since:end]).sum(dtype=np.int64))
        return total

    def grouped(self, measure: str, grouping: str, first: int | None, last: int, part: Slice) -> tuple[Ints, Runs]:
        """Sums a group over the days first … last, and the plan that says what the groups are."""
        series, plan = self.series(measure), self.plan(part, grouping)
        before, until = series.point(None if first is None else first - 1), series.point(last)
        if until.slab != before.slab:
            sums = plan.folded(_difference(series, plan, before, until))
        else:
            sums = np.zeros(plan.size, dtype=np.int64)
        for since, end, sign in _rest(before, until):
            groups = plan.group_of_cell.take(series.cell[since:end])
            inside = np.flatnonzero(groups)
            n = series.n[since:end].take(inside)
            # Sums of whole numbers below 2 ** 53 are exact in float64.
            sums += sign * np.bincount(groups.take(inside), n, plan.size + 1)[1:].astype(np.int64)
        return sums, plan


def _difference(series: Series, plan: Runs, before: Point, until: Point) -> Ints:
    """What the slabs say lies between two points, at the plan's edges."""
    edges = plan.read(series.slabs[until.slab])
    if before.slab >= 0:
        edges -= plan.read(series.slabs[before.slab])
    return edges


def _rest(before: Point, until: Point) -> list[tuple[int, int, int]]:
    """The stretches of entries that the slabs leave over, each with its sign."""
    if until.slab == before.slab:
        stretches = [(before.until, until.until, 1)]
    else:
        stretches = [(until.since, until.until, 1), (before.since, before.until, -1)]
    return [stretch for stretch in stretches if stretch[0] < stretch[1]]

"""Holds the counts of a store against its rows, by plain Python (tests.oracle)."""

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import sqlalchemy as sa

from domain.contributions import MEASURES
from store.areas import AreaIndex, read_areas
from store.counts.reader import Counts, Slice
from store.engine import read
from tests.oracle import sums

ROWS = sa.text(
    'SELECT status, kind, category_id AS category, source_id AS source, area_id, "placing", reported_at, '
    "first_response_at, due_at, closed_at, online, overdue, level FROM cases"
)


def assert_counts_equal_a_recount(engine: sa.Engine, zone: str, folder: Path) -> None:
    """Every measure by day, area, category, placing and source equals what the rows of cases say."""
    with read(engine) as connection:
        areas = read_areas(connection)
        cases = [dict(row) for row in connection.execute(ROWS).mappings()]
    counts = Counts(engine, areas, folder)
    snapshot = counts.snapshot()
    counts.close()
    whole = Slice(ranges=((0, len(areas)),))
    truth = sums(cases, zone, ("area_id", "category", "placing", "source", "kind"))
    days = [day for _, day, *_ in truth]
    first, last = min(days, default=0), max(days, default=0)
    for measure in MEASURES:
        mine = {key[1:]: n for key, n in truth.items() if key[0] == measure}
        found = snapshot.by_day(measure, first, last, whole)
        assert {first + int(i): int(found[i]) for i in np.flatnonzero(found)} == _along(mine, 0), (measure, "days")
        by_area = snapshot.by_area(measure, None, last, whole)
        assert {int(areas.ids[i]): int(by_area[i]) for i in np.flatnonzero(by_area)} == _along(mine, 1), measure
        assert snapshot.by_category(measure, None, last, whole) == _along(mine, 2), (measure, "categories")
        placing = snapshot.by_placing(measure, None, last, whole)
        assert {i: int(n) for i, n in enumerate(placing) if n} == _along(mine, 3), (measure, "placings")
        _assert_parts(snapshot, measure, mine, areas, last)


def _assert_parts(snapshot, measure: str, mine: dict[Any, Any], areas: AreaIndex, last: int) -> None:
    for index, name in ((4, "sources"), (5, "kinds")):
        for value, n in _along(mine, index).items():
            part = Slice(ranges=((0, len(areas)),), **{name: (value,)})
            assert snapshot.totals([measure], None, last, part) == {measure: n}, (measure, name, value)


def _along(truth: dict[Any, Any], axis: int) -> dict[int, int]:
    found: Counter[int] = Counter()
    for key, n in truth.items():
        found[key[axis]] += n
    return {key: n for key, n in found.items() if n}

"""The column store of points against a plain list of rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.counts.slices import Slice
from store.heatpoints import NO_DAY, OPEN, OVERDUE, REPORTED, HeatPoints, Pick, Totals

PLACES, AREAS = 12, 6
EVERYWHERE = ((0, AREAS),)


@dataclass(frozen=True)
class Row:
    """One case as the store keeps it."""

    bin: int
    category: int
    position: int
    day: int
    ended: int = NO_DAY
    due: int = NO_DAY
    source: int = 1
    kind: int = 0


@dataclass
class Plain:
    """The same as a dictionary, looked through row by row."""

    rows: dict[int, Row] = field(default_factory=dict)

    def counts(self, pick: Pick) -> list[int]:
        found = [0] * (PLACES + 4)
        for row in self.rows.values():
            if self.chosen(row, pick):
                found[row.bin] += 1
        return found

    def chosen(self, row: Row, pick: Pick) -> bool:
        part = pick.part
        in_time = {
            REPORTED: (pick.first is None or row.day >= pick.first) and row.day <= pick.last,
            OPEN: row.day <= pick.last < row.ended,
            OVERDUE: row.due <= pick.last < row.ended,
        }[pick.listing]
        return (
            in_time
            and any(low <= row.position < high for low, high in part.ranges)
            and all(
                not wanted or value in wanted
                for value, wanted in (
                    (row.category, part.categories),
                    (row.kind, part.kinds),
                    (row.source, part.sources),
                )
            )
        )


days = st.integers(100, 120)
rows = st.builds(
    Row, bin=st.integers(0, PLACES + 3), category=st.integers(1, 4), position=st.integers(0, AREAS - 1), day=days,
    ended=st.one_of(st.just(NO_DAY), days), due=st.one_of(st.just(NO_DAY), days), source=st.integers(1, 3),
    kind=st.integers(0, 1),
)  # fmt: skip
choices = st.lists(st.integers(1, 4), max_size=3, unique=True).map(tuple)
ranges = st.sampled_from([EVERYWHERE, (), ((1, 3),), ((0, 1), (4, 6))])
picks = st.builds(
    Pick, listing=st.sampled_from([REPORTED, OPEN, OVERDUE]), first=st.one_of(st.none(), days), last=days,
    part=st.builds(Slice, ranges=ranges, kinds=st.sampled_from([(), (0,), (1,), (-1,)]), categories=choices,
                   sources=choices),
)  # fmt: skip
writes = st.lists(st.dictionaries(st.integers(1, 30), st.one_of(rows, st.none()), max_size=12), max_size=8)


def put(points: HeatPoints, batch: Mapping[int, Row | None]) -> None:
    """Write a batch; None = the case counts no longer."""
    ids = np.array(list(batch), dtype=np.int64)
    whole = [row or Row(0, 0, 0, 0) for row in batch.values()]
    columns = {name: np.array([getattr(r, name) for r in whole], dtype=np.int64) for name in Row.__dataclass_fields__}
    points.put(ids, columns, np.array([row is not None for row in batch.values()], dtype=bool))


@settings(max_examples=200)
@given(writes, st.lists(picks, min_size=1, max_size=4), st.lists(st.integers(0, 8), max_size=3))
def test_any_choice_counts_the_rows_that_a_plain_list_counts_after_any_writes(batches, chosen, sorted_after):
    points, plain = HeatPoints(PLACES, AREAS), Plain()
    for number, batch in enumerate(batches):
        put(points, batch)
        plain.rows |= {key: row for key, row in batch.items() if row}
        for key in [key for key, row in batch.items() if row is None]:
            plain.rows.pop(key, None)
        if number in sorted_after:
            points.sort()
        for pick in chosen:
            assert points.counts(pick).tolist() == plain.counts(pick)
    ended = [r for r in plain.rows.values() if r.ended != NO_DAY]
    due = [r for r in plain.rows.values() if r.due != NO_DAY]
    both = [r for r in due if r.ended != NO_DAY]
    assert points.totals == Totals(len(plain.rows), len(ended), len(due), len(both))
    assert len(points) == len(plain.rows)
    assert points.marked().tolist() == sorted(k for k, r in plain.rows.items() if r in due and r not in both)


def test_many_later_rows_are_sorted_in_and_still_count():
    points, rng = HeatPoints(PLACES, AREAS), np.random.default_rng(2)
    plain = Plain()
    for start in range(0, 60_000, 15_000):
        batch = {
            start + i: Row(int(b), int(c), int(p), int(d))
            for i, (b, c, p, d) in enumerate(rng.integers((0, 1, 0, 100), (PLACES, 5, AREAS, 120), (15_000, 4)))
        }
        put(points, batch)
        plain.rows |= batch
    pick = Pick(REPORTED, 105, 110, Slice(EVERYWHERE, categories=(1, 3)))
    assert points._sorted > 20_000
    assert points.counts(pick).tolist() == plain.counts(pick)


def test_a_case_takes_at_most_25_bytes():
    points, n = HeatPoints(PLACES, AREAS), 100_000
    columns = {name: np.zeros(n, dtype=np.int64) for name in Row.__dataclass_fields__}
    points.put(np.arange(n), columns, np.ones(n, dtype=bool))
    points.sort()
    assert points.nbytes / n <= 25


@pytest.mark.parametrize("positions", [AREAS, 70_000])
def test_areas_may_be_more_than_16_bits_can_number(positions):
    points = HeatPoints(PLACES, positions)
    row = Row(3, 1, positions - 1, 100)
    put(points, {1: row, 2: replace(row, position=0)})
    last = Slice(((positions - 1, positions),))
    assert points.counts(Pick(REPORTED, None, 200, last)).tolist().index(1) == 3
    assert points.counts(Pick(REPORTED, None, 200, last)).sum() == 1

"""Segments answer as plain sums over their entries do, whatever their slabs, layers, parts and home."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.contributions import MEASURES, Deltas, pack_cells
from store.areas import AreaIndex
from store.counts import building
from store.counts.building import build, built
from store.counts.cells import LAYERS
from store.counts.files import FileSink, open_segment
from store.counts.inspection import faults
from store.counts.reader import Slice, Snapshot
from tests.store.counts.world import FIRST

AREAS = 9
MEASURE = MEASURES.index("reported")

entry = st.tuples(
    st.integers(FIRST, FIRST + 12),  # day
    st.integers(0, AREAS - 1),  # area
    st.sampled_from([0, 0, 0, 1, 3]),  # placing
    st.integers(0, 1),  # kind
    st.integers(1, 4),  # category
    st.integers(1, 3),  # source
    st.integers(-2, 3),  # n
)
ranges = st.sets(st.integers(0, AREAS), max_size=6).map(
    lambda cuts: tuple(zip(sorted(cuts)[::2], sorted(cuts)[1::2], strict=False))
)
some = st.sets(st.integers(0, 4), max_size=2).map(tuple)
slices = st.builds(Slice, ranges, kinds=some, categories=some, sources=some, placings=some)


def tree() -> AreaIndex:
    ids = np.asarray([3, 1, 4, 15, 9, 2, 6, 5, 8])
    names = tuple(map(str, ids))
    return AreaIndex(ids, np.arange(AREAS), np.full(AREAS, -1), np.zeros(AREAS, dtype=np.int64), names, names, names)


def deltas_of(entries, areas: AreaIndex) -> Deltas:
    columns = np.asarray(entries, dtype=np.int64).reshape(-1, 7).T
    cell = pack_cells(areas.ids[columns[1]], *columns[2:6])
    measure = np.full(columns.shape[1], MEASURE, dtype=np.uint8)
    return Deltas(measure, columns[0].astype(np.int32), cell, columns[6]).summed()


def in_file(deltas: Deltas, areas: AreaIndex, path: Path):
    with path.open("wb") as file:
        sink = FileSink(file)
        build([deltas], areas, sink)
        sink.finish()
    return open_segment(path)


def answers(entries, part: Slice, first: int | None, last: int) -> dict[str, object]:
    """Plain loops over the entries."""
    inside = [
        e for e in entries
        if (first is None or e[0] >= first) and e[0] <= last
        and any(low <= e[1] < high for low, high in part.ranges)
        and all(not wanted or value in wanted
                for value, wanted in zip(e[2:6], (part.placings, part.kinds, part.categories, part.sources), strict=True))
    ]  # fmt: skip
    by = [Counter() for _ in range(7)]
    for e in inside:
        for axis in range(7):
            by[axis][e[axis]] += e[6]
    return {
        "total": sum(e[6] for e in inside),
        "areas": [by[1][i] for i in range(AREAS)],
        "placings": [by[2][i] for i in range(4)],
        "categories": {k: n for k, n in by[4].items() if n},
        "days": [by[0][day] for day in range(first, last + 1)] if first is not None else None,
    }


def asked(snapshot: Snapshot, part: Slice, first: int | None, last: int) -> dict[str, object]:
    return {
        "total": snapshot.totals(["reported"], first, last, part)["reported"],
        "areas": snapshot.by_area("reported", first, last, part).tolist(),
        "placings": snapshot.by_placing("reported", first, last, part).tolist(),
        "categories": snapshot.by_category("reported", first, last, part),
        "days": snapshot.by_day("reported", first, last, part).tolist() if first is not None else None,
    }


@pytest.mark.parametrize("rest", [1, 4, 512])
@given(
    st.lists(st.lists(entry, max_size=40), min_size=1, max_size=3), slices, st.integers(-1, 13), st.integers(0, 14),
    st.data(),
)  # fmt: skip
@settings(max_examples=60)
def test_a_segment_answers_as_plain_sums_do(rest, tmp_path_factory, parts, part, before, length, data):
    areas, first = tree(), FIRST + before
    entries = [e for entries in parts for e in entries]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(building, "_LEAST_REST", rest)
        loose = [deltas_of(entries, areas) for entries in parts]
        merged = built([built(loose[:-1], areas), loose[-1]], areas)
        mapped = in_file(Deltas.joined(loose).summed(), areas, tmp_path_factory.mktemp("s") / "x.counts")
        apart = tuple(built([d], areas, LAYERS[-1:] if data.draw(st.booleans()) else LAYERS) for d in loose)
    for segments in ((merged,), (mapped,), apart):
        snapshot = Snapshot("", areas, segments)
        for start in (None, first):
            wanted = answers(entries, part, start, first + length)
            assert asked(snapshot, part, start, first + length) == wanted
    assert faults(mapped) == []


@given(st.lists(entry, min_size=30, max_size=120), slices)
@settings(max_examples=40)
def test_long_series_are_right_with_a_slab_every_few_days(entries, part):
    areas = tree()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(building, "_LEAST_REST", 3)
        snapshot = Snapshot("", areas, (built([deltas_of(entries, areas)], areas),))
    found = snapshot.by_day("reported", FIRST - 1, FIRST + 14, part).tolist()
    assert found == answers(entries, part, FIRST - 1, FIRST + 14)["days"]


def test_sums_beyond_32_bits_are_exact():
    areas = tree()
    huge = [(FIRST + day, 2, 0, 0, 1, 1, 2**40 + day) for day in range(5)]
    snapshot = Snapshot("", areas, (built([deltas_of(huge, areas)], areas),))
    assert asked(snapshot, Slice(((0, AREAS),)), FIRST, FIRST + 4) == answers(
        huge, Slice(((0, AREAS),)), FIRST, FIRST + 4
    )


def test_cells_of_areas_outside_the_tree_are_in_no_slice():
    areas = tree()
    known = [(FIRST, 2, 0, 0, 1, 1, 5)]
    stranger = Deltas(
        np.asarray([MEASURE], dtype=np.uint8), np.asarray([FIRST], dtype=np.int32), pack_cells([99], 0, 0, 1, 1),
        np.asarray([7]),
    )  # fmt: skip
    snapshot = Snapshot("", areas, (built([Deltas.joined([deltas_of(known, areas), stranger])], areas),))
    assert snapshot.totals(["reported"], None, FIRST, Slice(((0, AREAS),))) == {"reported": 5}


def test_a_part_of_a_file_is_no_segment(tmp_path):
    path = tmp_path / "x.counts"
    in_file(deltas_of([(FIRST, 2, 0, 0, 1, 1, 5)], tree()), tree(), path)
    whole = path.read_bytes()
    for size in (0, 10, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:size])
        with pytest.raises(ValueError, match="not a whole file"):
            open_segment(path)

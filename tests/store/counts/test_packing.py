import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.contributions import MEASURES, Deltas, pack_cells
from store.counts.packing import pack, unpack
from tests.store.counts.world import FIRST

days = st.integers(-40_000, 40_000)
cells = st.integers(0, 2**62 - 1)
numbers = st.integers(-(2**50), 2**50)
entries = st.dictionaries(st.tuples(st.integers(0, len(MEASURES) - 1), days, cells), numbers.filter(bool), max_size=80)


def deltas_of(found: dict[tuple[int, int, int], int]) -> Deltas:
    measure, day, cell = (np.asarray([key[i] for key in found], dtype=np.int64) for i in range(3))
    n = np.asarray(list(found.values()), dtype=np.int64)
    return Deltas(measure.astype(np.uint8), day.astype(np.int32), cell, n).summed()


@given(entries)
def test_what_is_packed_comes_out_again(found):
    packed = deltas_of(found)
    out = unpack(pack(packed))
    columns = zip(out.measure.tolist(), out.day.tolist(), out.cell.tolist(), out.n.tolist(), strict=True)
    assert {(m, d, c): n for m, d, c, n in columns} == found
    assert [a.dtype for a in (out.measure, out.day, out.cell, out.n)] == [np.uint8, np.int32, np.int64, np.int64]
    assert [(m, d, c) for m, d, c in zip(out.measure, out.day, out.cell, strict=True)] == sorted(found)


@given(entries.filter(len), st.data())
def test_damaged_bytes_are_refused_or_read_as_they_were(found, data):
    payload = pack(deltas_of(found))
    cut = data.draw(st.integers(0, len(payload) - 1))
    with pytest.raises(ValueError, match="count batch"):
        unpack(payload[:cut])


def test_bytes_of_a_newer_program_are_refused():
    with pytest.raises(ValueError, match="version 9"):
        unpack(b"\x09abc")


def test_a_case_takes_about_ten_bytes():
    random = np.random.default_rng(4)
    size = 5_000
    cell = pack_cells(random.integers(1, 500, size), 0, 0, random.integers(1, 40, size), random.integers(1, 6, size))
    measure, day = np.repeat(np.arange(8), size).astype(np.uint8), random.integers(FIRST, FIRST + 15, 8 * size)
    packed = Deltas(measure, day.astype(np.int32), np.tile(cell, 8), np.ones(8 * size, dtype=np.int64)).summed()
    assert len(pack(packed)) / size < 14

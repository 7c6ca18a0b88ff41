"""What a case counts for, against plain Python over each case (tests.oracle)."""

from collections import Counter

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from domain.cases import LEVELS, STATUSES
from domain.contributions import (
    MEASURE_INDEX,
    MEASURES,
    CaseColumns,
    Deltas,
    contributions,
    is_ended,
    late,
    pack_cells,
    unpack_cells,
)
from domain.periods import SiteZone
from tests.oracle import counts_for, sums

ZONES = ("Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "America/Havana")
instants = st.integers(1_400_000_000, 1_400_000_000 + 40 * 86_400)
CASES = st.fixed_dictionaries(
    {
        "status": st.sampled_from(STATUSES),
        "reported_at": instants,
        "first_response_at": st.none() | instants,
        "due_at": st.none() | instants,
        "closed_at": st.none() | instants,
        "online": st.sampled_from([None, True, False]),
        "level": st.sampled_from([None, 0, 1, 2]),
        "overdue": st.booleans(),
        "cell": st.integers(1, 3),
    }
)


def columns(cases: list[dict]) -> CaseColumns:
    def times(name):
        return np.array([np.nan if c[name] is None else c[name] for c in cases], dtype=np.float64)

    def flags(name):
        return np.array([-1 if c[name] is None else int(c[name]) for c in cases], dtype=np.int8)

    return CaseColumns(
        cell=np.array([c["cell"] for c in cases], dtype=np.int64),
        status=np.array([c["status"] for c in cases], dtype=object),
        reported_at=times("reported_at"),
        first_response_at=times("first_response_at"),
        due_at=times("due_at"),
        closed_at=times("closed_at"),
        online=flags("online"),
        level=flags("level"),
        overdue=np.array([c["overdue"] for c in cases], dtype=bool),
    )


def as_counter(deltas: Deltas) -> Counter:
    rows = zip(deltas.measure.tolist(), deltas.day.tolist(), deltas.cell.tolist(), deltas.n.tolist(), strict=True)
    found: Counter = Counter()
    for measure, day, cell, n in rows:
        found[MEASURES[measure], day, cell] += n
    return Counter({key: n for key, n in found.items() if n})


@given(CASES, st.sampled_from(ZONES))
def test_one_case_counts_for_what_the_definition_says(case, zone):
    expected = {(*key, case["cell"]): n for key, n in counts_for(case, zone).items()}
    assert as_counter(contributions(columns([case]), SiteZone(zone))) == expected


@given(st.lists(CASES, max_size=30), st.sampled_from(ZONES))
def test_many_cases_count_for_the_sum_of_each(cases, zone):
    found = contributions(columns(cases), SiteZone(zone))
    assert as_counter(found) == sums(cases, zone, ["cell"])
    assert as_counter(found.summed()) == sums(cases, zone, ["cell"])


@given(st.lists(CASES, max_size=20), st.lists(CASES, max_size=20))
def test_new_minus_old_added_to_old_is_new(old, new):
    zone = SiteZone("Asia/Shanghai")
    before, after = (contributions(columns(cases), zone) for cases in (old, new))
    delta = Deltas.joined((after, -before)).summed()
    assert as_counter(Deltas.joined((before, delta))) == as_counter(after)


@given(st.lists(CASES, max_size=20))
def test_summed_has_one_entry_a_measure_day_and_cell_in_that_order_and_no_zero(cases):
    found = contributions(columns(cases), SiteZone("UTC")).summed()
    keys = list(zip(found.measure.tolist(), found.day.tolist(), found.cell.tolist(), strict=True))
    assert keys == sorted(set(keys))
    assert (found.n != 0).all()


@given(CASES)
def test_a_case_taken_back_leaves_nothing(case):
    found = contributions(columns([case]), SiteZone("UTC"))
    assert len(Deltas.joined((found, -found)).summed()) == 0


def test_nothing_joined_and_summed_is_nothing():
    assert len(Deltas.joined([]).summed()) == 0


@given(st.lists(CASES, min_size=1, max_size=20), instants)
def test_late_is_ended_after_the_deadline_or_open_after_it(cases, now):
    c = columns(cases)
    expected = []
    for case in cases:
        ended = case["status"] in {"closed", "refused", "self_handled"} and case["closed_at"] is not None
        until = case["closed_at"] if ended else now
        expected.append(case["due_at"] is not None and until > case["due_at"])
    assert late(c.status, c.due_at, c.closed_at, now).tolist() == expected


def test_three_states_end_a_case():
    found = is_ended(np.array(STATUSES, dtype=object))
    assert {status for status, ended in zip(STATUSES, found, strict=True) if ended} == {
        "closed", "refused", "self_handled"
    }  # fmt: skip


WIDTHS = {"area": 24, "placing": 2, "kind": 2, "category": 20, "source": 14}


@given(st.lists(st.tuples(*(st.integers(0, 2**bits - 1) for bits in WIDTHS.values())), min_size=1))
def test_a_cell_holds_each_of_its_numbers_up_to_its_width(rows):
    packed = pack_cells(*np.array(rows, dtype=np.int64).T)
    assert (packed >= 0).all()
    found = unpack_cells(packed)
    assert [tuple(int(found[name][i]) for name in WIDTHS) for i in range(len(rows))] == rows
    assert len(set(packed.tolist())) == len(set(rows))


@pytest.mark.parametrize("name", MEASURES)
def test_every_measure_has_its_number(name):
    assert MEASURES[MEASURE_INDEX[name]] == name


def test_the_levels_are_three():
    assert LEVELS == ("satisfied", "basically", "dissatisfied")

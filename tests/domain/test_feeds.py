"""A feed is live, stale or down by its own clock."""

import hypothesis.strategies as st
import pytest
from hypothesis import given

from domain.feeds import DOWN, LIVE, STALE, WAITING, freshness, worst

NOW = 1_700_000_000


@pytest.mark.parametrize(
    ("missed", "state"),
    [(0, LIVE), (1, LIVE), (2.99, LIVE), (3, STALE), (9.99, STALE), (10, DOWN), (1_000, DOWN), (-1, LIVE)],
)
@pytest.mark.parametrize("every", [1, 60, 86_400])
def test_the_number_of_missed_intervals_decides(missed, state, every):
    last = NOW - round(missed * every - 0.001 * (missed % 1 > 0))
    assert freshness(last_success_at=last, every_seconds=every, refused=False, now=NOW) == (
        state
        if every > 1 or missed % 1 == 0
        else freshness(last_success_at=last, every_seconds=1, refused=False, now=NOW)
    )


@given(st.none() | st.integers(0, NOW))
def test_a_feed_that_turned_us_away_is_down_at_once(last):
    assert freshness(last_success_at=last, every_seconds=60, refused=True, now=NOW) == DOWN


def test_a_feed_never_read_waits():
    assert freshness(last_success_at=None, every_seconds=60, refused=False, now=NOW) == WAITING


@given(st.permutations([DOWN, STALE, WAITING, LIVE]), st.integers(0, 3))
def test_the_worst_of_several_states_is_shown(states, left_out):
    order = [DOWN, STALE, WAITING, LIVE][left_out:]
    assert worst([state for state in states if state in order]) == order[0]


def test_no_feed_at_all_waits():
    assert worst([]) == WAITING

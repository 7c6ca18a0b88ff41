"""A time line of a feed has no hole, agrees with the freshness of its own clock, and its budget adds up."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.feeds import freshness
from domain.feedtime import BROKEN, KEPT, Budget, Change, budget, by_day, seconds_by_state, stretches

EVERY = 60


def line(*changes, last=None, start=0, end=10_000):
    found = stretches(
        [Change(*each) for each in changes], every_seconds=EVERY, last_success_at=last, start=start, end=end
    )
    return [(each.start, each.end, each.state) for each in found]


def test_what_was_never_read_waits():
    assert line() == [(0, 10_000, "waiting")]


def test_a_feed_that_falls_silent_grows_old_by_its_own_clock():
    assert line((100, "ok", None), last=1_000, end=3_000) == [
        (0, 100, "waiting"), (100, 1_180, "live"), (1_180, 1_600, "stale"), (1_600, 3_000, "down"),
    ]  # fmt: skip


def test_a_feed_that_fails_is_failing_until_its_data_is_old():
    assert line((0, "ok", None), (1_060, "down", 1_000), (2_000, "ok", 1_000), last=2_000, end=2_100) == [
        (0, 1_060, "live"), (1_060, 1_180, "failing"), (1_180, 1_600, "stale"), (1_600, 2_000, "down"), (2_000, 2_100, "live"),
    ]  # fmt: skip


def test_a_silence_that_nobody_noted_is_known_by_the_success_before_its_end():
    assert line((0, "ok", None), (5_000, "ok", 1_000), last=5_000, end=5_010) == [
        (0, 1_180, "live"), (1_180, 1_600, "stale"), (1_600, 5_000, "down"), (5_000, 5_010, "live"),
    ]  # fmt: skip


@pytest.mark.parametrize("state", ["refused", "bad", "paused"])
def test_what_says_all_by_itself_does_not_grow_old(state):
    assert line((0, "ok", None), (500, state, 480), last=480)[1:] == [(500, 10_000, state)]


def test_what_goes_on_after_a_pause_is_as_old_as_it_is():
    assert line((0, "ok", None), (100, "paused", 100), (900, "resumed", 100), (960, "ok", 100), last=960, end=970) == [
        (0, 100, "live"), (100, 900, "paused"), (900, 960, "down"), (960, 970, "live"),
    ]  # fmt: skip


def test_a_feed_that_never_answered_is_down():
    assert line((50, "down", None)) == [(0, 50, "waiting"), (50, 10_000, "down")]


def test_only_what_lies_between_the_two_moments_is_told():
    assert line((0, "ok", None), (500, "bad", 480), last=480, start=400, end=600) == [
        (400, 500, "live"), (500, 600, "bad"),
    ]  # fmt: skip


@st.composite
def histories(draw):
    """Changes as the store notes them: a fetch every so often, each with an outcome."""
    at, last, before, changes = 0, None, None, []
    for step, outcome in draw(
        st.lists(st.tuples(st.integers(1, 900), st.sampled_from(["ok", "down", "bad", "refused"])), max_size=30)
    ):
        at += step
        late = last is not None and at - last >= 3 * EVERY
        if outcome != before or (outcome == "ok" and late):
            changes.append(Change(at, outcome, last))
        before, last = outcome, at if outcome == "ok" else last
    return changes, last, at, before


@given(histories(), st.integers(1, 2_000))
def test_a_time_line_has_no_hole_and_its_end_is_the_freshness_of_now(history, later):
    changes, last, at, outcome = history
    end = at + later
    found = stretches(changes, every_seconds=EVERY, last_success_at=last, start=0, end=end)
    assert found[0].start == 0
    assert found[-1].end == end
    assert all(a.end == b.start and a.state != b.state for a, b in pairwise(found))
    assert sum(seconds_by_state(found, 0, end).values()) == end
    now = end - 1  # the last moment that the line holds
    fresh = freshness(last_success_at=last, every_seconds=EVERY, refused=outcome in {"bad", "refused"}, now=now)
    told = found[-1].state
    if outcome in {"bad", "refused"}:
        assert told == outcome
    elif outcome == "down" and last is None:
        assert told == "down"
    else:
        assert {"failing": "live"}.get(told, told) == fresh


def test_a_budget_is_the_time_that_may_still_fail():
    assert budget({"live": 990, "down": 10, "paused": 5_000, "waiting": 7}, 0.98) == Budget(0.99, pytest.approx(10))
    assert budget({"failing": 50, "stale": 50}, 0.99) == Budget(0.5, pytest.approx(-49))
    assert budget({"paused": 9}, 0.99) == Budget(None, None)
    assert not KEPT & BROKEN


@given(
    st.lists(st.tuples(st.integers(0, 10_000), st.sampled_from(["ok", "down", "paused", "bad"])), max_size=12),
    st.lists(st.integers(0, 10_000), min_size=2, max_size=8, unique=True),
)
def test_the_days_are_what_each_of_them_is_by_itself(changes, bounds):
    known = [Change(at, state, at) for at, state in sorted(changes)]
    found = stretches(known, every_seconds=EVERY, last_success_at=None, start=0, end=10_000)
    days = sorted(bounds)
    assert by_day(found, days) == [seconds_by_state(found, start, end) for start, end in pairwise(days)]

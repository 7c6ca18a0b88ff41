"""How a feed was over a time: which state, from when to when, and whether it kept its promise."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from domain.feeds import DOWN, DOWN_AFTER, LIVE, STALE, STALE_AFTER, WAITING

FAILING, REFUSED, BAD, PAUSED = "failing", "refused", "bad", "paused"
"""Beside the four of domain.feeds. failing: the last attempt failed, but the data is still as fresh as was promised."""

STANDS = frozenset({REFUSED, BAD, PAUSED})
"""States that say all by themselves, however fresh the data is."""
FAILED = "down"
"""What is on record of a fetch that failed and may pass."""
KEPT, BROKEN = frozenset({LIVE, FAILING}), frozenset({STALE, DOWN, REFUSED, BAD})
"""States in which the promise is kept, and in which it is not; a pause and what was before count for neither."""


@dataclass(frozen=True)
class Change:
    """A change on record (store.schema_services.source_states): ok | down | refused | bad | paused | resumed.

    last_success_at: of the feed before this change. Times in epoch seconds.
    """

    at: int
    state: str
    last_success_at: int | None


@dataclass(frozen=True)
class Stretch:
    """A state from start to end (epoch seconds)."""

    start: int
    end: int
    state: str

    @property
    def seconds(self) -> int:
        """How long it lasted."""
        return self.end - self.start


@dataclass(frozen=True)
class Budget:
    """How well a promise was kept. share: 0 to 1, None where there was nothing to keep; left: seconds that may still fail."""

    share: float | None
    left_seconds: float | None


def stretches(
    changes: Sequence[Change], *, every_seconds: int, last_success_at: int | None, start: int, end: int
) -> tuple[Stretch, ...]:
    """Every state between two moments without a hole; waiting before the first change. Changes in order of time.

    Between two changes data grows old from the last success on, which the later of the two knows (the feed itself, after
    the last).
    """
    known = (*changes, Change(end, "", last_success_at))
    found = [Stretch(start, known[0].at, WAITING)]
    for change, following in pairwise(known):
        found += _between(change, following, every_seconds)
    return tuple(_joined(_clipped(found, start, end)))


def _between(change: Change, following: Change, every_seconds: int) -> Iterator[Stretch]:
    if change.state in STANDS:
        yield Stretch(change.at, following.at, change.state)
        return
    heard = following.last_success_at
    if heard is None:
        yield Stretch(change.at, following.at, DOWN if change.state == FAILED else WAITING)
        return
    fresh = FAILING if change.state == FAILED else LIVE
    stale, down = heard + STALE_AFTER * every_seconds, heard + DOWN_AFTER * every_seconds
    at = change.at
    for until, state in ((stale, fresh), (down, STALE), (following.at, DOWN)):
        upto = min(until, following.at)
        yield Stretch(at, upto, state)
        at = max(at, upto)


def _clipped(found: Iterable[Stretch], start: int, end: int) -> Iterator[Stretch]:
    for each in found:
        clipped = Stretch(max(each.start, start), min(each.end, end), each.state)
        if clipped.seconds > 0:
            yield clipped


def _joined(found: Iterable[Stretch]) -> list[Stretch]:
    joined: list[Stretch] = []
    for each in found:
        if joined and joined[-1].state == each.state:
            joined[-1] = Stretch(joined[-1].start, each.end, each.state)
        else:
            joined.append(each)
    return joined


def seconds_by_state(found: Iterable[Stretch], start: int, end: int) -> dict[str, int]:
    """State → seconds of it between two moments; only what occurs."""
    total: dict[str, int] = {}
    for each in _clipped(found, start, end):
        total[each.state] = total.get(each.state, 0) + each.seconds
    return total


def by_day(found: Sequence[Stretch], bounds: Sequence[int]) -> list[dict[str, int]]:
    """For each time between two bounds: state → seconds of it. found: in order, as stretches() gives them."""
    starts, days = [each.start for each in found], []
    for start, end in pairwise(bounds):
        first, last = max(bisect_right(starts, start) - 1, 0), bisect_left(starts, end)
        days.append(seconds_by_state(found[first:last], start, end))
    return days


def budget(seconds: dict[str, int], target: float) -> Budget:
    """What is left of the time that may fail. target: the share that is promised, 0 to 1."""
    kept = sum(n for state, n in seconds.items() if state in KEPT)
    broken = sum(n for state, n in seconds.items() if state in BROKEN)
    if not kept + broken:
        return Budget(None, None)
    return Budget(kept / (kept + broken), (1 - target) * (kept + broken) - broken)

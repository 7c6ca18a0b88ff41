"""The town's records in portions, from the start or since a moment: what a connector hands on, one page each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pandas as pd

from demo.arrays import Plan
from demo.calendar import cases_on, day_start, local_day
from demo.cases import plan_day
from demo.known import case_rows, rating_rows
from demo.lives import MAX_LIFE_DAYS, joined
from demo.paper import LAST_DAY, plan_paper

DAYS_A_PORTION = 41  # about 5,000 cases
NEVER = float("-inf")

Rows = Callable[[Plan, float, float], pd.DataFrame]
ROWS: dict[str, Rows] = {"case": case_rows, "rating": rating_rows}


@dataclass(frozen=True)
class Position:
    """Cases of the days since … through are known as of `until` (epoch seconds); later days are unread."""

    since: int
    through: int
    until: int


@dataclass(frozen=True)
class Portion:
    """Rows, the position after them, and how many of the cases to look at have been looked at."""

    rows: pd.DataFrame
    position: Position
    done: int
    total: int


@dataclass(frozen=True)
class Stream:
    """The records of one kind ("case" | "rating"): `days` full days back from now, before them the paper's replay."""

    what: str
    seed: int
    days: int
    paper: bool

    def position(self, until: int, since: int | None = None, through: int | None = None) -> Position:
        """A position from a cursor's numbers; those it lacks follow from `until`."""
        first = self._first_day(until) if since is None else int(since)
        return Position(first, local_day(until) if through is None else int(through), until)

    def _first_day(self, now: int) -> int:
        return max(local_day(now) - self.days, LAST_DAY + 1)

    def portions(self, position: Position | None, now: int) -> Iterator[Portion]:
        """All that is known at `now` (position None), or what appeared or changed since the position."""
        today, rows = local_day(now), ROWS[self.what]
        if position is None:
            first = self._first_day(now)
            at = Position(first, first - 1, now)
            known = [plan_paper(self.seed)] if self.paper else []
            changed = [rows(plan, NEVER, now) for plan in known]
        else:
            at = Position(position.since, position.through, max(position.until, now))
            changed = [rows(plan, position.until, now) for plan in self._living(position)]
        total = sum(map(len, changed)) + self._cases(at.through + 1, today, now)
        done = 0
        for frame in changed:
            done += len(frame)
            yield Portion(frame, at, done, total)
        for start in range(at.through + 1, today + 1, DAYS_A_PORTION):
            last = min(start + DAYS_A_PORTION - 1, today)
            done += self._cases(start, last, now)
            at = Position(at.since, last, at.until)
            yield Portion(rows(self._plan(start, last), NEVER, now), at, done, total)

    def _living(self, position: Position) -> Iterator[Plan]:
        """Plans of the cases already read that may still change."""
        first = max(position.since, local_day(position.until) - MAX_LIFE_DAYS)
        if first <= position.through:
            yield self._plan(first, position.through)
        if self.paper and position.until < day_start(LAST_DAY + 1):
            yield plan_paper(self.seed)

    def _plan(self, first: int, last: int) -> Plan:
        return joined([plan_day(self.seed, day) for day in range(first, last + 1)])

    def _cases(self, first: int, last: int, now: int) -> int:
        """Cases reported on the days up to `now`; only the last day can be unfinished."""
        if first > last:
            return 0
        unfinished = int((plan_day(self.seed, last)["reported"] <= now).sum())
        return sum(cases_on(self.seed, day) for day in range(first, last)) + unfinished

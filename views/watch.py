"""How each service feels: its state since when, its age against its promise, what it brings, what it may still fail."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from domain.feeds import DOWN, LIVE, STALE, WAITING
from domain.feedtime import (
    BAD,
    FAILING,
    PAUSED,
    REFUSED,
    Budget,
    Change,
    Stretch,
    budget,
    by_day,
    seconds_by_state,
    stretches,
)
from store.engine import read
from store.schema_services import source_gaps, source_hours, source_states
from views.feeds import Feed, feeds_in
from views.overlays import Overlay, lying_off
from views.reader import Reader

DAYS = 30
HOURS = 24
HOUR = 3_600
GROUPS = {"feeds": "data", "video": "video", "visuals": "visuals"}
"""First part of a connector's name → which of the three fusion services it belongs to."""
STATES = (LIVE, FAILING, STALE, DOWN, REFUSED, BAD, PAUSED, WAITING)
"""What a service in the configuration may be, best first."""
SUMS = ("read", "kept", "unchanged", "quarantined", "empty", "failures")


@dataclass(frozen=True)
class Day:
    """A day of the strip: its number, and the seconds of it in each state."""

    day: int
    seconds: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Service:
    """A service in plain figures.

    state: live | failing | stale | down | refused | bad | paused | waiting | removed; since: epoch seconds, None where it
    was so already 30 days ago. age: seconds since the last success. per_minute, last_day: records read, in the hour that
    runs and the one before, and in the 24 that end with it. totals: SUMS since the first day. hours: 24 amounts read,
    the last one still running. off: its map layers that lie off the areas.
    """

    feed: Feed
    group: str
    state: str
    since: int | None
    age: int | None
    per_minute: float
    this_hour: int
    last_day: int
    hours: tuple[int, ...]
    totals: tuple[tuple[str, int], ...]
    gap_seconds: int
    days: tuple[Day, ...]
    budget: Budget
    off: tuple[Overlay, ...] = ()

    @property
    def name(self) -> str:
        """Its name in the configuration."""
        return self.feed.name

    @property
    def asks_for_somebody(self) -> bool:
        """Whether it will not come right by itself."""
        return self.state in {"refused", "bad"}


def services(reader: Reader, target: float) -> tuple[Service, ...]:
    """Every service in order of group and name, those that left the configuration last. target: per cent promised.

    Several parts of a page, and several readers, ask at the same moment: they are answered once a second and commit.
    """
    now = reader.clock()
    return reader.newest("services", (reader.commits.mark(), now, target), lambda: _services(reader, target, now))


def _services(reader: Reader, target: float, now: int) -> tuple[Service, ...]:
    zone = reader.zone
    today = zone.day(now)
    days = range(today - DAYS + 1, today + 1)
    bounds = [zone.start(day) for day in (*days, today + 1)]
    with read(reader.engine) as connection:
        found = feeds_in(connection, now)
        changes = _changes(connection, bounds[0])
        hours = _hours(connection, now)
        totals = _totals(connection)
        gaps: dict[int, int] = dict(connection.execute(_gaps()).all())
        off = lying_off(connection, now)
    made = [
        _service(feed, changes.get(feed.id, ()), hours.get(feed.id, {}), totals.get(feed.id, ()), int(gaps.get(feed.id, 0)),
                 off.get(feed.name, ()), days=days, bounds=bounds, target=target, now=now)
        for feed in found
    ]  # fmt: skip
    return tuple(sorted(made, key=lambda each: (each.feed.removed, list(GROUPS.values()).index(each.group), each.name)))


def _service(  # noqa: PLR0913 (what a service is made of)
    feed: Feed, changes: Sequence[Change], hours: dict[int, int], totals: Sequence[tuple[str, int]], gap_seconds: int,
    off: tuple[Overlay, ...], *, days: Sequence[int], bounds: list[int], target: float, now: int,
) -> Service:  # fmt: skip
    line = stretches(
        changes or _before_history(feed), every_seconds=feed.every_seconds, last_success_at=feed.last_success_at,
        start=bounds[0], end=now + 1,
    )  # fmt: skip
    last: Stretch = line[-1]
    hour = now - now % HOUR
    amounts = tuple(hours.get(hour - HOUR * back, 0) for back in range(HOURS - 1, -1, -1))
    return Service(
        feed=feed,
        group=GROUPS.get(feed.connector.partition(".")[0], "data"),
        state="removed" if feed.removed else last.state,
        since=last.start if last.start > bounds[0] and last.state != WAITING else None,
        age=None if feed.last_success_at is None else max(now - feed.last_success_at, 0),
        per_minute=60 * sum(amounts[-2:]) / (now - hour + HOUR),
        this_hour=amounts[-1],
        last_day=sum(amounts),
        hours=amounts,
        totals=tuple(totals) or tuple((name, 0) for name in SUMS),
        gap_seconds=gap_seconds,
        days=tuple(Day(day, tuple(sorted(of.items()))) for day, of in zip(days, by_day(line, bounds), strict=True)),
        budget=budget(seconds_by_state(line, bounds[0], now), target / 100),
        off=off,
    )


def _before_history(feed: Feed) -> tuple[Change, ...]:
    """A feed that was read before changes were on record is known by its last success alone."""
    at = feed.last_success_at
    return () if at is None else (Change(at, "ok" if feed.state == "running" else feed.state, at),)


def _changes(connection: sa.Connection, start: int) -> dict[int, list[Change]]:
    """Source → its changes since a moment, and the one before it."""
    c = source_states.c
    before = sa.select(sa.func.max(c.id)).where(c.at < start).group_by(c.source_id)
    rows = connection.execute(
        sa.select(c.source_id, c.at, c.state, c.last_success_at)
        .where((c.at >= start) | c.id.in_(before))
        .order_by(c.source_id, c.at, c.id)
    )
    found: dict[int, list[Change]] = {}
    for row in rows:
        found.setdefault(row.source_id, []).append(Change(row.at, row.state, row.last_success_at))
    return found


def _hours(connection: sa.Connection, now: int) -> dict[int, dict[int, int]]:
    """Source → hour → read, of the last 24."""
    c = source_hours.c
    found: dict[int, dict[int, int]] = {}
    for row in connection.execute(sa.select(c.source_id, c.hour, c.read).where(c.hour > now - HOURS * HOUR)):
        found.setdefault(row.source_id, {})[row.hour] = int(row.read)
    return found


def _totals(connection: sa.Connection) -> dict[int, tuple[tuple[str, int], ...]]:
    c = source_hours.c
    rows = connection.execute(
        sa.select(c.source_id, *(sa.func.sum(c[name]).label(name) for name in SUMS)).group_by(c.source_id)
    )
    return {row.source_id: tuple((name, int(getattr(row, name))) for name in SUMS) for row in rows}


def _gaps() -> sa.Select[Any]:
    c = source_gaps.c
    return sa.select(c.source_id, sa.func.sum(c.end - c.start)).group_by(c.source_id)

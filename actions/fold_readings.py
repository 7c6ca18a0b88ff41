"""Rollups by minute, hour and day of the site's zone, made again wherever readings have changed."""

import numpy as np
import sqlalchemy as sa

from actions.import_areas import set_setting, setting
from actions.site import Site
from domain.periods import SiteZone
from domain.rollups import HOUR, rolled_up
from store import rollups
from store.engine import read, write
from store.locks import lock_rollups
from store.schema_sensors import rollup_days, rollup_hours, rollup_minutes

MINUTE = 60
MARKS_AT_ONCE, MOST_ROUNDS = 200, 50
"""So many marks a transaction, so many transactions a call: a large import is folded over some minutes."""

ZONE_OF_DAYS, SPAN_SECONDS = "rollup_zone", 100 * 86_400
"""Where the store remembers in which zone its days are; so much of a series is read at once."""


def fold_readings(site: Site) -> int:
    """Fold what is marked; how many marks were. A crash in the middle leaves marks and rollups as they were."""
    folded = 0
    for _round in range(MOST_ROUNDS):
        with write(site.engine) as connection:
            lock_rollups(connection)
            marks = rollups.take_marks(connection, MARKS_AT_ONCE)
            for series_id, since, until in _joined(marks):
                _fold(connection, site.zone, series_id, since, until)
        folded += len(marks)
        if len(marks) < MARKS_AT_ONCE:
            break
    return folded


def _joined(marks: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """The same times with those that overlap or touch as one."""
    joined: list[tuple[int, int, int]] = []
    for series_id, since, until in sorted(marks):
        if joined and joined[-1][0] == series_id and since <= joined[-1][2]:
            joined[-1] = (series_id, joined[-1][1], max(until, joined[-1][2]))
        else:
            joined.append((series_id, since, until))
    return joined


def _fold(connection: sa.Connection, zone: SiteZone, series_id: int, since: int, until: int) -> None:
    at, value = rollups.values_between(connection, series_id, since, until)
    for table, seconds in ((rollup_minutes, MINUTE), (rollup_hours, HOUR)):
        found = rolled_up(at - at % seconds, at, value)
        rollups.keep(connection, table, [(series_id, *row) for row in found])
    _fold_days(connection, zone, series_id, since, until)


def fold_days_again(site: Site) -> None:
    """Make every day anew where the site's zone is another than that of the days. One transaction: all, or none."""
    with read(site.engine) as connection:
        if setting(connection, ZONE_OF_DAYS) == site.zone.name:
            return
    with write(site.engine) as connection:
        lock_rollups(connection)
        connection.execute(sa.delete(rollup_days))
        for series_id, since, until in rollups.spans(connection):
            for start in range(since, until + 1, SPAN_SECONDS):
                _fold_days(connection, site.zone, series_id, start, min(start + SPAN_SECONDS, until + MINUTE))
        set_setting(connection, ZONE_OF_DAYS, site.zone.name)


def _fold_days(connection: sa.Connection, zone: SiteZone, series_id: int, since: int, until: int) -> None:
    """Days from minutes: an hour need not lie in one day of every zone."""
    first, last = zone.day(since), zone.day(until - 1)
    minutes = rollups.minutes_between(connection, series_id, zone.start(first), zone.start(last + 1))
    if not minutes:
        return
    bucket, n, total, least, greatest, latest, latest_at = (np.array(column) for column in zip(*minutes, strict=True))
    day = zone.days(bucket).astype(np.int64)
    start = np.flatnonzero(np.concatenate(([True], day[1:] != day[:-1])))
    end = np.concatenate((start[1:], [len(day)])) - 1
    columns = (
        day[start], np.add.reduceat(n, start), np.add.reduceat(total, start), np.minimum.reduceat(least, start),
        np.maximum.reduceat(greatest, start), latest[end], latest_at[end],
    )  # fmt: skip
    rows = zip(*(column.tolist() for column in columns), strict=True)
    rollups.keep(connection, rollup_days, [(series_id, *row) for row in rows])

"""Marks, readings and rollups as rows."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from store import bulk
from store.schema_sensors import readings, rollup_dirty, rollup_minutes

ROLLUP = ("series_id", "bucket", "n", "total", "least", "greatest", "last", "last_at")

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def take_marks(connection: sa.Connection, limit: int) -> list[tuple[int, int, int]]:
    """The oldest marks (series, since, until), taken away with this transaction: their rows are committed, or not seen."""
    c = rollup_dirty.c
    oldest = sa.select(c.id).order_by(c.id).limit(limit).scalar_subquery()
    taken = sa.delete(rollup_dirty).where(c.id.in_(oldest)).returning(c.series_id, c.since, c.until)
    return [(row.series_id, row.since, row.until) for row in connection.execute(taken)]


def values_between(connection: sa.Connection, series_id: int, since: int, until: int) -> tuple[Ints, Floats]:
    """(moments, values) of a series within since ≤ moment < until, in order."""
    c = readings.c
    rows = connection.execute(
        sa.select(c.observed_at, c.value)
        .where(c.series_id == series_id, c.observed_at >= since, c.observed_at < until)
        .order_by(c.observed_at)
    ).all()
    return np.array([r[0] for r in rows], dtype=np.int64), np.array([r[1] for r in rows], dtype=np.float64)


def minutes_between(
    connection: sa.Connection, series_id: int, since: int, until: int
) -> list[sa.Row[tuple[float, ...]]]:
    """Rows of ROLLUP without the series, of the minutes within since ≤ minute < until, in order."""
    c = rollup_minutes.c
    return list(
        connection.execute(
            sa.select(*(c[name] for name in ROLLUP[1:]))
            .where(c.series_id == series_id, c.bucket >= since, c.bucket < until)
            .order_by(c.bucket)
        )
    )


def spans(connection: sa.Connection) -> list[tuple[int, int, int]]:
    """(series, start of its first minute, start of its last)."""
    c = rollup_minutes.c
    rows = connection.execute(
        sa.select(c.series_id, sa.func.min(c.bucket), sa.func.max(c.bucket)).group_by(c.series_id)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def keep(connection: sa.Connection, table: sa.Table, rows: Sequence[bulk.Row]) -> None:
    """Set rollups (ROLLUP)."""
    bulk.upsert(connection, table, ROLLUP, ROLLUP[:2], rows)

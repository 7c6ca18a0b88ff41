"""Readings as pages show them: what every sensor of a scope said last, and how one measure went, gaps as gaps."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

from domain.periods import SiteZone
from domain.scope import SITE, Scope
from store.engine import read
from store.schema import areas, sources
from store.schema_sensors import rollup_days, rollup_hours, rollup_minutes, sensors, series
from views.reader import Reader

LastValue = dict[str, Any]

STEPS = {"minute": (rollup_minutes, 60), "hour": (rollup_hours, 3_600), "day": (rollup_days, 0)}
"""Step → where it is rolled up, and its seconds; days are those of the site."""
MOST_STEPS = 20_000

_LAST = (
    *(sensors.c[n] for n in ("id", "external_id", "type", "name", "longitude", "latitude")), areas.c.position,
    sources.c.name.label("source"), series.c.measure, series.c.unit, series.c.last_at.label("at"),
    series.c.last_value.label("value"), series.c.last_quality.label("quality"),
)  # fmt: skip


@dataclass(frozen=True)
class History:
    """How one measure of a sensor went. frame: a row a step, without a hole, also where nothing was heard.

    Columns: at (start of the step, epoch seconds), n (readings within it), mean, least, greatest, last (NaN where n is 0).
    """

    unit: str | None
    frame: pd.DataFrame


def last_values(reader: Reader, scope: Scope, area: str = SITE, kind: str | None = None) -> tuple[LastValue, ...]:
    """What the sensors of an area said last, by area and name; kind: only sensors of this type.

    Rows: id, external_id, type, name, longitude, latitude, position, source, measure, unit, at (epoch seconds), value, quality;
    the last five are None of a sensor that was never heard. A sensor that measures several things has several rows.
    """
    ranges = reader.areas.ranges(scope, area)
    query = sa.select(*_LAST).select_from(_joined(sensors.outerjoin(series, series.c.sensor_id == sensors.c.id)))
    query = query.where(_within(ranges)).order_by(areas.c.position, sensors.c.name, sensors.c.id, series.c.measure)
    if kind is not None:
        query = query.where(sensors.c.type == kind)
    with read(reader.engine) as connection:
        return tuple(dict(row) for row in connection.execute(query).mappings()) if ranges else ()


def history(
    reader: Reader, scope: Scope, sensor: int, measure: str, since: int, until: int, step: str
) -> History | None:
    """How a measure went within since ≤ t < until (epoch seconds), widened to whole steps (STEPS); until may lie ahead.

    None where the scope does not see the sensor, or it has no such measure. Raises ValueError for more than MOST_STEPS steps.
    """
    bounds = _bounds(reader.zone, since, until, step)
    with read(reader.engine) as connection:
        found = _seen(connection, reader, scope, sensor, measure)
        if found is None:
            return None
        table, _ = STEPS[step]
        columns = (table.c.bucket, table.c.n, table.c.total, table.c.least, table.c.greatest, table.c.last)
        low, high = (int(bounds[0]), int(bounds[-1])) if len(bounds) else (1, 0)
        query = sa.select(*columns).where(table.c.series_id == found.id, table.c.bucket.between(low, high))
        rows = connection.execute(query).all()
    heard = pd.DataFrame(rows, columns=["bucket", "n", "total", "least", "greatest", "last"]).set_index("bucket")
    return History(found.unit, _filled(heard, bounds, reader.zone, step))


def _bounds(zone: SiteZone, since: int, until: int, step: str) -> "np.ndarray[Any, np.dtype[np.int64]]":
    """The buckets that a time touches."""
    seconds = STEPS[step][1]
    if until <= since:
        return np.empty(0, dtype=np.int64)
    if step == "day":
        first, last, width = zone.day(since), zone.day(until - 1), 1
    else:
        first, last, width = since - since % seconds, until - 1, seconds
    if (last - first) // width >= MOST_STEPS:
        raise ValueError(f"more than {MOST_STEPS} steps; ask for a coarser step or a shorter time")
    return np.arange(first, last + 1, width)


def _filled(heard: pd.DataFrame, bounds: Any, zone: SiteZone, step: str) -> pd.DataFrame:
    every = heard.reindex(bounds).astype(float)
    return pd.DataFrame(
        {
            "at": [zone.start(day) for day in bounds.tolist()] if step == "day" else bounds,
            "n": every["n"].fillna(0).to_numpy(np.int64), "mean": (every["total"] / every["n"]).to_numpy(),
            "least": every["least"].to_numpy(), "greatest": every["greatest"].to_numpy(), "last": every["last"].to_numpy(),
        }
    )  # fmt: skip


def _seen(connection: sa.Connection, reader: Reader, scope: Scope, sensor: int, measure: str) -> Any:
    query = (
        sa.select(series.c.id, series.c.unit)
        .select_from(_joined(sensors.join(series, series.c.sensor_id == sensors.c.id)))
        .where(sensors.c.id == sensor, series.c.measure == measure, _within(reader.areas.ranges(scope)))
    )
    return connection.execute(query).first()


def _joined(told: sa.FromClause) -> sa.FromClause:
    return told.join(areas, areas.c.id == sensors.c.area_id).join(sources, sources.c.id == sensors.c.source_id)


def _within(ranges: tuple[tuple[int, int], ...]) -> sa.ColumnElement[bool]:
    return sa.or_(sa.false(), *(sa.and_(areas.c.position >= low, areas.c.position < high) for low, high in ranges))

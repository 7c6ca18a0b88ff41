"""Rows of sensors, series and readings: found by key, however many there are."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
import sqlalchemy as sa

from store import bulk, partitions
from store.schema_sensors import reading_changes, readings, rollup_dirty, sensors, series

READING = ("series_id", "observed_at", "value", "quality", "known_at")
CHANGE = (*READING, "replaced_at")
MARK = ("series_id", "since", "until")
SENSOR = (
    "source_id", "external_id", "type", "name", "area_id", "placing", "longitude", "latitude", "area_code",
    "content_hash",
)  # fmt: skip

SERIES = "SELECT id, sensor_id, measure, unit, last_at FROM series WHERE sensor_id IN (:keys) ORDER BY id"

Row = sa.Row[Any]


def sensors_called(connection: sa.Connection, external_ids: Sequence[str]) -> list[Row]:
    """id, source_id, external_id, type, area_id, placing, content_hash of all sources' sensors called so, in order of id."""
    return bulk.with_keys(
        connection,
        'SELECT id, source_id, external_id, type, area_id, "placing", content_hash FROM sensors '
        "WHERE external_id IN (:keys) ORDER BY id",
        external_ids,
    )


def add_unknown(connection: sa.Connection, source_id: int, external_ids: Sequence[str], *, area_id: int, placing: int) -> None:  # fmt: skip
    """Sensors of which nothing is known but that they measure."""
    unknown = [(source_id, key, None, None, area_id, placing, None, None, None, 0) for key in external_ids]
    bulk.insert(connection, sensors, SENSOR, unknown)


def series_of(connection: sa.Connection, pairs: Sequence[tuple[int, str]]) -> dict[tuple[int, str], Row]:
    """The series of (sensor id, measure) pairs, made where they are missing, and held until the transaction ends."""
    known = _series(connection, pairs, SERIES)
    missing = sorted(set(pairs) - set(known))
    if missing:
        fresh = [{"sensor_id": sensor, "measure": measure} for sensor, measure in missing]
        connection.execute(_insert_or_leave(connection), fresh)
    elif connection.dialect.name == "sqlite":  # its one writer holds them already
        return known
    return _series(connection, pairs, f"{SERIES} FOR UPDATE")


def _series(connection: sa.Connection, pairs: Sequence[tuple[int, str]], select: str) -> dict[tuple[int, str], Row]:
    wanted = set(pairs)
    rows = bulk.with_keys(
        connection,
        select,
        sorted({sensor for sensor, _ in wanted}),
    )
    return {(row.sensor_id, row.measure): row for row in rows if (row.sensor_id, row.measure) in wanted}


def _insert_or_leave(connection: sa.Connection) -> Any:
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert  # noqa: PLC0415
    else:
        from sqlalchemy.dialects.sqlite import insert  # type: ignore[assignment]  # noqa: PLC0415
    return insert(series).on_conflict_do_nothing()


def stored(connection: sa.Connection, series_ids: npt.NDArray[np.int64], moments: npt.NDArray[np.int64]) -> list[Row]:
    """The readings that stand at these (series, moment): READING columns."""
    if not len(series_ids):
        return []
    columns = ", ".join(f"r.{name}" for name in READING)
    if connection.dialect.name == "postgresql":
        return list(
            connection.exec_driver_sql(
                f"SELECT {columns} FROM unnest(%s::int[], %s::bigint[]) AS k(s, t) "  # noqa: S608
                "JOIN readings r ON r.series_id = k.s AND r.observed_at = k.t AND r.observed_at BETWEEN %s AND %s",
                (series_ids.tolist(), moments.tolist(), int(moments.min()), int(moments.max())),
            )
        )
    keys = orjson.dumps(list(zip(series_ids.tolist(), moments.tolist(), strict=True))).decode()
    return list(
        connection.exec_driver_sql(
            f"SELECT {columns} FROM json_each(?) AS k CROSS JOIN readings r "  # noqa: S608
            "ON r.series_id = json_extract(k.value, '$[0]') AND r.observed_at = json_extract(k.value, '$[1]')",
            (keys,),
        )
    )


def add(connection: sa.Connection, rows: Sequence[bulk.Row]) -> None:
    """Readings (READING) whose keys are free."""
    partitions.ensure(connection, np.array([row[1] for row in rows], dtype=np.int64))
    bulk.insert(connection, readings, READING, rows)


def replace(connection: sa.Connection, rows: Sequence[bulk.Row], before: Sequence[bulk.Row]) -> None:
    """Readings (READING) that stand from now on, and what stood there before (CHANGE)."""
    bulk.insert(connection, reading_changes, CHANGE, before)
    bulk.upsert(connection, readings, READING, READING[:2], rows)


def mark(connection: sa.Connection, marks: Sequence[bulk.Row]) -> None:
    """Times of series (MARK) whose rollups no longer tell what the readings do."""
    bulk.insert(connection, rollup_dirty, MARK, marks)


def tell_last(connection: sa.Connection, rows: Sequence[dict[str, Any]]) -> None:
    """The newest observation of series: row (id), at, value, quality, told (unit)."""
    if rows:
        c: dict[str, Any] = {f"last_{name}": sa.bindparam(name) for name in ("at", "value", "quality")}
        connection.execute(
            sa.update(series).where(series.c.id == sa.bindparam("row")).values(**c, unit=sa.bindparam("told")), rows
        )

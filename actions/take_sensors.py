"""Take a batch of sensors: where they are and what they are called."""

from typing import Any

import numpy as np
import orjson
import pandas as pd
import sqlalchemy as sa
import xxhash

from actions.site import Site
from actions.taken import Taken, unknown_areas
from store import bulk, readings
from store.locks import lock_sensors
from store.schema_sensors import sensors

_TOLD = ("external_id", "type", "name", "area_id", "placing", "longitude", "latitude", "area_code")
PLACED = slice(_TOLD.index("area_id"), _TOLD.index("placing") + 1)
"""What other boundaries change: it is no part of what the source says, but it is written when it changes."""


def take_sensors(
    connection: sa.Connection, site: Site, source_id: int, frame: pd.DataFrame, *, now: int, backfill: bool
) -> Taken:
    """Upsert a sensor frame (domain.records) of one source; of several rows with one id the last counts.

    A sensor that nobody has described yet, because its readings came first, becomes one of this source.
    """
    del now, backfill
    area, placing, known = site.place(
        frame["longitude"].to_numpy(np.float64),
        frame["latitude"].to_numpy(np.float64),
        frame["area_code"].to_numpy(object),
        frame["pinned"].to_numpy(bool),
    )
    rows = frame.assign(area_id=area, placing=placing)[known].astype(object)
    rows = rows.where(rows.notna(), None).drop_duplicates("external_id", keep="last")
    lock_sensors(connection)
    stored = _adopted(connection, source_id, rows["external_id"].tolist())
    told = [(*row, _hash(row)) for row in zip(*(rows[name] for name in _TOLD), strict=True)]
    changed = [(source_id, *row) for row in told if stored.get(row[0]) != (*row[PLACED], row[-1])]
    bulk.upsert(connection, sensors, readings.SENSOR, ("source_id", "external_id"), changed)
    return Taken(len(changed), int(known.sum()) - len(changed), unknown_areas(frame, known))


def _adopted(connection: sa.Connection, source_id: int, external_ids: list[str]) -> dict[str, tuple[int, int, int]]:
    """External id → area, placing and content hash of a source's sensors, after it took over those that nobody described."""
    found = readings.sensors_called(connection, external_ids)
    own = {row.external_id: (row.area_id, row.placing, row.content_hash) for row in found if row.source_id == source_id}
    orphans = {row.external_id: row for row in found if row.type is None and row.external_id not in own}
    if orphans:
        adopt = sa.update(sensors).where(sensors.c.id == sa.bindparam("row")).values(source_id=source_id)
        connection.execute(adopt, [{"row": row.id} for row in orphans.values()])
    return own


def _hash(row: tuple[Any, ...]) -> int:
    said = (*row[: PLACED.start], *row[PLACED.stop :])
    return xxhash.xxh3_64_intdigest(orjson.dumps(said)) - (1 << 63)

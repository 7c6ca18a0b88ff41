"""Take a batch of cameras: what they are called, where they stand, whether they work."""

from typing import Any

import numpy as np
import orjson
import pandas as pd
import sqlalchemy as sa
import xxhash

from actions.site import Site
from actions.taken import Taken, unknown_areas
from domain.cameras import online, ptz_type
from store import bulk
from store.schema_services import cameras

COLUMNS = (
    "source_id", "external_id", "name", "area_id", "placing", "longitude", "latitude", "area_code", "direction",
    "ptz_type", "online", "stream", "snapshot", "content_hash",
)  # fmt: skip
PLACED = slice(COLUMNS.index("area_id"), COLUMNS.index("placing") + 1)
"""What other boundaries change: it is no part of what the source says, but it is written when it changes."""


def take_cameras(
    connection: sa.Connection, site: Site, source_id: int, frame: pd.DataFrame, *, now: int, backfill: bool
) -> Taken:
    """Upsert a camera frame (domain.records) of one source; of several rows with one external id the last counts."""
    del now, backfill
    area, placing, known = site.place(
        frame["longitude"].to_numpy(np.float64), frame["latitude"].to_numpy(np.float64),
        frame["area_code"].to_numpy(object), frame["pinned"].to_numpy(bool),
    )  # fmt: skip
    placed = frame.assign(area_id=area, placing=placing)[known].drop_duplicates("external_id", keep="last")
    rows = [_row(source_id, each) for each in placed.to_dict("records")]
    stored = {
        row.external_id: (row.area_id, row.placing, row.content_hash)
        for row in bulk.with_keys(
            connection,
            'SELECT external_id, area_id, "placing", content_hash FROM cameras '
            "WHERE source_id = :source AND external_id IN (:keys)",
            [row[1] for row in rows],
            source=source_id,
        )
    }
    changed = [row for row in rows if stored.get(row[1]) != (*row[PLACED], row[-1])]
    bulk.upsert(connection, cameras, COLUMNS, ("source_id", "external_id"), changed)
    return Taken(len(changed), int(known.sum()) - len(changed), unknown_areas(frame, known))


def _row(source_id: int, given: dict[str, Any]) -> bulk.Row:
    told = (
        given["name"], _number(given["longitude"]), _number(given["latitude"]), given["area_code"],
        _number(given["direction"]), ptz_type(given["ptz_type"]), online(given["status"]), given["stream"], given["snapshot"],
    )  # fmt: skip
    name, longitude, latitude, code, direction, kind, works, stream, snapshot = told
    return (
        source_id, given["external_id"], name, int(given["area_id"]), int(given["placing"]), longitude, latitude, code,
        direction, kind, works, stream, snapshot, xxhash.xxh3_64_intdigest(orjson.dumps(told)) - (1 << 63),
    )  # fmt: skip


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None

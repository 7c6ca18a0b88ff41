"""Take a batch of base-map features: roads, water, buildings, green."""

import pandas as pd
import sqlalchemy as sa
import xxhash
from shapely import to_wkb

from actions.site import Site
from actions.taken import Taken
from store import bulk, schema

COLUMNS = ("source_id", "external_id", "kind", "rank", "name", "geometry", "content_hash")


def take_features(
    connection: sa.Connection, _site: Site, source_id: int, frame: pd.DataFrame, *, now: int, backfill: bool
) -> Taken:
    """Upsert a layer frame (domain.records) of one source; features say nothing of time."""
    del now, backfill
    shapes = to_wkb(frame["geometry"].to_numpy(object))
    rows = {
        key: (source_id, key, kind, rank, name, shape, _hash(kind, rank, name, shape))
        for key, kind, rank, name, shape in zip(
            *(frame[c] for c in ("external_id", "kind", "rank", "name")), shapes, strict=True
        )
    }
    changed = bulk.upsert_changed(connection, schema.features, COLUMNS, list(rows.values()))
    return Taken(changed, len(frame) - changed)


def _hash(kind: str, rank: str | None, name: str | None, shape: bytes) -> int:
    return xxhash.xxh3_64_intdigest(repr((kind, rank, name)).encode() + shape) - (1 << 63)

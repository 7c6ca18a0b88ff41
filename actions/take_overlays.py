"""Take a batch of layers that a service offers, and tell how far a vector layer lies off the areas."""

from typing import Any

import numpy as np
import pandas as pd
import shapely
import sqlalchemy as sa
import xxhash

from actions.site import Site
from actions.taken import Taken
from geo.offset import offset_m
from store import bulk, schema_services
from store.areas import read_tree

FACTS = ("kind", "title", "attribution", "west", "south", "east", "north", "min_zoom", "max_zoom")
COLUMNS = ("source_id", "external_id", *FACTS, "offset_m", "content_hash")
BOX = ("west", "south", "east", "north")


def take_overlays(
    connection: sa.Connection, _site: Site, source_id: int, frame: pd.DataFrame, *, now: int, backfill: bool
) -> Taken:
    """Upsert an overlay frame (domain.records) of one source. A layer whose service tells no bounds has those of its shape."""
    del now, backfill
    outlines = _outlines(connection) if len(frame) else np.array([], dtype=object)
    rows = {str(each["external_id"]): _row(source_id, each, outlines) for each in frame.to_dict("records")}
    changed = bulk.upsert_changed(connection, schema_services.overlays, COLUMNS, list(rows.values()))
    return Taken(changed, len(frame) - changed)


def _outlines(connection: sa.Connection) -> Any:
    """The shapes of the finest areas."""
    areas = read_tree(connection).areas
    shapes = areas[areas["leaf"] & (areas["depth"] > 0)].geometry.to_numpy()
    return np.array([each for each in shapes if each is not None and not each.is_empty], dtype=object)


def _row(source_id: int, layer: dict[str, Any], outlines: Any) -> tuple[Any, ...]:
    shape, facts = layer["geometry"], {name: _plain(layer[name]) for name in FACTS}
    if shape is not None and facts["west"] is None:
        facts |= {name: float(value) for name, value in zip(BOX, shapely.bounds(shape), strict=True)}
    facts |= {name: None if facts[name] is None else int(facts[name]) for name in ("min_zoom", "max_zoom")}
    off = offset_m(shape, outlines) if layer["kind"] == "vector" and shape is not None else None
    row = (source_id, str(layer["external_id"]), *facts.values(), off)
    content = xxhash.xxh3_64_intdigest(repr(row).encode() + (shapely.to_wkb(shape) if shape is not None else b""))
    return (*row, content - (1 << 63))


def _plain(value: Any) -> Any:
    """What is missing, as None."""
    return None if value is None or value != value else value

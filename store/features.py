"""The features of the base map as rows, and a version that changes with them."""

from typing import Any

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa
from shapely import from_wkb

from store.schema import features

_LOW_BITS = 0xFFFFFFFF
"""Hashes are summed by their lower half: a sum of whole 64-bit numbers would not fit into one."""


def features_version(connection: sa.Connection) -> tuple[int, int, int]:
    """Count, greatest id and sum of content hashes: different features have a different version."""
    c = features.c
    low = c.content_hash.bitwise_and(_LOW_BITS)
    row = connection.execute(sa.select(sa.func.count(), sa.func.max(c.id), sa.func.sum(low))).one()
    return int(row[0]), int(row[1] or 0), int(row[2] or 0)


def read_features(connection: sa.Connection) -> dict[str, npt.NDArray[Any]]:
    """Columns kind, rank, name and geometry (WGS-84) of every feature, in order of id."""
    c = features.c
    rows = connection.execute(sa.select(c.kind, c.rank, c.name, c.geometry).order_by(c.id)).all()
    texts = {name: np.array([getattr(row, name) for row in rows], dtype=object) for name in ("kind", "rank", "name")}
    return {**texts, "geometry": from_wkb(np.array([row.geometry for row in rows], dtype=object))}

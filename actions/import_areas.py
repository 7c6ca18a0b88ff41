"""Bring the tree of areas into the store; where boundaries changed, all that has a place is placed again, cases are recounted."""

import hashlib
from collections.abc import Mapping, Sequence

import geopandas as gpd
import sqlalchemy as sa
from shapely import to_wkb

from domain.scope import SITE
from geo.tree import AreaTree, build_tree
from store import schema
from store.engine import write
from store.locks import lock_migration
from store.schema_sensors import sensors
from store.schema_services import cameras

FINGERPRINT, RECOUNT = "areas", "recount"

PLACED = (schema.cases, sensors, cameras)
"""What lies in an area because of its point or its area code."""

Levels = Sequence[tuple[str, gpd.GeoDataFrame]]
"""Boundaries coarse to fine: the level's name and its frame of code, name, parent, geometry (WGS-84)."""


def import_areas(engine: sa.Engine, levels: Levels, *, site_name: str, zone: str) -> bool:
    """Store the tree; True when all that has a place is to be placed again, and the cases counted. Areas keep their id by their code.

    That duty is remembered in the store until `recounted` says it was done, so that no crash can lose it.
    """
    tree = build_tree(levels, site_name=site_name)
    fingerprint = _fingerprint(tree, zone)
    with write(engine) as connection:
        lock_migration(connection)
        if setting(connection, FINGERPRINT) != fingerprint:
            _store(connection, tree)
            set_setting(connection, FINGERPRINT, fingerprint)
            if any(connection.execute(sa.select(table.c.id).limit(1)).first() for table in PLACED):
                set_setting(connection, RECOUNT, "needed")
        return setting(connection, RECOUNT) is not None


def recounted(engine: sa.Engine) -> None:
    """All has been placed and counted again."""
    with write(engine) as connection:
        connection.execute(sa.delete(schema.site).where(schema.site.c.key == RECOUNT))


def setting(connection: sa.Connection, key: str) -> str | None:
    """What the store remembers under this key."""
    return connection.execute(sa.select(schema.site.c.value).where(schema.site.c.key == key)).scalar_one_or_none()


def set_setting(connection: sa.Connection, key: str, value: str) -> None:
    """Remember a value."""
    connection.execute(sa.delete(schema.site).where(schema.site.c.key == key))
    connection.execute(sa.insert(schema.site).values(key=key, value=value))


def _fingerprint(tree: AreaTree, zone: str) -> str:
    digest = hashlib.blake2b(zone.encode(), digest_size=16)
    for row in tree.areas.itertuples():
        digest.update(f"{row.code}\0{row.name}\0{row.level}\0{row.parent}\0".encode())
        digest.update(to_wkb(row.geometry) if row.code != SITE else b"")
    return digest.hexdigest()


def _store(connection: sa.Connection, tree: AreaTree) -> None:
    """Write the tree over the stored one. Areas that left the files stay as rows below the site, without a geometry."""
    table = schema.areas
    known = {row.code: row.id for row in connection.execute(sa.select(table.c.code, table.c.id))}
    following = max(known.values(), default=0) + 1
    ids: dict[str, int] = {}
    for code in tree.areas["code"]:
        if code in known:
            ids[code] = known[code]
        else:
            ids[code], following = following, following + 1
    by_position = [ids[code] for code in tree.areas["code"]]
    rows = [
        {
            "id": ids[row.code], "code": row.code, "name": row.name, "level": row.level, "depth": int(row.depth),
            "parent_id": by_position[row.parent] if row.parent >= 0 else None, "position": position,
            "last": int(row.last), "geometry": None if row.geometry is None else to_wkb(row.geometry),
        }
        for position, row in enumerate(tree.areas.itertuples())
    ]  # fmt: skip
    gone = [code for code in known if code not in ids]
    rows += _left_behind(connection, gone, len(rows), ids[SITE])
    rows[0]["last"] = len(rows) - 1
    connection.execute(sa.delete(schema.area_closure))
    _upsert(connection, rows)
    pairs = [
        {"ancestor_id": by_position[a], "descendant_id": by_position[d]}
        for a, d in zip(tree.closure.ancestor.tolist(), tree.closure.descendant.tolist(), strict=True)
    ]
    pairs += [{"ancestor_id": a, "descendant_id": known[code]} for code in gone for a in (ids[SITE], known[code])]
    connection.execute(sa.insert(schema.area_closure), pairs)


def _left_behind(connection: sa.Connection, codes: Sequence[str], position: int, root: int) -> list[dict[str, object]]:
    left = frozenset(codes)  # there may be more than a statement may name
    stored = connection.execute(sa.select(schema.areas).order_by(schema.areas.c.code)).mappings()
    rows = [row for row in stored if row["code"] in left]
    return [
        {
            **row,
            "parent_id": root,
            "depth": 1,
            "position": position + i,
            "last": position + i,
            "geometry": None,
        }
        for i, row in enumerate(rows)
    ]


def _upsert(connection: sa.Connection, rows: Sequence[Mapping[str, object]]) -> None:
    names = list(rows[0])
    marks = ", ".join(f":{name}" for name in names)
    changes = ", ".join(f"{name} = excluded.{name}" for name in names if name != "id")
    connection.execute(
        sa.text(f"INSERT INTO areas ({', '.join(names)}) VALUES ({marks}) ON CONFLICT (id) DO UPDATE SET {changes}"),  # noqa: S608
        list(rows),
    )

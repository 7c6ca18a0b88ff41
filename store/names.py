"""Small tables of names with a number each, grown as names occur."""

from collections.abc import Iterable

import sqlalchemy as sa

from store.schema import categories


def category_ids(connection: sa.Connection, names: Iterable[str]) -> dict[str, int]:
    """Name → id, new names added. Sorted, so that two writers never wait for each other in a circle."""
    wanted = sorted(set(names))
    known = _known(connection, wanted)
    missing = [name for name in wanted if name not in known]
    if missing:
        connection.exec_driver_sql(
            "INSERT INTO categories (name) VALUES (%s) ON CONFLICT (name) DO NOTHING"
            if connection.dialect.name == "postgresql"
            else "INSERT INTO categories (name) VALUES (?) ON CONFLICT (name) DO NOTHING",
            [(name,) for name in missing],
        )
        known = _known(connection, wanted)
    return known


def _known(connection: sa.Connection, names: list[str]) -> dict[str, int]:
    return {
        row.name: row.id
        for row in connection.execute(sa.select(categories.c.id, categories.c.name).where(categories.c.name.in_(names)))
    }

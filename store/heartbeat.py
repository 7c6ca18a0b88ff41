"""When the worker was last heard of."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from store.schema import site

KEY = "worker_seen_at"


def worker_seen(connection: sa.Connection, now: int) -> None:
    """The worker says that it is there (epoch seconds)."""
    kind = postgresql if connection.dialect.name == "postgresql" else sqlite
    insert = kind.insert(site).values(key=KEY, value=str(now))
    connection.execute(insert.on_conflict_do_update(index_elements=["key"], set_={"value": insert.excluded.value}))


def worker_seen_at(connection: sa.Connection) -> int | None:
    """When it last said so; None where it never did."""
    found = connection.execute(sa.select(site.c.value).where(site.c.key == KEY)).scalar_one_or_none()
    return None if found is None else int(found)

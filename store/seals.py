"""Seals of the audit record, and the rows they are made over."""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from domain.chain import COLUMNS, Seal
from store.schema_trust import audit, audit_seals

PATIENCE = "3s"
"""How long sealing waits for writers that are still at it; it comes again in a minute."""

_ROW = tuple(audit.c[name] for name in COLUMNS)


def bound(connection: sa.Connection) -> int:
    """The id up to which no row is missing that may still come; in a transaction that ends right after.

    On PostgreSQL a row with a lower id may be committed after one with a higher id. The table is locked against writers for
    the moment it takes to read the greatest id: whoever took a lower number has committed or is gone by then. Raises
    sqlalchemy.exc.OperationalError when a writer holds on for longer than PATIENCE. On SQLite the write lock says the same.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{PATIENCE}'")
        connection.exec_driver_sql("LOCK TABLE audit IN SHARE MODE")
    return int(connection.execute(sa.select(sa.func.coalesce(sa.func.max(audit.c.id), 0))).scalar_one())


def last(connection: sa.Connection) -> Seal | None:
    """The newest seal."""
    row = connection.execute(sa.select(audit_seals).order_by(audit_seals.c.id.desc()).limit(1)).mappings().first()
    return None if row is None else Seal(**row)


def after(connection: sa.Connection, number: int) -> Iterator[Seal]:
    """Seals with ids above `number`, in order."""
    query = sa.select(audit_seals).where(audit_seals.c.id > number).order_by(audit_seals.c.id)
    for row in connection.execution_options(stream_results=True, yield_per=100).execute(query).mappings():
        yield Seal(**row)


def add(connection: sa.Connection, seal: Seal) -> None:
    """Append a seal. Raises IntegrityError where another process made the same one."""
    connection.execute(sa.insert(audit_seals), vars(seal))


def rows_between(connection: sa.Connection, low: int, high: int, limit: int | None = None) -> Sequence[Sequence[Any]]:
    """Rows (domain.chain.COLUMNS) with low < id <= high, in order."""
    query = sa.select(*_ROW).where(audit.c.id > low, audit.c.id <= high).order_by(audit.c.id).limit(limit)
    return [tuple(row) for row in connection.execute(query)]


def unsealed(connection: sa.Connection, sealed_to: int) -> int:
    """How many rows come after the last sealed one."""
    query = sa.select(sa.func.count()).select_from(audit).where(audit.c.id > sealed_to)
    return int(connection.execute(query).scalar_one())

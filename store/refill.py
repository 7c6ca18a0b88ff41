"""Putting other rows into a store: emptied and filled in the caller's transaction."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import sqlalchemy as sa

from store import partitions, schema
from store.archive import Unpacker, tables
from store.schema_sensors import readings


def refill(connection: sa.Connection, unpacker: Unpacker) -> None:
    """Replace the rows of every table by those of an archive; what is derived from them is emptied only."""
    with unguarded(connection):
        connection.execute(sa.delete(schema.responses))
        for table in reversed(tables()):
            connection.execute(sa.delete(table))
        for table in tables():
            _fill(connection, table, unpacker)


def _fill(connection: sa.Connection, table: sa.Table, unpacker: Unpacker) -> None:
    """Insert the rows; what refers to its own table is linked when all of them are there."""
    own = [key.parent.name for key in table.foreign_keys if key.column.table is table]
    for rows in unpacker.rows(table):
        if table is readings:
            partitions.ensure(connection, np.array([row["observed_at"] for row in rows], dtype=np.int64))
        connection.execute(sa.insert(table), [{**row, **dict.fromkeys(own)} for row in rows])
    if own:
        (key,) = table.primary_key.columns
        link = sa.update(table).where(key == sa.bindparam("row"))
        link = link.values({name: sa.bindparam(f"new_{name}") for name in own})
        for rows in unpacker.rows(table):
            connection.execute(link, [{"row": row[key.name], **{f"new_{n}": row[n] for n in own}} for row in rows])
    _count_on(connection, table)


def _count_on(connection: sa.Connection, table: sa.Table) -> None:
    """Let PostgreSQL number new rows from the greatest there is; SQLite does so by itself."""
    if connection.dialect.name != "postgresql" or "id" not in table.columns:
        return
    sequence = connection.scalar(sa.select(sa.func.pg_get_serial_sequence(table.name, "id")))
    if sequence is not None:
        greatest = connection.scalar(sa.select(sa.func.max(table.columns["id"])))
        connection.execute(sa.select(sa.func.setval(sequence, greatest or 1, greatest is not None)))


@contextmanager
def unguarded(connection: sa.Connection) -> Iterator[None]:
    """Lift the triggers that keep records from being changed, and set them again in the same transaction."""
    if connection.dialect.name == "postgresql":
        for table in tables():
            connection.exec_driver_sql(f'ALTER TABLE "{table.name}" DISABLE TRIGGER USER')
        yield
        for table in tables():
            connection.exec_driver_sql(f'ALTER TABLE "{table.name}" ENABLE TRIGGER USER')
        return
    guards = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all()
    for name, _sql in guards:
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
    yield
    for _name, sql in guards:
        connection.exec_driver_sql(sql)

"""Locks that end with their transaction or their connection, never by an expiring key."""

import sqlalchemy as sa

_SOURCE = 0x6768_0001
_WORKER = 0x6768_0002
_MIGRATION = 0x6768_0003


def lock_source(connection: sa.Connection, source_id: int) -> None:
    """One writer a source, until the transaction ends. On SQLite the write lock already says so."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s, %s)", (_SOURCE, source_id))


def lock_migration(connection: sa.Connection) -> None:
    """One process brings the tables up to date; the others wait and then find nothing to do."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s, 0)", (_MIGRATION,))

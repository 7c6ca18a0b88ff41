"""Appending what a write changed: one packed row a transaction, never updated except to say which checkpoint holds it."""

import sqlalchemy as sa

from domain.contributions import Deltas
from store.counts.packing import pack
from store.schema import count_batch

CHANNEL = "gridhall"
"""The PostgreSQL channel that rings after each commit."""

_RING = sa.text("SELECT pg_notify(:channel, '')")


def append(connection: sa.Connection, deltas: Deltas, *, known_at: int, backfill: bool) -> None:
    """Add f(new) - f(old) to the counts, within the caller's transaction; nothing when it is nothing.

    The caller has read `old` under the lock it holds for the write (a source, a case's row, SQLite's write lock).
    known_at: epoch seconds. backfill: history read in later, known at its own days.
    """
    summed = deltas.summed()
    if not len(summed):
        return
    connection.execute(
        sa.insert(count_batch).inline(), {"known_at": known_at, "backfill": backfill, "payload": pack(summed)}
    )
    if connection.dialect.name == "postgresql":
        connection.execute(_RING, {"channel": CHANNEL})

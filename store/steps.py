"""The steps of cases as a source told them; only ever appended."""

from collections.abc import Sequence

import sqlalchemy as sa

from store import bulk
from store.schema import case_steps

COLUMNS = ("case_id", "at", "known_at", "move", "status", "actor")

_FIRST = (
    "SELECT id, reported_at, :now, 'report', 'reported', 'source' FROM cases WHERE {mine}",
    (
        "SELECT id, first_response_at, :now, 'respond', 'accepted', 'source' FROM cases "
        "WHERE {mine} AND first_response_at IS NOT NULL"
    ),
    (
        "SELECT id, CASE WHEN ended_at IS NULL THEN coalesce(updated_at, reported_at) ELSE closed_at END, :now, "
        "'update', status, 'source' FROM cases WHERE {mine} AND status <> 'reported'"
    ),
)
"""What a new case brings with it: its report, its first response, and the state it has come to."""


def append_first(connection: sa.Connection, source_id: int, ids: Sequence[int], now: int) -> None:
    """The first steps of the cases that were just inserted with these ids; the caller holds the source's lock.

    The database has the rows already, so it is asked to copy rather than told again.
    """
    if not ids:
        return
    mine = "source_id = :source AND id BETWEEN :low AND :high"
    for query in _FIRST:
        statement = f"INSERT INTO case_steps ({bulk.listed(COLUMNS)}) {query.format(mine=mine)} ORDER BY id"
        connection.execute(sa.text(statement), {"now": now, "source": source_id, "low": min(ids), "high": max(ids)})


def append(connection: sa.Connection, steps: Sequence[bulk.Row]) -> None:
    """Append steps (COLUMNS)."""
    bulk.insert(connection, case_steps, COLUMNS, steps)

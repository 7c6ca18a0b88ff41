"""How each source has been: its changes of state, what came each hour, and what it lost."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from domain.feeds import STALE_AFTER
from store.schema import sources
from store.schema_services import source_gaps, source_hours, source_states
from store.texts import kept

HOUR = 3_600
OK, PAUSED, RESUMED = "ok", "paused", "resumed"


def note(connection: sa.Connection, source_id: int, state: str, error: str | None, now: int) -> None:
    """Append a change of state, before the source's own row is changed: one row down, one row up.

    A source that is well again after nobody has heard of it for three intervals leaves a row too: its end of silence.
    """
    row = connection.execute(
        sa.select(sources.c.last_success_at, sources.c.every_seconds).where(sources.c.id == source_id)
    ).one()
    late = row.last_success_at is not None and now - row.last_success_at >= STALE_AFTER * row.every_seconds
    if state == last_state(connection, source_id) and not (state == OK and late):
        return
    values = {"source_id": source_id, "at": now, "state": state, "last_success_at": row.last_success_at}
    connection.execute(sa.insert(source_states).values(**values, error=kept(error) if error else None))


def note_decision(connection: sa.Connection, source_id: int, state: str, why: str, now: int) -> int:
    """Append what somebody decided (paused | resumed) and why; the number of the row."""
    heard = sa.select(sources.c.last_success_at).where(sources.c.id == source_id).scalar_subquery()
    row = sa.insert(source_states).values(
        source_id=source_id, at=now, state=state, note=kept(why), last_success_at=heard
    )
    return int(connection.execute(row).inserted_primary_key[0])  # type: ignore[index]


def last_state(connection: sa.Connection, source_id: int) -> str | None:
    """The state that was noted last."""
    c = source_states.c
    newest = sa.select(c.state).where(c.source_id == source_id).order_by(c.at.desc(), c.id.desc()).limit(1)
    return connection.execute(newest).scalar_one_or_none()


def add_hour(connection: sa.Connection, source_id: int, now: int, **counts: int) -> None:
    """Add what came (read, kept, unchanged, quarantined, empty) or failed (failures) to the hour of a moment."""
    kind = postgresql if connection.dialect.name == "postgresql" else sqlite
    insert = kind.insert(source_hours).values(source_id=source_id, hour=now - now % HOUR, **counts)
    added = {name: source_hours.c[name] + insert.excluded[name] for name in counts}
    connection.execute(insert.on_conflict_do_update(index_elements=["source_id", "hour"], set_=added))


def keep_gap(connection: sa.Connection, source_id: int, start: int, end: int, why: str) -> None:
    """Keep what a source has lost; the same gap once."""
    kind = postgresql if connection.dialect.name == "postgresql" else sqlite
    values = {"source_id": source_id, "start": start, "end": end, "why": kept(why)}
    connection.execute(kind.insert(source_gaps).values(values).on_conflict_do_nothing())

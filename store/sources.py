"""What is known of each feed: its state, its runs, its cursor, its quarantine."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from store.bulk import Row, upsert, with_keys
from store.doorbell import ring
from store.locks import lock_migration
from store.schema import quarantine, runs, sources
from store.texts import kept, kept_key

QUARANTINE_COLUMNS = (
    "source_id", "row_key", "external_id", "reason", "detail", "raw", "origin", "row_number", "first_seen_at",
)  # fmt: skip


BROKEN_OFF = "broken off: the program ended in the middle; the next fetch goes on from the last batch"


def register(connection: sa.Connection, feeds: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Bring the table of feeds in line with the configuration (name, connector, record, every_seconds); name → id.

    A feed that left the configuration stays, marked as removed, because its rows stay.
    """
    lock_migration(connection)
    known = {row.name: row.id for row in connection.execute(sa.select(sources.c.id, sources.c.name))}
    connection.execute(sa.update(sources).values(removed=True))
    for feed in feeds:
        if feed["name"] in known:
            connection.execute(sa.update(sources).where(sources.c.name == feed["name"]).values(**feed, removed=False))
        else:
            inserted = connection.execute(sa.insert(sources).values(**feed, state="new"))
            known[feed["name"]] = inserted.inserted_primary_key[0]  # type: ignore[index]
    return known


def cursor_of(connection: sa.Connection, source_id: int) -> dict[str, Any] | None:
    """Where the next fetch of a feed goes on; None = from the start."""
    text = connection.execute(sa.select(sources.c.cursor).where(sources.c.id == source_id)).scalar_one()
    return json.loads(text) if text else None


def is_paused(connection: sa.Connection, source_id: int) -> bool:
    """Whether somebody keeps a feed from being read."""
    found = connection.execute(sa.select(sources.c.paused_at).where(sources.c.id == source_id)).scalar_one()
    return found is not None


def failures_of(connection: sa.Connection, source_id: int) -> int:
    """How many fetches have failed since the last success."""
    return int(connection.execute(sa.select(sources.c.failures).where(sources.c.id == source_id)).scalar_one())


def update(connection: sa.Connection, source_id: int, **values: Any) -> None:
    """Set columns of a feed; a cursor is given as a dict."""
    if "cursor" in values:
        # in ASCII: a file's name need not be text in any encoding
        values["cursor"] = json.dumps(values["cursor"]) if values["cursor"] is not None else None
    if values.get("error") is not None:
        values["error"] = kept(values["error"])
    connection.execute(sa.update(sources).where(sources.c.id == source_id).values(**values))
    ring(connection)


def start_run(connection: sa.Connection, source_id: int, now: int) -> int:
    """A new run with nothing read yet; its id."""
    row = connection.execute(
        sa.insert(runs).values(source_id=source_id, started_at=now, read=0, kept=0, unchanged=0, quarantined=0, empty=0)
    )
    return int(row.inserted_primary_key[0])  # type: ignore[index]


def add_to_run(connection: sa.Connection, run_id: int, **counts: int) -> None:
    """Add what one batch came to."""
    connection.execute(
        sa.update(runs)
        .where(runs.c.id == run_id)
        .values({runs.c[name]: runs.c[name] + n for name, n in counts.items()})
    )


def finish_run(connection: sa.Connection, run_id: int, now: int, error: str | None) -> None:
    """Close a run."""
    told = None if error is None else kept(error)
    connection.execute(sa.update(runs).where(runs.c.id == run_id).values(finished_at=now, error=told))


def break_off(connection: sa.Connection, source_id: int, now: int) -> None:
    """Close the runs of a feed that nobody closed: their program was ended in the middle.

    Should one still be going on in another process, it says so itself when it closes its run.
    """
    unfinished = (runs.c.source_id == source_id, runs.c.finished_at.is_(None))
    connection.execute(sa.update(runs).where(*unfinished).values(finished_at=now, error=BROKEN_OFF))


def quarantine_rows(connection: sa.Connection, rows: list[Row]) -> None:
    """Keep bad rows (QUARANTINE_COLUMNS); the same raw row of a feed once, open again if it had been settled."""
    rows = [
        (source, key, kept_key(external_id), reason, *(kept(text) for text in (detail, raw, origin)), number, seen)
        for source, key, external_id, reason, detail, raw, origin, number, seen in rows
    ]
    upsert(
        connection, quarantine, (*QUARANTINE_COLUMNS, "resolved_at"), ("source_id", "row_key"),
        [(*row, None) for row in {row[:2]: row for row in rows}.values()],
        keep=("first_seen_at",),
    )  # fmt: skip


def open_quarantine(connection: sa.Connection, source_id: int) -> int:
    """How many bad rows of a feed wait to be mended."""
    return int(
        connection.execute(
            sa.select(sa.func.count()).where(quarantine.c.source_id == source_id, quarantine.c.resolved_at.is_(None))
        ).scalar_one()
    )


def resolve(connection: sa.Connection, source_id: int, external_ids: list[str], now: int) -> None:
    """Settle the bad rows of records that have since been taken."""
    waiting = with_keys(
        connection,
        "SELECT id FROM quarantine WHERE source_id = :source AND resolved_at IS NULL AND external_id IN (:keys)",
        external_ids,
        source=source_id,
    )
    if waiting:
        connection.execute(
            sa.update(quarantine).where(quarantine.c.id == sa.bindparam("row")).values(resolved_at=now),
            [{"row": row.id} for row in waiting],
        )

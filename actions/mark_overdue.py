"""Being overdue is a write: open cases past their deadline are marked, counted and announced."""

import sqlalchemy as sa

from actions.site import Site
from domain.contributions import Deltas, contributions
from store import bulk, cases
from store.counts.batches import append
from store.engine import read, write

BATCH = 2_000

_DUE = "ended_at IS NULL AND overdue = false AND due_at < :now AND status NOT IN ('void', 'merged')"


def mark_overdue(site: Site, *, now: int) -> int:
    """Mark every open case whose deadline has passed; how many were marked. Safe to run in several processes."""
    marked = 0
    while batch := _mark_some(site, now):
        marked += batch
    return marked


def _mark_some(site: Site, now: int) -> int:
    with read(site.engine) as connection:
        if connection.execute(sa.text(f"SELECT 1 FROM cases WHERE {_DUE} LIMIT 1"), {"now": now}).first() is None:  # noqa: S608
            return 0
    with write(site.engine) as connection:
        lock = " FOR UPDATE SKIP LOCKED" if connection.dialect.name == "postgresql" else ""
        select = f"SELECT {bulk.listed(cases.COUNTED)} FROM cases WHERE {_DUE} ORDER BY id LIMIT :limit{lock}"  # noqa: S608
        old = cases.frame(connection.execute(sa.text(select), {"now": now, "limit": BATCH}).all())
        if old.empty:
            return 0
        bulk.with_keys(
            connection, "UPDATE cases SET overdue = true WHERE id IN (:keys) RETURNING id", old["id"].tolist()
        )
        new = old.assign(overdue=True)
        deltas = Deltas.joined(
            (contributions(cases.columns_of(new), site.zone), -contributions(cases.columns_of(old), site.zone))
        )
        append(connection, deltas, known_at=now, backfill=False)
        return len(old)

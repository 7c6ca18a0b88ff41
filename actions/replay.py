"""Take the rows in quarantine again, after a mapping, an area or a case was mended."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from itertools import groupby

import numpy as np
import sqlalchemy as sa

from actions.take import Feed
from datasources.contract import Batch, Sunk
from datasources.mapping import Mapping
from datasources.mapping.rejects import TEXT, replay_page
from store.engine import read, write
from store.locks import lock_source
from store.schema import quarantine
from store.sources import cursor_of

CHUNK = 1_000
NO_RUN = 0
"""A replay is no fetch: it leaves no run on record."""

CELLS, UNSPLIT = "cells", "unsplit"
AMOUNTS = ("read", "kept", "unchanged", "quarantined")


def never() -> bool:
    """A replay that nobody ends."""
    return False


def replay(feed: Feed, mapping: Mapping, ended: Callable[[], bool] = never) -> dict[str, int]:
    """Map the raw rows that a source has in quarantine once more; read = kept + unchanged + quarantined.

    A row that is taken is settled (resolved_at); one that does not fit stays, with its reason as it is now. ended: asked
    after each CHUNK of rows, whose work is then committed.
    Raises BadDataError where the mapping names a column that the rows do not have.
    """
    total = Counter(dict.fromkeys(AMOUNTS, 0))
    for rows in _chunks(feed):
        for (_origin, kind), same in groupby(rows, key=lambda row: (row.origin, _kind(row))):
            total.update(_replayed(feed, mapping, list(same), kind))
        if ended():
            break
    feed.run_id = None
    feed.reasons.clear()
    return dict(total)


def _kind(row: sa.Row) -> str:  # type: ignore[type-arg]
    """How a raw row can be read: as cells, or only from its file."""
    return UNSPLIT if TEXT in json.loads(row.raw) else CELLS


def _replayed(feed: Feed, mapping: Mapping, rows: Sequence[sa.Row], kind: str) -> dict[str, int]:  # type: ignore[type-arg]
    if kind == UNSPLIT:
        return {"read": len(rows), "quarantined": len(rows)}
    batch = _mapped(feed, mapping, rows)
    sunk = _take(feed, batch, rows)
    return {"read": batch.read - batch.empty, **asdict(sunk)}


def _take(feed: Feed, batch: Batch, rows: Sequence[sa.Row]) -> Sunk:  # type: ignore[type-arg]
    """One transaction: the rows are settled, the batch is taken, and what does not fit comes back open."""
    feed.run_id = NO_RUN
    with write(feed.site.engine) as connection:
        lock_source(connection, feed.source_id)
        settled = sa.update(quarantine).where(quarantine.c.id.in_([row.id for row in rows]))
        connection.execute(settled.values(resolved_at=feed.clock()))
        sunk = feed._take(connection, replace(batch, cursor=cursor_of(connection, feed.source_id)))  # noqa: SLF001  same room
    feed.ring()
    return sunk


def _chunks(feed: Feed) -> Iterator[Sequence[sa.Row]]:  # type: ignore[type-arg]
    """The open rows as they are now, by origin; those that come back are not taken twice."""
    c = quarantine.c
    waiting = sa.select(quarantine).where(c.source_id == feed.source_id, c.resolved_at.is_(None))
    with read(feed.site.engine) as connection:
        ids = connection.execute(waiting.with_only_columns(c.id).order_by(c.origin, c.row_number, c.id)).scalars().all()
    for start in range(0, len(ids), CHUNK):
        part = waiting.where(c.id.in_(ids[start : start + CHUNK])).order_by(c.origin, c.row_number, c.id)
        with read(feed.site.engine) as connection:
            rows = connection.execute(part).all()
        yield rows


def _mapped(feed: Feed, mapping: Mapping, rows: Sequence[sa.Row]) -> Batch:  # type: ignore[type-arg]
    """The rows of one origin as a batch; what is refused again keeps its raw form and its row number."""
    numbers = {row.id: row for row in rows}
    batch = mapping.apply(replay_page([r.raw for r in rows], rows[0].origin, [r.id for r in rows]), feed.clock())
    owners = [numbers[number] for number in batch.rejected["row"]]
    rejected = batch.rejected.assign(
        raw=[r.raw for r in owners], row=np.array([r.row_number for r in owners], np.int64)
    )
    taken = [numbers[number] for number in batch.rows]
    return replace(
        batch,
        rejected=rejected,
        raw=lambda positions: [taken[i].raw for i in positions],
        rows=np.array([r.row_number for r in taken], np.int64),
    )

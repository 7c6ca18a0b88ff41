"""What was pushed to us: kept before it is confirmed, until the worker has made records of it, and some days longer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from store.engine import read, write
from store.schema_services import deliveries

MOST_BYTES = 8_000_000
"""Bodies that are handed out together; a single one may be larger."""

AT_ONCE = 1_000
c = deliveries.c


def keep(connection: sa.Connection, source_id: int, digest: str, body: bytes, now: int) -> None:
    """Keep a delivery; one that is there already (a replay) is left as it is."""
    kind = postgresql if connection.dialect.name == "postgresql" else sqlite
    values = {"source_id": source_id, "digest": digest, "received_at": now, "body": body}
    connection.execute(kind.insert(deliveries).values(values).on_conflict_do_nothing())


def forget(connection: sa.Connection, before: Mapping[int, int]) -> int:
    """Remove what was taken before a moment, by source; how many."""
    gone = 0
    for source_id, moment in before.items():
        old = sa.select(c.id).where(c.source_id == source_id, c.taken_at < moment).limit(AT_ONCE)
        gone += connection.execute(sa.delete(deliveries).where(c.id.in_(old.scalar_subquery()))).rowcount
    return gone


@dataclass(frozen=True)
class StoredInbox:
    """The deliveries of one source (datasources.contract.Inbox). Bodies in the order in which they came."""

    engine: sa.Engine
    source_id: int
    clock: Callable[[], int]

    def waiting(self, after_id: int, limit: int) -> list[tuple[int, int, bytes]]:
        """(id, received at, body) of those that nobody has taken, beyond an id."""
        mine = sa.and_(c.source_id == self.source_id, c.taken_at.is_(None), c.id > after_id)
        return self._read(mine, c.id, limit)

    def latest(self, limit: int) -> list[tuple[int, int, bytes]]:
        """The newest, taken or not."""
        return self._read(c.source_id == self.source_id, c.id.desc(), limit)[::-1]

    def taken(self, ids: Sequence[int]) -> None:
        """Records were made of these."""
        with write(self.engine) as connection:
            for start in range(0, len(ids), AT_ONCE):
                mine = c.id.in_(ids[start : start + AT_ONCE])
                connection.execute(sa.update(deliveries).where(mine).values(taken_at=self.clock()))

    def _read(
        self, which: sa.ColumnElement[bool], order: sa.ColumnElement[int], limit: int
    ) -> list[tuple[int, int, bytes]]:
        size = sa.func.sum(sa.func.length(c.body)).over(order_by=order).label("size")
        number = sa.func.row_number().over(order_by=order).label("number")
        counted = sa.select(c.id, size, number).where(which).order_by(order).limit(limit).subquery()
        few = sa.select(counted.c.id).where(sa.or_(counted.c.size <= MOST_BYTES, counted.c.number == 1))
        wanted = sa.select(c.id, c.received_at, c.body).where(c.id.in_(few)).order_by(order)
        with read(self.engine) as connection:
            return [(row.id, row.received_at, bytes(row.body)) for row in connection.execute(wanted)]

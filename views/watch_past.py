"""What went wrong with services, and when each was last well: outages, gaps, changes."""

from dataclasses import dataclass

import sqlalchemy as sa

from store.engine import read
from store.schema import sources
from store.schema_services import source_gaps, source_states
from views.reader import Reader


@dataclass(frozen=True)
class Failure:
    """An outage: from when to when (None = still), in which state it began, and what was said. Epoch seconds."""

    at: int
    until: int | None
    state: str
    error: str


@dataclass(frozen=True)
class Lost:
    """What a source lost: from when to when (epoch seconds) and why."""

    start: int
    end: int
    why: str


@dataclass(frozen=True)
class Past:
    """The last outages and gaps of a service, newest first."""

    failures: tuple[Failure, ...]
    gaps: tuple[Lost, ...]


def past(reader: Reader, source_id: int, most: int = 6) -> Past:
    """What went wrong with a source last."""
    with read(reader.engine) as connection:
        return Past(_failures(connection, source_id, most), _lost(connection, source_id, most))


def _failures(connection: sa.Connection, source_id: int, most: int) -> tuple[Failure, ...]:
    c = source_states.c
    following = sa.func.lead(c.at).over(partition_by=c.source_id, order_by=(c.at, c.id)).label("until")
    every = sa.select(c.id, c.at, c.state, c.error, following).where(c.source_id == source_id).subquery()
    rows = connection.execute(
        sa.select(every).where(every.c.error.is_not(None)).order_by(every.c.at.desc(), every.c.id.desc()).limit(most)
    )
    return tuple(Failure(row.at, row.until, row.state, row.error) for row in rows)


def _lost(connection: sa.Connection, source_id: int, most: int) -> tuple[Lost, ...]:
    c = source_gaps.c
    rows = connection.execute(
        sa.select(c.start, c.end, c.why).where(c.source_id == source_id).order_by(c.start.desc()).limit(most)
    )
    return tuple(Lost(row.start, row.end, row.why) for row in rows)


@dataclass(frozen=True)
class Turn:
    """A change of state of some service: when, which, from then on what, and what was said."""

    at: int
    name: str
    state: str
    error: str | None


def turns(reader: Reader, most: int = 12) -> tuple[Turn, ...]:
    """The last changes of all services, newest first."""
    c = source_states.c
    joined = source_states.join(sources, sources.c.id == c.source_id)
    wanted = (
        sa.select(c.at, sources.c.name, c.state, c.error)
        .select_from(joined)
        .where(sources.c.removed.is_(False))
        .order_by(c.at.desc(), c.id.desc())
        .limit(most)
    )
    with read(reader.engine) as connection:
        return tuple(Turn(row.at, row.name, row.state, row.error) for row in connection.execute(wanted))

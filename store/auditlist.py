"""The audit record as it is asked for: filtered, newest first, page by page or as a stream."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from store.schema_trust import audit

a = audit.c


@dataclass(frozen=True)
class AuditFilter:
    """Rows with start <= at < end (None = open), of these words ('' = any). action and subject are beginnings of theirs."""

    start: int | None = None
    end: int | None = None
    actor: str = ""
    action: str = ""
    subject: str = ""
    result: str = ""


def _conditions(wanted: AuditFilter) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if wanted.start is not None:
        found.append(a.at >= wanted.start)
    if wanted.end is not None:
        found.append(a.at < wanted.end)
    if wanted.actor:
        found.append(a.actor == wanted.actor)
    if wanted.result:
        found.append(a.result == wanted.result)
    if wanted.action:
        found.append(a.action.startswith(wanted.action, autoescape=True))
    if wanted.subject:  # case:1 is not the beginning of case:12
        found.append(sa.or_(a.subject == wanted.subject, a.subject.startswith(f"{wanted.subject}:", autoescape=True)))
    return found


def count(connection: sa.Connection, wanted: AuditFilter) -> int:
    """How many rows there are."""
    return int(
        connection.execute(sa.select(sa.func.count()).select_from(audit).where(*_conditions(wanted))).scalar_one()
    )


def page(connection: sa.Connection, wanted: AuditFilter, *, offset: int, limit: int) -> Sequence[sa.RowMapping]:
    """Some of the rows, newest first."""
    query = sa.select(audit).where(*_conditions(wanted)).order_by(a.id.desc()).offset(offset).limit(limit)
    return connection.execute(query).mappings().all()


def stream(connection: sa.Connection, wanted: AuditFilter, *, size: int = 2_000) -> Iterator[Sequence[sa.RowMapping]]:
    """All of the rows, oldest first, a chunk at a time."""
    query = sa.select(audit).where(*_conditions(wanted)).order_by(a.id)
    result = connection.execution_options(stream_results=True, yield_per=size).execute(query).mappings()
    yield from result.partitions(size)


def actions(connection: sa.Connection) -> tuple[str, ...]:
    """The actions that occur."""
    return tuple(connection.execute(sa.select(a.action).distinct().order_by(a.action)).scalars())

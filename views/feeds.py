"""The state of each feed in plain figures."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import sqlalchemy as sa

from domain.feeds import freshness, worst
from domain.scope import SITE, Scope
from store.casework import SOURCE
from store.engine import read
from store.schema import quarantine, runs, sources
from views.reader import Reader


@dataclass(frozen=True)
class Feed:
    """One feed: its state, last run and totals. Epoch seconds; read = kept + unchanged + quarantined + empty."""

    id: int
    name: str
    connector: str
    record: str
    every_seconds: int
    state: str
    freshness: str
    failures: int
    paused_at: int | None
    next_at: int | None
    running: bool
    last_attempt_at: int | None
    last_success_at: int | None
    error: str | None
    done: int | None
    total: int | None
    rate: float | None
    read: int
    kept: int
    unchanged: int
    quarantined: int
    empty: int
    waiting: int
    reasons: tuple[tuple[str, int], ...]
    removed: bool
    started_at: int | None
    finished_at: int | None

    @property
    def shown(self) -> str:
        """What to say of it: removed | paused | running | refused | bad | live | stale | down | waiting."""
        if self.removed:
            return "removed"
        if self.paused_at is not None:
            return "paused"
        return "running" if self.running else self.state if self.state in REFUSED else self.freshness

    def remaining_seconds(self, now: int) -> float | None:
        """How long the running fetch will take at its pace so far; None where that cannot be said."""
        if not (self.running and self.done and self.total and self.started_at is not None):
            return None
        return max(now - self.started_at, 1) * max(self.total - self.done, 0) / self.done


REFUSED = ("refused", "bad")


def feeds(reader: Reader) -> tuple[Feed, ...]:
    """Every feed in order of name, those that left the configuration last."""
    with read(reader.engine) as connection:
        return feeds_in(connection, reader.clock())


def feeds_in(connection: sa.Connection, now: int) -> tuple[Feed, ...]:
    """The same in a snapshot that is open already."""
    # For each source by itself, which the index answers: there are a few sources and very many runs.
    newest = sa.select(sa.func.max(runs.c.id)).where(runs.c.source_id == sources.c.id).scalar_subquery()
    latest = sa.select(newest.label("id")).select_from(sources).subquery()
    last = {row.source_id: row for row in connection.execute(sa.select(runs).join(latest, latest.c.id == runs.c.id))}
    waiting: dict[int, list[tuple[str, int]]] = {}
    for source_id, reason, n in connection.execute(
        sa.select(quarantine.c.source_id, quarantine.c.reason, sa.func.count())
        .where(quarantine.c.resolved_at.is_(None))
        .group_by(quarantine.c.source_id, quarantine.c.reason)
        .order_by(sa.func.count().desc())
    ):
        waiting.setdefault(source_id, []).append((reason, n))
    fetched = sources.c.connector != SOURCE
    rows = connection.execute(sa.select(sources).where(fetched).order_by(sources.c.removed, sources.c.name)).all()
    return tuple(_feed(row, last.get(row.id), waiting.get(row.id, []), now) for row in rows)


def _feed(row: sa.Row, run: sa.Row | None, waiting: list[tuple[str, int]], now: int) -> Feed:  # type: ignore[type-arg]
    amounts = {
        name: int(getattr(run, name)) if run else 0 for name in ("read", "kept", "unchanged", "quarantined", "empty")
    }
    return Feed(
        id=row.id, name=row.name, connector=row.connector, record=row.record, every_seconds=row.every_seconds,
        state=row.state, failures=row.failures, paused_at=row.paused_at, next_at=row.next_at,
        freshness=freshness(
            last_success_at=row.last_success_at, every_seconds=row.every_seconds, refused=row.state in REFUSED, now=now
        ),
        running=row.state == "running",
        last_attempt_at=row.last_attempt_at, last_success_at=row.last_success_at, error=row.error,
        done=row.done, total=row.total, rate=row.rate, **amounts,
        waiting=sum(n for _, n in waiting), reasons=tuple(waiting), removed=row.removed,
        started_at=run.started_at if run else None, finished_at=run.finished_at if run else None,
    )  # fmt: skip


QUARANTINE_COLUMNS = ("reason", "detail", "origin", "row_number", "external_id", "first_seen_at", "raw")


def _waiting(names: Sequence[str]) -> sa.Select[Any]:
    """Bad rows that wait to be mended, by source, origin and row."""
    columns = (sources.c.name.label("source"), *(quarantine.c[name] for name in QUARANTINE_COLUMNS))
    joined = quarantine.join(sources, sources.c.id == quarantine.c.source_id)
    return (
        sa.select(*columns)
        .select_from(joined)
        .where(quarantine.c.resolved_at.is_(None), sources.c.name.in_(names))
        .order_by(sources.c.name, quarantine.c.origin, quarantine.c.row_number, quarantine.c.id)
    )


def _line(row: sa.RowMapping) -> dict[str, Any]:
    return {**row, "raw": orjson.loads(row["raw"])}


def quarantined(reader: Reader, names: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Every bad row of these sources: source, QUARANTINE_COLUMNS; raw as the row's cells, times in epoch seconds."""
    with read(reader.engine) as connection:
        for row in connection.execution_options(stream_results=True).execute(_waiting(names)).mappings():
            yield _line(row)


@dataclass(frozen=True)
class BadRows:
    """A page of bad rows (as `quarantined` gives them), and how many there are in all."""

    rows: tuple[dict[str, Any], ...]
    total: int


def sees_rows(scope: Scope) -> bool:
    """Whether raw rows may be shown: they are of no area yet, so to those who see every area, and to whoever mends them."""
    return SITE in scope.areas or scope.role == "system_admin"


def bad_rows(reader: Reader, scope: Scope, name: str, *, reason: str, offset: int, limit: int) -> BadRows:
    """Some bad rows of a source, of one reason ('' = all). Raw rows are shown to those who see the whole site."""
    if not sees_rows(scope):
        return BadRows((), 0)
    wanted = _waiting([name]) if not reason else _waiting([name]).where(quarantine.c.reason == reason)
    with read(reader.engine) as connection:
        total = connection.execute(
            sa.select(sa.func.count()).select_from(wanted.order_by(None).subquery())
        ).scalar_one()
        rows = connection.execute(wanted.offset(offset).limit(limit)).mappings().all()
    return BadRows(tuple(_line(row) for row in rows), int(total))


@dataclass(frozen=True)
class DataTime:
    """How fresh figures are: when the slowest of their feeds was last read, and the worst of their states."""

    at: int | None
    state: str


def data_time(reader: Reader, chosen_sources: tuple[str, ...], record: str = "case") -> DataTime:
    """The data time of figures made from these sources (all = ())."""
    now = reader.clock()
    with read(reader.engine) as connection:
        rows = connection.execute(
            sa.select(sources).where(sources.c.record == record, sources.c.removed.is_(False))
        ).all()
    mine = [r for r in rows if not chosen_sources or r.name in chosen_sources]
    states = [
        freshness(last_success_at=r.last_success_at, every_seconds=r.every_seconds, refused=r.state in REFUSED, now=now)
        for r in mine
    ]
    times = [r.last_success_at for r in mine if r.last_success_at is not None]
    return DataTime(min(times) if times and len(times) == len(mine) else None, worst(states))

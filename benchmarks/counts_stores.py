"""Stores full of the town's cases for the benchmark of the counts: batches, sealed; and on PostgreSQL the rows beside them."""

import itertools
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import sqlalchemy as sa

from benchmarks.counts_town import ZONE, Chunk, chunks, tree
from domain.contributions import CaseColumns, contributions
from store.areas import read_areas
from store.counts.batches import append
from store.counts.reader import Counts
from store.counts.seal import seal, seal_when_due
from store.engine import open_engine, read, write
from store.schema import areas, metadata

BATCH = 5_000
LIVE_ACTIONS = 60

_COLUMNS = (("reported_at", ">i8"), ("area_id", ">i4"), ("category_id", ">i4"), ("source_id", ">i4"), ("kind", ">i2"))
_TYPES = {">i8": "bigint", ">i4": "integer", ">i2": "smallint"}
_INDEXES = (
    "CREATE INDEX ON bench_cases (category_id, reported_at) INCLUDE (area_id)",
    "CREATE INDEX ON bench_cases (reported_at, category_id) INCLUDE (area_id)",
    "CREATE INDEX ON bench_cases (category_id, area_id, reported_at)",
    "VACUUM (ANALYZE, FREEZE) bench_cases",
)
"""Each of them covers Q1; PostgreSQL picks."""


@dataclass
class Site:
    """One size on one store."""

    name: str
    cases: int
    folder: Path
    engine: sa.Engine
    counts: Counts


def made(name: str, url: str, folder: Path, cases: int, *, rows: bool) -> Site:
    """A store with this many cases, as importers fill it and sealed on the way; the rows themselves when asked."""
    engine, index, started, appending = open_engine(url), tree(), time.perf_counter(), 0.0
    metadata.create_all(engine)
    columns = ("id", "last", "depth", "code", "name", "level")
    values = zip(index.ids.tolist(), index.last.tolist(), index.depth.tolist(), index.code, index.name, index.level)  # noqa: B905
    with write(engine) as connection:
        connection.execute(
            sa.insert(areas),
            [
                {**dict(zip(columns, row, strict=True)), "position": row[0], "parent_id": 0 if row[0] else None}
                for row in values
            ],
        )
    for chunk in chunks(cases):
        for part in _batches(chunk, BATCH):
            before = time.perf_counter()
            with write(engine) as connection:
                append(connection, contributions(part, ZONE), known_at=0, backfill=True)
            appending += time.perf_counter() - before
        seal_when_due(engine, folder, now=0)
        if rows:
            _copy(engine, chunk)
    while seal(engine, folder, now=0):
        pass
    if rows:
        _index(engine)
    with read(engine) as connection:
        counts = Counts(engine, read_areas(connection), folder)
        kept = connection.exec_driver_sql("SELECT sum(length(payload)) FROM count_batch").scalar_one()
    sys.stdout.write(
        f"  {name}: made in {time.perf_counter() - started:.0f} s, {appending:.0f} s of it contributions and append; "
        f"batches {kept / cases:.1f}, files {_size(folder) / cases:.0f} bytes a case\n"
    )
    sys.stdout.flush()
    return Site(name, cases, folder, engine, counts)


def live(site: Site, *, rows: bool) -> None:
    """What comes between two seals: an import of a thousand, and actions on single cases."""
    for chunk in chunks(1_000 + LIVE_ACTIONS, seed=9):
        for part in itertools.chain(_batches(chunk, 1_000, until=1_000), _batches(chunk, 1, since=1_000)):
            with write(site.engine) as connection:
                append(connection, contributions(part, ZONE), known_at=0, backfill=False)
        if rows:
            _copy(site.engine, chunk)


def _batches(chunk: Chunk, size: int, since: int = 0, until: int | None = None) -> Iterator[CaseColumns]:
    for at in range(since, len(chunk.area) if until is None else until, size):
        yield CaseColumns(*(getattr(chunk.cases, field.name)[at : at + size] for field in fields(CaseColumns)))


def _size(folder: Path) -> int:
    return sum({path.stat().st_ino: path.stat().st_size for path in folder.rglob("*.counts")}.values())


def _copy(engine: sa.Engine, chunk: Chunk) -> None:
    """The rows that PostgreSQL counts: no more columns than the question needs, which suits it best."""
    columns = ", ".join(f"{name} {_TYPES[code]} NOT NULL" for name, code in _COLUMNS)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE TABLE IF NOT EXISTS bench_cases ({columns})")
        raw = connection.connection.driver_connection
        if raw is None:
            return
        with raw.cursor() as cursor, cursor.copy("COPY bench_cases FROM STDIN (FORMAT BINARY)") as copy:
            copy.write(_binary(chunk))


def _binary(chunk: Chunk) -> bytes:
    """PostgreSQL's binary COPY format, made with numpy."""
    dtype = [
        ("fields", ">i2"),
        *((f"{n}{part}", c) for n, code in _COLUMNS for part, c in (("_size", ">i4"), ("", code))),
    ]
    records = np.zeros(len(chunk.area), dtype=dtype)
    records["fields"] = len(_COLUMNS)
    values = (chunk.cases.reported_at, chunk.area, chunk.category, chunk.source, chunk.kind)
    for (name, code), value in zip(_COLUMNS, values, strict=True):
        records[f"{name}_size"], records[name] = np.dtype(code).itemsize, value
    return b"PGCOPY\n\xff\r\n\0" + bytes(8) + records.tobytes() + b"\xff\xff"


def _index(engine: sa.Engine) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in _INDEXES:
            connection.exec_driver_sql(statement)

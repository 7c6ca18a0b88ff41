"""Readings: what the sink does with a batch of them beside the bare driver running the same upsert, in one run.

Floor: the raw driver writing the same rows, series already known, into the same indexed table (SQLite: one prepared
executemany; PostgreSQL: COPY into a temporary table and one merge into tables of months that are there). The sink finds
sensors and series, compares with what stands, keeps corrections, marks rollups and tells the last value besides.
Batches come in the order of time, as devices report. Runs are interleaved, medians; trust the ratios.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

from actions.take_readings import take_readings
from benchmarks.ingest import BATCH, NOW, ROUNDS, Store, chunked, write_town
from store import bulk, partitions
from store.engine import read, write
from store.readings import READING
from store.schema_sensors import readings

ROWS, SENSORS, EVERY_SECONDS = 100_000, 200, 60


def mapped(rows: int) -> list[pd.DataFrame]:
    """Reading frames (domain.records): every sensor once a minute, in batches."""
    at, sensor = np.divmod(np.arange(rows), SENSORS)
    whole = pd.DataFrame(
        {
            "external_id": [f"r{n}" for n in range(rows)], "sensor": [f"gauge-{n}" for n in sensor], "measure": "level",
            "unit": "m", "quality": None, "observed_at": (NOW - 40 * 86_400 + at * EVERY_SECONDS).astype(float),
            "value": np.round(np.random.default_rng(7).normal(3, 1, rows), 3),
        }
    )  # fmt: skip
    text = dict.fromkeys(("external_id", "sensor", "measure", "unit", "quality"), object)
    return [whole.iloc[at : at + BATCH].reset_index(drop=True).astype(text) for at in range(0, rows, BATCH)]


def taken(store: Store, frames: list[pd.DataFrame]) -> float:
    """The sink: seconds."""
    started = time.perf_counter()
    for frame in frames:
        with write(store.engine) as connection:
            take_readings(connection, store.site, store.source_id, frame, now=NOW, backfill=False)
    return time.perf_counter() - started


def again(store: Store, frames: list[pd.DataFrame]) -> float:
    """The sink, given what it knows already: seconds."""
    taken(store, frames)
    return taken(store, frames)


def raw(store: Store, rows: list[Any]) -> float:
    """The driver's own way on the same table: seconds."""
    with write(store.engine) as connection:
        partitions.ensure(connection, np.array([row[1] for row in rows], dtype=np.int64))
    names, marks = bulk.listed(READING), ", ".join("?" * len(READING))
    changes = ", ".join(f'"{n}" = excluded."{n}"' for n in READING[2:])
    conflict = f"ON CONFLICT (series_id, observed_at) DO UPDATE SET {changes}"
    started = time.perf_counter()
    with store.engine.connect() as connection:
        driver: Any = connection.connection.dbapi_connection
        for chunk in chunked(rows):
            if store.engine.dialect.name == "sqlite":
                driver.execute("BEGIN IMMEDIATE")
                driver.executemany(f"INSERT INTO readings ({names}) VALUES ({marks}) {conflict}", chunk)
                driver.execute("COMMIT")
                continue
            with driver.transaction(), driver.cursor() as cursor:
                cursor.execute("CREATE TEMPORARY TABLE IF NOT EXISTS raw (LIKE readings) ON COMMIT DELETE ROWS")
                with cursor.copy(f"COPY raw ({names}) FROM STDIN") as copy:
                    for row in chunk:
                        copy.write_row(row)
                cursor.execute(f"INSERT INTO readings ({names}) SELECT {names} FROM raw {conflict}")
    return time.perf_counter() - started


def stored(store: Store) -> list[Any]:
    """The rows of `readings` as tuples, in the order in which they came."""
    with read(store.engine) as connection:
        query = sa.select(*(readings.c[n] for n in READING)).order_by(readings.c.observed_at, readings.c.series_id)
        return [tuple(row) for row in connection.execute(query)]


def measure(database: str, fresh: Callable[[], str], folder: Path, size: int) -> Iterator[tuple[str, float, str]]:
    """(what, ratio, goal) of one kind of store; `fresh` gives the address of a new empty one."""
    frames = mapped(size)
    first = Store(folder, fresh())
    taken(first, frames)
    rows = stored(first)
    ways: dict[str, Callable[[Store], float]] = {
        "raw": lambda store: raw(store, rows), "taken": lambda store: taken(store, frames),
        "again": lambda store: again(store, frames),
    }  # fmt: skip
    spent: dict[str, list[float]] = {name: [] for name in ways}
    for _round in range(ROUNDS):
        for name, way in ways.items():
            spent[name].append(way(Store(folder, fresh())))
    median = {name: statistics.median(times) for name, times in spent.items()}
    yield f"{database}: readings taken ÷ raw driver (speed)", median["raw"] / median["taken"], "≥ 0.5"
    yield f"{database}: known readings again ÷ raw driver (speed)", median["raw"] / median["again"], "told"
    yield f"{database}: readings taken a second", size / median["taken"], "told"


def main(sizes: tuple[int, ...] = (ROWS,)) -> list[tuple[str, float, str]]:
    """Measure on SQLite and on a PostgreSQL of its own."""
    from benchmarks.counts_server import postgres  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="gridhall-bench-") as text:
        folder = Path(text)
        numbers = iter(range(10_000))
        write_town(folder, "", 1)
        found = list(measure("SQLite", lambda: f"sqlite:///{folder}/store{next(numbers)}.db", folder, sizes[0]))
        with postgres(folder / "pg") as server:

            def fresh() -> str:
                name = f"bench{next(numbers)}"
                server.create(name)
                return server.url(name)

            found += list(measure("PostgreSQL", fresh, folder, sizes[0]))
    return found


if __name__ == "__main__":
    for what, ratio, goal in main((int(sys.argv[1]),) if len(sys.argv) > 1 else (ROWS,)):
        sys.stdout.write(f"{what}: {ratio:.2f} (goal {goal})\n")

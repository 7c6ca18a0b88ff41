"""Import: the sink's own upsert, the upsert with all counts, and a whole import, each beside its floor in one run.

Floors: the raw driver running the same statement on the same indexed table (SQLite: one prepared executemany;
PostgreSQL: COPY into a temporary table and one merge); and, for the whole import, pandas reading the same file plus
that one executemany. Runs are interleaved, medians; trust the ratios.
"""

import csv
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import sqlalchemy as sa

from actions.site import Site
from actions.take import Feed
from actions.take_cases import take_cases
from config import load
from datasources.mapping import Mapping
from datasources.poller import run_once
from datasources.registry import create
from domain.periods import SiteZone
from geo.locate import Locator
from store import bulk, schema
from store.areas import read_areas, read_tree
from store.cases import WRITTEN
from store.engine import open_engine, read, write

ROWS, BATCH, ROUNDS = 100_000, 5_000, 5
NOW = 1_700_000_000
CONFIG = """
[site]
name = "Benchmark"
timezone = "America/New_York"
[store]
url = "{url}"
[[areas]]
level = "community"
file = "areas.geojson"
code = "code"
name = "name"
[areas.subdivide]
metres = 500
[[sources]]
name = "rows"
connector = "feeds.file"
record = "case"
options = {{ path = "rows.csv" }}
[sources.fields]
external_id = "id"
reported_at = {{ column = "opened", format = "%m/%d/%Y %I:%M:%S %p" }}
due_at = {{ column = "due", format = "%m/%d/%Y %I:%M:%S %p" }}
closed_at = {{ column = "closed", format = "%m/%d/%Y %I:%M:%S %p" }}
status = {{ column = "status", values = {{ Open = "handling", Closed = "closed" }} }}
category = "type"
title = "title"
department = "department"
channel = "channel"
longitude = "lon"
latitude = "lat"
"""
TIME = "%m/%d/%Y %I:%M:%S %p"


def write_town(folder: Path, url: str, rows: int) -> None:
    """A made-up year of one city: four square communities cut into grids, and a wide file of cases."""
    squares = [
        {
            "type": "Feature",
            "properties": {"code": f"{i + 1}", "name": f"Area {i + 1}"},
            "geometry": {"type": "Polygon", "coordinates": [_square(-71.0 + 0.06 * (i % 2), 42.3 + 0.045 * (i // 2))]},
        }
        for i in range(4)
    ]
    (folder / "areas.geojson").write_text(str({"type": "FeatureCollection", "features": squares}).replace("'", '"'))
    (folder / "settings.toml").write_text(CONFIG.format(url=url))
    random = np.random.default_rng(7)
    opened = pd.Timestamp("2022-01-01") + pd.to_timedelta(np.sort(random.integers(0, 365 * 86_400, rows)), unit="s")
    closed = opened + pd.to_timedelta(random.integers(600, 20 * 86_400, rows), unit="s")
    is_open = random.random(rows) < 0.15
    frame = pd.DataFrame(
        {
            "id": np.arange(rows) + 101_000_000_000,
            "opened": opened.strftime(TIME),
            "due": (opened + pd.Timedelta(days=7)).strftime(TIME),
            "closed": np.where(is_open, "", closed.strftime(TIME)),
            "status": np.where(is_open, "Open", "Closed"),
            "type": [f"Type {i}" for i in random.integers(0, 150, rows)],
            "title": "Request for a thing to be mended",
            "department": [f"Department {i}" for i in random.integers(0, 12, rows)],
            "channel": "Citizens Connect App",
            "lon": np.round(-71.0 + random.random(rows) * 0.12, 4),
            "lat": np.round(42.3 + random.random(rows) * 0.09, 4),
            **{f"other_{i}": f"something that nobody maps {i}" for i in range(20)},
        }
    )
    frame.to_csv(folder / "rows.csv", index=False, quoting=csv.QUOTE_MINIMAL)


def _square(west: float, south: float) -> list[list[float]]:
    east, north = west + 0.06, south + 0.045
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


class Store:
    """One empty store with the town's areas and a source, made anew for each measurement."""

    def __init__(self, folder: Path, url: str) -> None:
        from wiring import House, prepare  # noqa: PLC0415  only app, pages and api build the product on it

        self.settings = load(folder / "settings.toml", {"GRIDHALL_STORE_URL": url, "GRIDHALL_VAR": str(folder / "var")})
        self.engine = open_engine(url)
        self.house = House(self.settings, self.engine, lambda: NOW)
        prepare(self.house)
        with read(self.engine) as connection:
            self.source_id = connection.execute(sa.select(schema.sources.c.id)).scalar_one()
            self.site = Site(
                self.engine, SiteZone("America/New_York"), read_areas(connection), Locator(read_tree(connection))
            )


def frames(store: Store) -> Iterator[pd.DataFrame]:
    """The mapped frames of the town's file."""
    source = store.settings.sources[0]
    mapping = Mapping(source, ZoneInfo(source.timezone))
    for page in create(source, folder=store.settings.folder, clock=lambda: NOW).pages(None):
        yield mapping.apply(page, NOW).frame


def chunked(rows: list[Any]) -> Iterator[list[Any]]:
    """Rows in batches."""
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]


def stored_rows(store: Store) -> list[Any]:
    """The rows of `cases` as tuples, in the order of the statement."""
    with read(store.engine) as connection:
        return [
            tuple(r)
            for r in connection.execute(sa.select(*(schema.cases.c[n] for n in WRITTEN)).order_by(schema.cases.c.id))
        ]


def raw(store: Store, rows: list[Any]) -> float:
    """The driver's own way on the same table: seconds."""
    names, marks = bulk.listed(WRITTEN), ", ".join("?" * len(WRITTEN))
    changes = ", ".join(f'"{n}" = excluded."{n}"' for n in WRITTEN if n not in ("id", "source_id", "external_id"))
    conflict = f"ON CONFLICT (source_id, external_id) DO UPDATE SET {changes}"
    started = time.perf_counter()
    with store.engine.connect() as connection:
        driver = connection.connection.dbapi_connection
        for chunk in chunked(rows):
            if store.engine.dialect.name == "sqlite":
                driver.execute("BEGIN IMMEDIATE")
                driver.executemany(f"INSERT INTO cases ({names}) VALUES ({marks}) {conflict}", chunk)
                driver.execute("COMMIT")
                continue
            with driver.transaction(), driver.cursor() as cursor:
                cursor.execute("CREATE TEMPORARY TABLE IF NOT EXISTS raw_cases (LIKE cases) ON COMMIT DELETE ROWS")
                with cursor.copy(f"COPY raw_cases ({names}) FROM STDIN") as copy:
                    for row in chunk:
                        copy.write_row(row)
                cursor.execute(f"INSERT INTO cases ({names}) SELECT {names} FROM raw_cases {conflict}")
    return time.perf_counter() - started


def own(store: Store, rows: list[Any]) -> float:
    """The sink's own upsert: seconds."""
    started = time.perf_counter()
    for chunk in chunked(rows):
        with write(store.engine) as connection:
            bulk.upsert(connection, schema.cases, WRITTEN, ("source_id", "external_id"), chunk)
    return time.perf_counter() - started


def counted(store: Store, mapped: list[pd.DataFrame]) -> float:
    """Place, compare, upsert, steps and counts: seconds."""
    started = time.perf_counter()
    for frame in mapped:
        with write(store.engine) as connection:
            take_cases(connection, store.site, store.source_id, frame, now=NOW, backfill=True)
    return time.perf_counter() - started


def whole(store: Store) -> float:
    """The whole import: seconds."""
    source = store.settings.sources[0]
    feed = Feed(store.site, store.source_id, lambda: NOW, lambda: None)
    feed.from_start()
    connector = create(source, folder=store.settings.folder, clock=lambda: NOW)
    started = time.perf_counter()
    run_once(
        source,
        connector,
        Mapping(source, ZoneInfo(source.timezone)),
        feed,
        cursor=None,
        clock=lambda: NOW,
        report=feed.report,
    )
    return time.perf_counter() - started


def floor(store: Store, folder: Path, rows: list[Any]) -> float:
    """Let pandas read the file, then one executemany: seconds."""
    started = time.perf_counter()
    pd.read_csv(folder / "rows.csv")
    inserted(store, rows)
    return time.perf_counter() - started


def inserted(store: Store, rows: list[Any]) -> None:
    """One prepared executemany of the driver (SQLite)."""
    with store.engine.connect() as connection:
        driver: Any = connection.connection.dbapi_connection
        driver.execute("BEGIN IMMEDIATE")
        driver.executemany(
            f"INSERT INTO cases ({bulk.listed(WRITTEN)}) VALUES ({', '.join('?' * len(WRITTEN))})",
            rows,
        )
        driver.execute("COMMIT")


def measure(database: str, fresh: Callable[[], str], folder: Path) -> Iterator[tuple[str, float, str]]:
    """(what, ratio, goal) of one kind of store; `fresh` gives the address of a new empty one."""
    first = Store(folder, fresh())
    mapped = list(frames(first))
    counted(first, mapped)
    rows = stored_rows(first)
    spent: dict[str, list[float]] = {"raw": [], "own": [], "counted": [], "whole": [], "floor": []}
    ways: dict[str, Callable[[Store], float]] = {
        "raw": lambda s: with_categories(first, s) or raw(s, rows),
        "own": lambda s: with_categories(first, s) or own(s, rows),
        "counted": lambda s: counted(s, mapped),
    }
    if database == "SQLite":
        ways |= {"whole": whole, "floor": lambda s: with_categories(first, s) or floor(s, folder, rows)}
    for _round in range(ROUNDS):
        for name, way in ways.items():
            spent[name].append(way(Store(folder, fresh())))
    median = {name: statistics.median(times) for name, times in spent.items() if times}
    yield f"{database}: own upsert ÷ raw driver (speed)", median["raw"] / median["own"], "≥ 0.9"
    yield f"{database}: with all counts ÷ raw driver (speed)", median["raw"] / median["counted"], "≥ 0.5"
    if "whole" in median:
        yield f"{database}: whole import ÷ floor (time)", median["whole"] / median["floor"], "≤ 3"


def with_categories(source: Store, target: Store) -> None:
    """Rows that were stored elsewhere name their categories by number."""
    with read(source.engine) as connection:
        rows = [dict(r) for r in connection.execute(sa.select(schema.categories)).mappings()]
    with write(target.engine) as connection:
        connection.execute(sa.insert(schema.categories), rows)


def main(sizes: tuple[int, ...] = (ROWS,)) -> list[tuple[str, float, str]]:
    """Measure on SQLite and on a PostgreSQL of its own."""
    from benchmarks.counts_server import postgres  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="gridhall-bench-") as text:
        folder = Path(text)
        numbers = iter(range(10_000))
        write_town(folder, "", sizes[0])
        found = list(measure("SQLite", lambda: f"sqlite:///{folder}/store{next(numbers)}.db", folder))
        with postgres(folder / "pg") as server:

            def fresh() -> str:
                name = f"bench{next(numbers)}"
                server.create(name)
                return server.url(name)

            found += list(measure("PostgreSQL", fresh, folder))
    return found


if __name__ == "__main__":
    for what, ratio, goal in main((int(sys.argv[1]),) if len(sys.argv) > 1 else (ROWS,)):
        sys.stdout.write(f"{what}: {ratio:.2f} (goal {goal})\n")

"""How long figures take at 100 thousand, 1 million and (--ten-million) 10 million cases, beside well-indexed PostgreSQL.

python benchmarks/counts.py [--sizes 100000,1000000] [--ten-million] [--folder DIR]

Starts a PostgreSQL of its own (as the user postgres when run as root). Runs are interleaved; medians; trust the ratios.
"""

import argparse
import math
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import sqlalchemy as sa

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.counts_server import postgres
from benchmarks.counts_town import CATEGORIES, DAYS, FIRST_DAY, GRIDS, ZONE, chunks, tree
from domain.contributions import MEASURES, contributions
from store.areas import read_areas
from store.counts.batches import append
from store.counts.reader import Counts, Slice, Snapshot
from store.counts.seal import seal, seal_when_due
from store.engine import open_engine, read, write
from store.schema import areas, metadata

WHOLE = ((0, GRIDS + 1),)
BATCH = 5_000
LATE_BATCHES = 40


@dataclass
class Site:
    """One size on one store."""

    name: str
    cases: int
    engine: sa.Engine
    counts: Counts


def said(text: str) -> None:
    """One line, at once."""
    print(text, flush=True)


# --- building ---------------------------------------------------------------------------------------------------------


def make(name: str, url: str, folder: Path, cases: int, *, rows: bool) -> Site:
    """Fill a store: batches as an importer would append them, sealed on the way; the rows themselves when asked."""
    engine = open_engine(url)
    metadata.create_all(engine)
    index = tree()
    with write(engine) as connection:
        connection.execute(
            sa.insert(areas),
            [
                {"id": i, "code": index.code[i], "name": index.name[i], "level": index.level[i], "depth": int(i > 0),
                 "parent_id": 0 if i else None, "position": i, "last": int(index.last[i])}
                for i in range(len(index))
            ],
        )  # fmt: skip
    started, contributed = time.perf_counter(), 0.0
    for chunk in chunks(cases):
        for at in range(0, len(chunk.area), BATCH):
            part = slice(at, at + BATCH)
            columns = type(chunk.cases)(*(getattr(chunk.cases, f)[part] for f in chunk.cases.__dataclass_fields__))
            before = time.perf_counter()
            with write(engine) as connection:
                append(connection, contributions(columns, ZONE), known_at=0, backfill=True)
            contributed += time.perf_counter() - before
        seal_when_due(engine, folder, now=0)
        if rows:
            copy_rows(engine, chunk)
    while seal(engine, folder, now=0):
        pass
    payload = 0
    with read(engine) as connection:
        counts = Counts(engine, read_areas(connection), folder)
        payload = connection.exec_driver_sql("SELECT sum(length(payload)) FROM count_batch").scalar_one()
    if rows:
        index_rows(engine)
    files = sum(p.stat().st_size for p in {p.stat().st_ino: p for p in folder.rglob("*.counts")}.values())
    said(
        f"  {name}: {cases:,} cases in {time.perf_counter() - started:.0f} s ({contributed:.0f} s of it contributions and "
        f"append); batches {payload / cases:.1f}, files {files / cases:.0f} bytes a case"
    )
    return Site(name, cases, engine, counts)


def copy_rows(engine: sa.Engine, chunk) -> None:
    """The rows that PostgreSQL is to count, with COPY: no more columns than the question needs."""
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE IF NOT EXISTS bench_cases (reported_at bigint NOT NULL, area_id integer NOT NULL, "
            "category_id integer NOT NULL, source_id integer NOT NULL, kind smallint NOT NULL)"
        )
        raw = connection.connection.driver_connection
        with raw.cursor() as cursor, cursor.copy("COPY bench_cases FROM STDIN (FORMAT BINARY)") as copy:
            copy.write(binary_rows(chunk))


def binary_rows(chunk) -> bytes:
    """PostgreSQL's binary COPY format, made with numpy."""
    size = len(chunk.area)
    fields = (("reported_at", ">i8"), ("area", ">i4"), ("category", ">i4"), ("source", ">i4"), ("kind", ">i2"))
    dtype = [("fields", ">i2")]
    for name, code in fields:
        dtype += [(f"{name}_size", ">i4"), (name, code)]
    records = np.zeros(size, dtype=dtype)
    records["fields"] = len(fields)
    values = {"reported_at": chunk.cases.reported_at, "area": chunk.area, "category": chunk.category,
              "source": chunk.source, "kind": chunk.kind}  # fmt: skip
    for name, code in fields:
        records[f"{name}_size"] = np.dtype(code).itemsize
        records[name] = values[name]
    return b"PGCOPY\n\xff\r\n\0" + bytes(8) + records.tobytes() + b"\xff\xff"


def index_rows(engine: sa.Engine) -> None:
    """The indexes that serve Q1 best: all of them cover it, PostgreSQL picks."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in (
            "CREATE INDEX ON bench_cases (category_id, reported_at) INCLUDE (area_id)",
            "CREATE INDEX ON bench_cases (reported_at, category_id) INCLUDE (area_id)",
            "CREATE INDEX ON bench_cases (category_id, area_id, reported_at)",
            "VACUUM (ANALYZE, FREEZE) bench_cases",
        ):
            connection.exec_driver_sql(statement)


# --- questions --------------------------------------------------------------------------------------------------------


def period(length: int) -> tuple[int, int]:
    """A random period of whole days."""
    first = FIRST_DAY + random.randrange(DAYS - length)
    return first, first + length - 1


def eight() -> tuple[int, ...]:
    """Eight random categories of the forty."""
    return tuple(sorted(random.sample(range(1, CATEGORIES + 1), 8)))


SUBSET = Slice(WHOLE, categories=eight())
SOURCED = Slice(WHOLE, categories=eight(), sources=(2, 5))
PART = Slice(((100, 160),))

QUESTIONS: dict[str, Callable[[Snapshot], object]] = {
    "Q1 by area, 90 days, 8 categories": lambda s: s.by_area("reported", *period(90), SUBSET),
    "by area, 90 days, everything": lambda s: s.by_area("reported", *period(90), Slice(WHOLE)),
    "by area, open (all time)": lambda s: s.by_area("ended", None, period(1)[1], SUBSET),
    "by area, 90 days, 8 categories, 2 sources": lambda s: s.by_area("reported", *period(90), SOURCED),
    "totals of all measures, 30 days": lambda s: s.totals(MEASURES, *period(30), Slice(WHOLE)),
    "totals of all measures, 30 days, 8 categories": lambda s: s.totals(MEASURES, *period(30), SUBSET),
    "totals of all measures, 8 categories, 2 sources": lambda s: s.totals(MEASURES, *period(30), SOURCED),
    "by day, 7 days, 8 categories": lambda s: s.by_day("reported", *period(7), SUBSET),
    "by day, 90 days, everything": lambda s: s.by_day("reported", *period(90), Slice(WHOLE)),
    "by day, 90 days, 8 categories": lambda s: s.by_day("reported", *period(90), SUBSET),
    "by day, 90 days, 8 categories, 2 sources": lambda s: s.by_day("reported", *period(90), SOURCED),
    "by category, 7 days, 60 grids": lambda s: s.by_category("reported", *period(7), PART),
    "by category, 90 days, everything": lambda s: s.by_category("reported", *period(90), Slice(WHOLE)),
    "by placing, 90 days, everything": lambda s: s.by_placing("reported", *period(90), Slice(WHOLE)),
}


def timed(run: Callable[[], object]) -> float:
    """Microseconds."""
    before = time.perf_counter_ns()
    run()
    return (time.perf_counter_ns() - before) / 1_000


def grow(sites: list[Site], rounds: int = 300) -> None:
    """Every question at every size, interleaved: microseconds with the tail read, and the growth exponent."""
    said(f"\n{'microseconds, tail read included':50}" + "".join(f"{s.name:>16}" for s in sites) + "   exponent")
    for label, question in QUESTIONS.items():
        times: dict[str, list[float]] = {site.name: [] for site in sites}
        for _ in range(rounds):
            for site in sites:
                times[site.name].append(timed(lambda site=site: question(site.counts.snapshot())))
        medians = [statistics.median(times[site.name]) for site in sites]
        exponent = ""
        if sites[-1].cases > sites[0].cases:
            exponent = f"{math.log(medians[-1] / medians[0]) / math.log(sites[-1].cases / sites[0].cases):+.2f}"
        said(f"{label:50}" + "".join(f"{m:16.1f}" for m in medians) + f"   {exponent}")


def against_postgres(rows: Site, sites: list[Site], rounds: int = 60) -> None:
    """Q1 beside PostgreSQL on the same rows, and the two answers compared."""
    query = sa.text(
        "SELECT area_id, count(*) FROM bench_cases WHERE reported_at >= :first AND reported_at < :end "
        "AND category_id = ANY(:categories) GROUP BY area_id"
    )
    theirs: list[float] = []
    ours: dict[str, list[float]] = {s.name: [] for s in sites}
    new: dict[str, list[float]] = {s.name: [] for s in sites}
    with rows.engine.connect() as connection:
        for _ in range(rounds):
            first, last = period(90)
            part = Slice(WHOLE, categories=eight())
            values = {"first": ZONE.start(first), "end": ZONE.start(last + 1), "categories": list(part.categories)}
            before = time.perf_counter_ns()
            answer = connection.execute(query, values).all()
            theirs.append((time.perf_counter_ns() - before) / 1_000)
            for site in sites:
                ask = lambda site=site, days=(first, last): site.counts.snapshot().by_area("reported", *days, part)  # noqa: B023, E731
                new[site.name].append(timed(ask))
                ours[site.name] += [timed(lambda: ask(days=period(90))) for _ in range(5)]
                found = np.zeros(GRIDS + 1, dtype=np.int64)
                for row in answer:
                    found[row[0]] = row[1]
                assert (ask() == found).all(), "the answers differ"
    base = statistics.median(theirs)
    said(f"\nQ1 at {rows.cases:,} cases: PostgreSQL {base / 1_000:.1f} ms")
    for site in sites:
        warm, first_time = statistics.median(ours[site.name]), statistics.median(new[site.name])
        said(
            f"  {site.name}: {warm:.1f} us = {base / warm:,.0f} times faster; with 8 categories never asked for before "
            f"{first_time:.1f} us = {base / first_time:,.0f} times"
        )


def attach(site: Site, folder: Path, rounds: int = 15) -> None:
    """A fresh process: time to the first snapshot, and its first Q1 against the same warm."""
    script = (
        "import sys, time, statistics; sys.path.insert(0, sys.argv[1])\n"
        "from pathlib import Path\n"
        "from benchmarks.counts import *\n"
        "engine = open_engine(sys.argv[2])\n"
        "with read(engine) as c: index = read_areas(c)\n"
        "ask = lambda: counts.snapshot().by_area('reported', *period(90), Slice(WHOLE, categories=eight()))\n"
        "counts = Counts(engine, index, Path(sys.argv[3]))\n"
        "a = timed(counts.snapshot); b = timed(ask); c = timed(ask); d = timed(ask)\n"
        "w = statistics.median(timed(ask) for _ in range(100))\n"
        "print(a, b, c, d, w)"
    )
    found = []
    for _ in range(rounds):
        url = site.engine.url.render_as_string(hide_password=False)
        command = [sys.executable, "-c", script, str(Path(__file__).parent.parent), url, str(folder)]
        found.append(
            [float(x) for x in subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()]
        )
    a, b, c, d, warm = (statistics.median(column) for column in zip(*found, strict=True))
    said(
        f"  {site.name}: a fresh process attaches (first snapshot) in {a:.0f} us; its Q1s, each with other categories and days: first {b:.0f}, "
        f"second {c:.0f}, third {d:.0f} us; warm {warm:.0f}: first / warm = {b / warm:.1f}"
    )


def main() -> None:
    """Build, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="100000,1000000")
    parser.add_argument("--ten-million", action="store_true")
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    sizes = [int(s) for s in options.sizes.split(",")] + ([10_000_000] if options.ten_million else [])
    random.seed(7)
    with tempfile.TemporaryDirectory(dir=options.folder) as temporary, postgres(Path(temporary) / "pg") as server:
        folder = Path(temporary)
        said("building")
        sqlite, pg = [], []
        for size in sizes:
            database = f"bench_{size}"
            server.create(database)
            pg.append(
                make(f"PostgreSQL {size:,}", server.url(database), folder / f"pg-{size}", size, rows=size == sizes[-1])
            )
            sqlite.append(
                make(f"SQLite {size:,}", f"sqlite:///{folder}/{size}.db", folder / f"sqlite-{size}", size, rows=False)
            )
        grow(sqlite)
        grow(pg)
        against_postgres(pg[-1], [sqlite[-1], pg[-1]])
        attach(sqlite[-1], folder / f"sqlite-{sizes[-1]}")
        attach(pg[-1], folder / f"pg-{sizes[-1]}")


if __name__ == "__main__":
    main()

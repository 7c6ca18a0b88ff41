"""Figures from the counts at growing numbers of cases, and cases per grid beside well-indexed PostgreSQL.

500 grids × 40 categories × 6 sources × 3 years. Every time has its tail read in it. Sizes and stores take turns within
each round, every question has other days each time; medians. Q1 = cases per grid in 90 days and 8 categories; PostgreSQL
answers it from a table of nothing but the columns it needs, with three covering indexes to choose from, and the two
answers are compared. Starts a PostgreSQL of its own (as the user postgres when run as root).
"""

import argparse
import math
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import sqlalchemy as sa

from benchmarks.counts_server import postgres
from benchmarks.counts_stores import Site, live, made
from benchmarks.counts_town import CATEGORIES, DAYS, FIRST_DAY, GRIDS, ZONE
from domain.contributions import MEASURES
from store.counts.reader import Slice, Snapshot

Line = tuple[str, float, str]

ROUNDS, Q1_ROUNDS, PROCESSES = 300, 60, 15
TIMES_FASTER = {"SQLite": 1_000, "PostgreSQL": 200}
EXPONENT, ATTACHED = 0.1, 5
TEN_MILLION = 10_000_000
GRIDS_OF_SITE = ((0, GRIDS + 1),)
EVERYTHING = Slice(GRIDS_OF_SITE)

_draw = random.Random(7)  # noqa: S311


def period(length: int) -> tuple[int, int]:
    """A random period of whole days."""
    first = FIRST_DAY + _draw.randrange(DAYS - length)
    return first, first + length - 1


def eight() -> tuple[int, ...]:
    """Eight random categories of the forty."""
    return tuple(sorted(_draw.sample(range(1, CATEGORIES + 1), 8)))


SUBSET = Slice(GRIDS_OF_SITE, categories=eight())
SOURCED = Slice(GRIDS_OF_SITE, sources=(2, 5))
BOTH = Slice(GRIDS_OF_SITE, categories=eight(), sources=(2, 5))
COMMUNITY = Slice(((100, 160),))

QUESTIONS: dict[str, Callable[[Snapshot], object]] = {
    "by area (Q1), 90 days, 8 categories": lambda s: s.by_area("reported", *period(90), SUBSET),
    "by area, 90 days": lambda s: s.by_area("reported", *period(90), EVERYTHING),
    "by area, all time up to a day, 8 categories": lambda s: s.by_area("ended", None, period(1)[1], SUBSET),
    "totals of 13 measures, 30 days": lambda s: s.totals(MEASURES, *period(30), EVERYTHING),
    "totals of 13 measures, 30 days, 8 categories": lambda s: s.totals(MEASURES, *period(30), SUBSET),
    "by day, 7 days, 8 categories": lambda s: s.by_day("reported", *period(7), SUBSET),
    "by day, 90 days": lambda s: s.by_day("reported", *period(90), EVERYTHING),
    "by day, 90 days, 8 categories": lambda s: s.by_day("reported", *period(90), SUBSET),
    "by category, 7 days, 60 grids": lambda s: s.by_category("reported", *period(7), COMMUNITY),
    "by category, 90 days": lambda s: s.by_category("reported", *period(90), EVERYTHING),
    "by placing, 90 days": lambda s: s.by_placing("reported", *period(90), EVERYTHING),
    "2 sources: by area, 90 days": lambda s: s.by_area("reported", *period(90), SOURCED),
    "2 sources: totals of 13 measures, 30 days": lambda s: s.totals(MEASURES, *period(30), SOURCED),
    "2 sources: by day, 90 days": lambda s: s.by_day("reported", *period(90), SOURCED),
    "2 sources: by area, 90 days, 8 categories": lambda s: s.by_area("reported", *period(90), BOTH),
    "2 sources: by day, 90 days, 8 categories": lambda s: s.by_day("reported", *period(90), BOTH),
}


def timed(run: Callable[[], object]) -> float:
    """Microseconds."""
    before = time.perf_counter_ns()
    run()
    return (time.perf_counter_ns() - before) / 1_000


def told(text: str) -> None:
    """One line, at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def growth(store: str, sites: list[Site]) -> Iterator[Line]:
    """Every question at every size, and the growth exponent from the smallest to the largest."""
    told(f"\n{store + ', microseconds':46}" + "".join(f"{site.cases:>12,}" for site in sites) + "   exponent")
    for label, question in QUESTIONS.items():
        times: list[list[float]] = [[] for _ in sites]
        for _ in range(ROUNDS):
            for found, site in zip(times, sites, strict=True):
                found.append(timed(lambda site=site, ask=question: ask(site.counts.snapshot())))  # type: ignore[misc]
        medians = [statistics.median(found) for found in times]
        line = f"{label:46}" + "".join(f"{median:12.1f}" for median in medians)
        if len(sites) > 1:
            exponent = math.log(medians[-1] / medians[0]) / math.log(sites[-1].cases / sites[0].cases)
            line += f"   {exponent:+.2f}"
            yield f"growth exponent on {store}: {label}", exponent, f"<= {EXPONENT}"
        told(line)


_Q1 = sa.text(
    "SELECT area_id, count(*) FROM bench_cases WHERE reported_at >= :first AND reported_at < :end "
    "AND category_id = ANY(:categories) GROUP BY area_id"
)


def against_postgres(rows: Site, sites: list[Site], label: str) -> Iterator[Line]:
    """Q1 beside PostgreSQL: with categories that were asked for before, and with new ones each time."""
    theirs: list[float] = []
    known: dict[str, list[float]] = {site.name: [] for site in sites}
    new: dict[str, list[float]] = {site.name: [] for site in sites}
    with rows.engine.connect() as connection:
        for _ in range(Q1_ROUNDS):
            days, part = period(90), Slice(GRIDS_OF_SITE, categories=eight())
            values = {"first": ZONE.start(days[0]), "end": ZONE.start(days[1] + 1), "categories": list(part.categories)}
            theirs.append(timed(lambda values=values: connection.execute(_Q1, values).all()))  # type: ignore[misc]
            answer = {row[0]: row[1] for row in connection.execute(_Q1, values)}
            for site in sites:
                new[site.name].append(timed(lambda site=site, days=days, part=part: _q1(site, days, part)))  # type: ignore[misc]
                known[site.name] += [
                    timed(lambda site=site, days=period(90), part=part: _q1(site, days, part))  # noqa: B008
                    for _ in range(5)  # type: ignore[misc]
                ]
                found = _q1(site, days, part)
                if {int(i): int(found[i]) for i in np.flatnonzero(found)} != answer:
                    raise SystemExit(f"{site.name} and PostgreSQL differ")
        connection.rollback()
    base = statistics.median(theirs)
    told(f"\nQ1 at {rows.cases:,} cases, {label}: PostgreSQL {base / 1_000:.1f} ms")
    for site in sites:
        warm, first = statistics.median(known[site.name]), statistics.median(new[site.name])
        told(
            f"  {site.name}: {warm:.1f} us = {base / warm:,.0f} times faster; categories never asked for before, just "
            f"after PostgreSQL's turn: {first:.1f} us = {base / first:,.0f} times"
        )
        goal = f">= {TIMES_FASTER[site.name]:,}" if rows.cases >= TEN_MILLION else f"at {TEN_MILLION:,} cases"
        yield f"Q1 at {rows.cases:,}, {label}, {site.name}: times faster", base / warm, goal


def _q1(site: Site, days: tuple[int, int], part: Slice) -> np.ndarray:
    return site.counts.snapshot().by_area("reported", *days, part)


_PROCESS = """
import statistics, sys
from pathlib import Path
from benchmarks.counts import GRIDS_OF_SITE, eight, period, timed
from store.areas import read_areas
from store.counts.reader import Counts, Slice
from store.engine import open_engine, read
engine = open_engine(sys.argv[1])
with read(engine) as connection:
    counts = Counts(engine, read_areas(connection), Path(sys.argv[2]))
ask = lambda: counts.snapshot().by_area("reported", *period(90), Slice(GRIDS_OF_SITE, categories=eight()))
print(timed(counts.snapshot), timed(ask), timed(ask), statistics.median(timed(ask) for _ in range(200)))
"""


def attached(site: Site) -> Iterator[Line]:
    """Fresh processes: to the first snapshot, their first Q1, and the same warm; each with other categories and days."""
    url = site.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", _PROCESS, url, str(site.folder)]
    root = Path(__file__).parent.parent
    runs = [
        [
            float(word)
            for word in subprocess.run(command, check=True, capture_output=True, text=True, cwd=root).stdout.split()
        ]
        for _ in range(PROCESSES)
    ]
    attach, first, second, warm = (statistics.median(column) for column in zip(*runs, strict=True))
    told(
        f"  {site.name}: a fresh process attaches in {attach / 1_000:.1f} ms; its first Q1 takes {first:.0f} us, the second "
        f"{second:.0f}, warm {warm:.0f}"
    )
    yield f"first Q1 of a fresh process / warm, {site.name}", first / warm, f"<= {ATTACHED}"


def measure(sizes: tuple[int, ...], folder: Path) -> Iterator[Line]:
    """Build, ask, tell."""
    with postgres(folder / "pg") as server:
        stores: dict[str, list[Site]] = {"SQLite": [], "PostgreSQL": []}
        for size in sizes:
            server.create(f"bench_{size}")
            urls = {"SQLite": f"sqlite:///{folder}/{size}.db", "PostgreSQL": server.url(f"bench_{size}")}
            for store, url in urls.items():
                rows = store == "PostgreSQL" and size == sizes[-1]
                stores[store].append(made(store, url, folder / f"{store}-{size}", size, rows=rows))
        for store, sites in stores.items():
            yield from growth(store, sites)
        largest = [sites[-1] for sites in stores.values()]
        yield from against_postgres(largest[-1], largest, "all sealed")
        for site in largest:
            yield from attached(site)
        for site in largest:
            live(site, rows=site is largest[-1])
        yield from against_postgres(largest[-1], largest, "61 batches unsealed")
        for site in largest:
            yield from attached(site)


def main(sizes: tuple[int, ...] = (100_000, 1_000_000)) -> list[Line]:
    """Measure at growing sizes."""
    with tempfile.TemporaryDirectory(prefix="gridhall-bench-") as folder:
        return list(measure(sizes, Path(folder)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="10 million cases too")
    parser.add_argument("--size", type=int, action="append", help="a size of your own")
    options = parser.parse_args()
    sizes = options.size or [100_000, 1_000_000, *([TEN_MILLION] if options.full else [])]
    for what, ratio, goal in main(tuple(sizes)):
        told(f"{what}: {ratio:.2f} (goal {goal})")

"""Heat: counting the cases of a filter in small squares, beside DuckDB counting the same squares of the same rows.

8 of 40 categories, 90 days of three years. Ours: store.heatpoints, the array that every tile of that filter is drawn
from. DuckDB: its own table in memory of the same rows in order of report, so that it skips what is older; once with the
square of each case stored beside it (as ours has it), once computing it from x and y, and once only for the squares
that one tile with its margin needs. Every answer is compared; rounds are interleaved, each with other days and
categories; medians. The rest of a tile (smoothing, drawing, PNG) is given too.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import shapely

from components.heat import REACH, field_of, heat_picture
from components.raster import png
from components.theme import DARK
from geo.bins import Bins
from geo.panes import Pane
from geo.tiles import lonlat_to_pixels
from store.counts.slices import Slice
from store.heatpoints import NO_DAY, REPORTED, HeatPoints, Pick

CATEGORIES, SOURCES, AREAS, DAYS, TODAY = 40, 6, 500, 1_095, 20_500
BOUNDS = (114.0, 30.5, 114.12, 30.6)
WINDOW, CHOSEN, ROUNDS, BATCH = 90, 8, 15, 500_000
GOAL = 20.0


@dataclass(frozen=True)
class Town:
    """The same rows twice."""

    bins: Bins
    points: HeatPoints
    duck: duckdb.DuckDBPyConnection


def build(size: int) -> Town:
    """Cases around 40 hot spots and everywhere, by day of report."""
    rng, bins = np.random.default_rng(7), Bins.over(BOUNDS)
    points, duck = HeatPoints(len(bins), AREAS), duckdb.connect()
    spots = rng.uniform(BOUNDS[:2], BOUNDS[2:], (40, 2))
    days = np.sort(rng.integers(TODAY - DAYS + 1, TODAY + 1, size)).astype(np.uint16)
    for start in range(0, size, BATCH):
        n = min(BATCH, size - start)
        place = np.where(
            rng.random((n, 1)) < 0.6, spots[rng.integers(0, 40, n)] + rng.normal(0, 0.004, (n, 2)),
            rng.uniform(BOUNDS[:2], BOUNDS[2:], (n, 2)),
        )  # fmt: skip
        rows: dict[str, Any] = {
            "bin": bins.of(place[:, 0], place[:, 1]),
            "category": rng.integers(0, CATEGORIES, n).astype(np.uint32),
            "position": rng.integers(0, AREAS, n).astype(np.uint16),
            "day": days[start : start + n],
            "ended": np.full(n, NO_DAY, np.uint16),
            "due": np.full(n, NO_DAY, np.uint16),
            "source": rng.integers(0, SOURCES, n).astype(np.uint16),
            "kind": (rng.random(n) < 0.1).astype(np.uint8),
        }
        points.put(np.arange(start, start + n), rows, np.ones(n, dtype=bool))
        x, y = lonlat_to_pixels(np.clip(place[:, 0], BOUNDS[0], BOUNDS[2]), place[:, 1], 0, tile_size=1)
        frame = pd.DataFrame({**rows, "x": x, "y": y})  # noqa: F841  DuckDB finds it by its name
        duck.execute("CREATE TABLE IF NOT EXISTS cases AS SELECT * FROM frame LIMIT 0")
        duck.execute("INSERT INTO cases SELECT * FROM frame")
    points.sort()
    return Town(bins, points, duck)


Answer = np.ndarray | dict[str, Any]


def ours(town: Town, pick: Pick) -> np.ndarray:
    return town.points.counts(pick)[: len(town.bins)]


def _where(pick: Pick) -> str:
    chosen = ", ".join(map(str, pick.part.categories))
    return f"WHERE day BETWEEN {pick.first} AND {pick.last} AND category IN ({chosen})"


def _asked(town: Town, select: str, where: str) -> dict[str, Any]:
    """Square and number of those that have cases: the answer as arrays, as DuckDB's own client gives them."""
    query = f"SELECT {select} AS square, count(*) AS n FROM cases {where} GROUP BY square"
    return dict(town.duck.execute(query).fetchnumpy())


def _by_square(town: Town, answer: Answer) -> np.ndarray:
    if isinstance(answer, np.ndarray):
        return answer
    counts = np.zeros(len(town.bins), dtype=np.int64)
    counts[answer["square"].astype(np.int64)] = answer["n"]
    return counts


def duck_stored(town: Town, pick: Pick) -> dict[str, Any]:
    return _asked(town, "bin", _where(pick))


def duck_computed(town: Town, pick: Pick) -> dict[str, Any]:
    b = town.bins
    column = f"least(greatest(cast(floor((x - {b.left!r}) / {b.side!r}) AS INTEGER), 0), {b.columns - 1})"
    row = f"least(greatest(cast(floor((y - {b.top!r}) / {b.side!r}) AS INTEGER), 0), {b.rows - 1})"
    return _asked(town, f"{row} * {b.columns} + {column}", _where(pick))


def _tile(town: Town) -> tuple[Pane, tuple[float, float, float, float]]:
    """The tile of zoom 15 in the middle, and what it needs on the unit square: itself and three half widths more."""
    x, y = lonlat_to_pixels((BOUNDS[0] + BOUNDS[2]) / 2, (BOUNDS[1] + BOUNDS[3]) / 2, 15, tile_size=1)
    pane = Pane.tile(15, int(x), int(y))
    margin = REACH * town.bins.side * pane.world_px
    return pane, pane.box(margin)


def duck_tile(town: Town, pick: Pick) -> dict[str, Any]:
    left, top, right, bottom = _tile(town)[1]
    inside = f" AND x BETWEEN {left!r} AND {right!r} AND y BETWEEN {top!r} AND {bottom!r}"
    return _asked(town, "bin", _where(pick) + inside)


def tile(town: Town, pick: Pick) -> np.ndarray:
    """The whole of a first tile: counts, field, picture, file."""
    west, south, east, north = BOUNDS
    (left, right), (top, bottom) = lonlat_to_pixels([west, east], [north, south], 0, tile_size=1)
    counts = ours(town, pick)
    field = field_of(counts, town.bins, 0)
    png(heat_picture(field, _tile(town)[0], DARK, shapely.box(left, top, right, bottom)))
    return counts


WAYS: dict[str, Callable[[Town, Pick], Answer]] = {
    "ours": ours, "square stored": duck_stored, "square computed": duck_computed, "one tile only": duck_tile,
    "whole tile": tile,
}  # fmt: skip


def picks(rng: np.random.Generator) -> Pick:
    """8 categories and 90 days."""
    last = int(rng.integers(TODAY - DAYS + WINDOW, TODAY + 1))
    categories = tuple(sorted(rng.choice(CATEGORIES, CHOSEN, replace=False).tolist()))
    return Pick(REPORTED, last - WINDOW + 1, last, Slice(((0, AREAS),), categories=categories))


def measure(size: int) -> list[tuple[str, float, str]]:
    """(what, ratio, goal) at a size; prints the times."""
    town, rng = build(size), np.random.default_rng(11)
    spent: dict[str, list[float]] = {name: [] for name in WAYS}
    for _round in range(ROUNDS):
        pick = picks(rng)
        right = ours(town, pick)
        for name, way in WAYS.items():
            started = time.perf_counter()
            answer = way(town, pick)
            spent[name].append(time.perf_counter() - started)
            wrong = np.abs(_by_square(town, answer) - right).sum()
            if name != "one tile only" and wrong > right.sum() // 1_000:  # a point on an edge may round either way
                message = f"{name} counted other cases"
                raise AssertionError(message)
    median = {name: statistics.median(times) * 1_000 for name, times in spent.items()}
    said = ", ".join(f"{name} {ms:.2f} ms" for name, ms in median.items())
    bytes_a_case = town.points.nbytes / size
    sys.stdout.write(f"{size:,} cases: {said}; {bytes_a_case:.1f} bytes a case\n")
    goals = {
        "square stored": f"≥ {GOAL:g}", "square computed": f"≥ {GOAL:g}",
        "one tile only": "none: fewer squares than ours",
    }  # fmt: skip
    return [(f"heat, {size:,}: DuckDB, {name} ÷ ours", median[name] / median["ours"], g) for name, g in goals.items()]


def main(sizes: tuple[int, ...] = (1_000_000,)) -> list[tuple[str, float, str]]:
    """Measure at each size."""
    return [line for size in sizes for line in measure(size)]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="10 million cases too")
    parser.add_argument("--size", type=int, action="append", help="a size of your own")
    options = parser.parse_args()
    for what, ratio, goal in main(tuple(options.size or (1_000_000, *([10_000_000] if options.full else [])))):
        sys.stdout.write(f"{what}: {ratio:.1f} (goal {goal})\n")

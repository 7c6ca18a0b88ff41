"""The street plan: main roads as an uneven lattice, the fields between them cut again and again into city blocks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely

from demo.ground import HALF_HEIGHT_M, HALF_WIDTH_M, to_ground

INNER_M = (1950.0, 1750.0)  # plan distance from the centre within which blocks are small
SMALL_BLOCK_M, LARGE_BLOCK_M = (372.0, 325.0), (560.0, 470.0)


@dataclass(frozen=True)
class Street:
    """One straight piece in plan metres: at `at` across, from `start` to `end` along; whole metres throughout."""

    vertical: bool
    at: int
    start: int
    end: int
    rank: str  # main | second | minor


def plan(rng: np.random.Generator) -> list[Street]:
    """All streets of the plan, main roads first."""
    us, vs = _positions(rng, HALF_WIDTH_M, (560, 830)), _positions(rng, HALF_HEIGHT_M, (440, 640))
    streets = [Street(True, u, vs[0], vs[-1], "main") for u in us]
    streets += [Street(False, v, us[0], us[-1], "main") for v in vs]
    for left, right in pairwise(us):
        for low, high in pairwise(vs):
            streets += _cut(rng, (left, low, right, high), "second")
    return streets


def _positions(rng: np.random.Generator, half: int, step: tuple[int, int]) -> list[int]:
    found = [-half]
    while found[-1] < half:
        found.append(found[-1] + int(rng.integers(*step)))
    return found


def _cut(rng: np.random.Generator, box: tuple[int, int, int, int], rank: str) -> Iterator[Street]:
    left, low, right, high = box
    limit = _limit((left + right) / 2, (low + high) / 2)
    wide, tall = (right - left) / limit[0], (high - low) / limit[1]
    if max(wide, tall) <= 1:
        return
    vertical = wide >= tall
    start, end = (left, right) if vertical else (low, high)
    at = start + round((end - start) * float(rng.uniform(0.4, 0.6)))
    yield Street(vertical, at, *((low, high) if vertical else (left, right)), rank)
    for part in ((start, at), (at, end)):
        yield from _cut(rng, (part[0], low, part[1], high) if vertical else (left, part[0], right, part[1]), "minor")


def _limit(u: float, v: float) -> tuple[float, float]:
    return SMALL_BLOCK_M if abs(u) < INNER_M[0] and abs(v) < INNER_M[1] else LARGE_BLOCK_M


def lines(streets: list[Street]) -> list[shapely.LineString]:
    """Each street on the ground with a vertex at every crossing, so that neighbouring blocks share their corners."""
    table = np.array([(s.vertical, s.at, s.start, s.end) for s in streets], dtype=np.int64)
    return [_line(street, table) for street in streets]


def _line(street: Street, table: np.ndarray) -> shapely.LineString:
    across = table[table[:, 0] != street.vertical]
    meets = (across[:, 2] <= street.at) & (across[:, 3] >= street.at)
    inside = meets & (across[:, 1] > street.start) & (across[:, 1] < street.end)
    along = np.unique(np.concatenate([[street.start, street.end], across[inside, 1]])).astype(float)
    fixed = np.full_like(along, street.at)
    points = np.column_stack([fixed, along] if street.vertical else [along, fixed])
    return shapely.LineString(to_ground(points))

"""A synthetic town for the benchmark of the counts: cases over 500 grids, 40 categories, 6 sources and 3 years."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from domain.contributions import CaseColumns, pack_cells
from domain.periods import SiteZone, day_of
from store.areas import AreaIndex

GRIDS, CATEGORIES, SOURCES, DAYS = 500, 40, 6, 1_095
ZONE = SiteZone("Asia/Shanghai")
FIRST_DAY = day_of(date(2023, 11, 1))
CHUNK = 100_000


@dataclass(frozen=True)
class Chunk:
    """area, category, source, kind int64 and the columns that decide what the cases count for."""

    area: npt.NDArray[np.int64]
    category: npt.NDArray[np.int64]
    source: npt.NDArray[np.int64]
    kind: npt.NDArray[np.int64]
    cases: CaseColumns


def tree() -> AreaIndex:
    """A site with 500 grids below it; ids are positions."""
    ids = np.arange(GRIDS + 1)
    last = np.where(ids == 0, GRIDS, ids)
    names = tuple("" if i == 0 else f"{i:03d}" for i in ids)
    levels = ("site", *["grid"] * GRIDS)
    return AreaIndex(ids, last, np.where(ids == 0, -1, 0), (ids > 0).astype(np.int64), names, names, levels)


def chunks(count: int, seed: int = 1, days: int = DAYS) -> Iterator[Chunk]:
    """`count` cases of the last `days` in order of their report, at most CHUNK at a time.

    Busy grids and common categories have most.
    """
    random = np.random.default_rng(seed)
    grid_weight, category_weight = (_weights(n) for n in (GRIDS, CATEGORIES))
    start = ZONE.start(FIRST_DAY + DAYS - days)
    for at in range(0, count, CHUNK):
        size = min(CHUNK, count - at)
        reported = start + days * 86_400 * (at + np.sort(random.random(size)) * size) / count
        area = 1 + random.choice(GRIDS, size, p=grid_weight)
        category = 1 + random.choice(CATEGORIES, size, p=category_weight)
        source = 1 + random.integers(0, SOURCES, size)
        kind = (category % 4 == 0).astype(np.int64)
        closed = np.floor(reported + random.exponential(4 * 86_400, size))
        ended = random.random(size) < 0.95
        due = np.floor(reported) + 7 * 86_400
        cases = CaseColumns(
            cell=pack_cells(area, 0, kind, category, source),
            status=np.where(ended, "closed", "handling").astype(object),
            reported_at=np.floor(reported),
            first_response_at=np.floor(reported + random.exponential(30_000, size)),
            due_at=due,
            closed_at=np.where(ended, closed, np.nan),
            online=(random.random(size) < 0.9).astype(np.int8),
            level=random.integers(-1, 3, size).astype(np.int8),
            overdue=~ended | (closed > due),
        )
        yield Chunk(area, category, source, kind, cases)


def _weights(count: int) -> npt.NDArray[np.float64]:
    weights = 1 / (np.arange(count) + count / 10)
    return np.asarray(weights / weights.sum())

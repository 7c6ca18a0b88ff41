"""Keeps the points of the heat map like the table of cases: all rows once, then only those that changed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from domain.cases import HERE, NOT_COUNTED
from domain.periods import SiteZone
from geo.bins import Bins
from store.areas import AreaIndex
from store.bulk import with_keys
from store.engine import read
from store.heatpoints import LAST_DAY, NO_DAY, Columns, HeatPoints

PAGE = 50_000
MOST_CHANGES = 200_000
"""More changed cases than this (and than a tenth of all) are read by reading everything again."""
MOST_GAPS = 100_000
GAP_SECONDS = 600
"""How long a number of a step that is missing may still turn up: numbers are given before their transaction commits."""

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_FIELDS = (
    "id", "kind", "category_id", "source_id", "reported_at", "ended_at", "due_at", "area_id", "placing", "longitude",
    "latitude",
)  # fmt: skip
# Names with their table: PLACING is a word of SQL itself.
_SELECT = (
    f"SELECT {', '.join(f'cases.{name}' for name in _FIELDS)}, CASE WHEN overdue THEN 1 ELSE 0 END, "  # noqa: S608  constants only
    f"CASE WHEN status IN ({', '.join(repr(s) for s in sorted(NOT_COUNTED))}) THEN 0 ELSE 1 END FROM cases"
)


@dataclass
class HeatFeed:
    """Reads the cases of one store into points. Not thread-safe: its owner holds a lock.

    Every write appends a step of each case it changes, so new steps name the cases to read again. Only the marking of
    overdue cases appends none; see `marked`.
    """

    engine: sa.Engine
    areas: AreaIndex
    zone: SiteZone
    bins: Bins
    clock: Callable[[], int]
    points: HeatPoints = field(init=False)
    _seen: int = 0
    _gaps: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    _gaps_since: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def __post_init__(self) -> None:
        self.points = HeatPoints(len(self.bins), len(self.areas))

    def fill(self) -> None:
        """Read every case. Pages are transactions of their own: what changes meanwhile is named by later steps."""
        self.points = HeatPoints(len(self.bins), len(self.areas))
        with read(self.engine) as connection:
            self._seen = int(connection.exec_driver_sql("SELECT coalesce(max(id), 0) FROM case_steps").scalar_one())
        self._forget_gaps()
        after = -1
        while True:
            with read(self.engine) as connection:
                query = sa.text(f"{_SELECT} WHERE id > :after ORDER BY id LIMIT :page")
                result = connection.execute(query, {"after": after, "page": PAGE})
                cursor: Any = result.cursor
                rows = cursor.fetchall()  # plain tuples: half the time of named rows
            if rows:
                self._put(rows)
                after = rows[-1][0]
            if len(rows) < PAGE:
                break
        self.points.sort()

    def follow(self) -> None:
        """Read the cases that have changed since."""
        with read(self.engine) as connection:
            changed = np.unique(np.concatenate([self._late(connection), self._new(connection)]))
            if len(changed) <= max(MOST_CHANGES, len(self.points) // 10):
                self._read_again(connection, changed)
                return
        self.fill()

    def marked(self) -> None:
        """Read again which open cases are marked overdue: those marked now, and those that were."""
        with read(self.engine) as connection:
            now = connection.exec_driver_sql(
                "SELECT id FROM cases WHERE ended_at IS NULL AND due_at IS NOT NULL AND overdue"
            ).scalars()
            before = self.points.marked()
            self._read_again(connection, np.union1d(np.array(list(now), dtype=np.int64), before))

    def _new(self, connection: sa.Connection) -> Ints:
        """The cases of steps after the last one seen; numbers left out between them are remembered as gaps."""
        steps = np.array(
            connection.execute(
                sa.text("SELECT id, case_id FROM case_steps WHERE id > :seen ORDER BY id"), {"seen": self._seen}
            ).all(),
            dtype=np.int64,
        ).reshape(-1, 2)
        if not len(steps):
            return steps[:, 1]
        last = int(steps[-1, 0])
        if last - self._seen - len(steps) <= MOST_GAPS:
            gaps = np.setdiff1d(np.arange(self._seen + 1, last), steps[:, 0], assume_unique=True)
            self._gaps = np.concatenate([self._gaps, gaps])
            self._gaps_since = np.concatenate([self._gaps_since, np.full(len(gaps), self.clock())])
        self._seen = last
        return steps[:, 1]

    def _late(self, connection: sa.Connection) -> Ints:
        """The cases of steps whose numbers were missing when later ones were there already."""
        young = self._gaps_since > self.clock() - GAP_SECONDS
        self._gaps, self._gaps_since = self._gaps[young], self._gaps_since[young]
        if not len(self._gaps):
            return np.zeros(0, dtype=np.int64)
        rows = with_keys(connection, "SELECT id, case_id FROM case_steps WHERE id IN (:keys)", self._gaps.tolist())
        found = np.array([tuple(row) for row in rows], dtype=np.int64).reshape(-1, 2)
        waiting = ~np.isin(self._gaps, found[:, 0])
        self._gaps, self._gaps_since = self._gaps[waiting], self._gaps_since[waiting]
        return found[:, 1]

    def _forget_gaps(self) -> None:
        self._gaps = self._gaps_since = np.zeros(0, dtype=np.int64)

    def _read_again(self, connection: sa.Connection, ids: Ints) -> None:
        for part in _portions(ids):
            self._put(with_keys(connection, f"{_SELECT} WHERE id IN (:keys)", part.tolist()))

    def _put(self, rows: Sequence[Any]) -> None:
        values = np.array([tuple(row) for row in rows], dtype=np.float64).reshape(-1, len(_FIELDS) + 2).T
        named = dict(zip((*_FIELDS, "overdue", "counted"), values, strict=True))
        self.points.put(named["id"].astype(np.int64), self._columns(named), named["counted"] > 0)

    def _columns(self, named: dict[str, Floats]) -> Columns:
        placing = named["placing"].astype(np.int64)
        here = placing == HERE
        place = self.bins.of(np.where(here, named["longitude"], 0.0), np.where(here, named["latitude"], 0.0))
        due = np.where(named["overdue"] > 0, named["due_at"], np.nan)
        return {
            "bin": np.where(here, place, self.points.off_map(placing)).astype(np.uint32),
            "category": named["category_id"].astype(np.uint32),
            "position": self.areas.position_of_id[named["area_id"].astype(np.int64)].astype(np.uint32),
            "day": self._days(named["reported_at"]),
            "ended": self._days(named["ended_at"]),
            "due": self._days(due),
            "source": named["source_id"].astype(np.uint16),
            "kind": named["kind"].astype(np.uint8),
        }

    def _days(self, epochs: Floats) -> npt.NDArray[np.uint16]:
        known = np.isfinite(epochs)
        days = np.clip(self.zone.days(np.where(known, epochs, 0.0)), 0, LAST_DAY)
        return np.where(known, days, NO_DAY).astype(np.uint16)


def _portions(ids: Ints) -> Iterator[Ints]:
    yield from (ids[start : start + PAGE] for start in range(0, len(ids), PAGE))

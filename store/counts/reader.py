"""Reading counts: one small question to the database a snapshot, everything else from memory."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from domain.cases import PLACINGS
from domain.contributions import MEASURE_INDEX, Deltas, unpack_cells
from store.areas import AreaIndex
from store.counts.packing import unpack
from store.counts.slices import Slice
from store.engine import read
from store.schema import checkpoints, count_batch

__all__ = ["Counts", "Slice", "Snapshot"]

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Snapshot:
    """The counts as of one commit; never changes."""

    version: str
    areas: AreaIndex
    deltas: Deltas

    def totals(self, measures: Sequence[str], first: int | None, last: int, part: Slice) -> dict[str, int]:
        """The sum of each measure over the days first … last (None = from the beginning)."""
        return {name: int(self.deltas.n[self._mask(name, first, last, part)].sum()) for name in measures}

    def by_area(self, measure: str, first: int | None, last: int, part: Slice) -> Ints:
        """Each area's own number (not its descendants'), shape (areas,)."""
        return self._grouped(self._columns["position"], len(self.areas), self._mask(measure, first, last, part))

    def by_day(self, measure: str, first: int, last: int, part: Slice) -> Ints:
        """The number of each day, shape (last - first + 1,)."""
        mask = self._mask(measure, first, last, part)
        return self._grouped(self.deltas.day.astype(np.int64) - first, last - first + 1, mask)

    def by_category(self, measure: str, first: int | None, last: int, part: Slice) -> dict[int, int]:
        """The number of each category id that has one."""
        category = self._columns["category"]
        sums = self._grouped(category, int(category.max(initial=0)) + 1, self._mask(measure, first, last, part))
        return {int(i): int(sums[i]) for i in np.flatnonzero(sums)}

    def by_placing(self, measure: str, first: int | None, last: int, part: Slice) -> Ints:
        """The number of each placing (domain.cases.PLACINGS), shape (4,)."""
        return self._grouped(self._columns["placing"], len(PLACINGS), self._mask(measure, first, last, part))

    def bounds(self, measure: str) -> tuple[int, int] | None:
        """The first and the last day with a number of this measure, or None."""
        days = self.deltas.day[self.deltas.measure == MEASURE_INDEX[measure]]
        return (int(days.min()), int(days.max())) if len(days) else None

    @cached_property
    def _columns(self) -> dict[str, Ints]:
        columns = unpack_cells(self.deltas.cell)
        return columns | {"position": self.areas.position_of_id[columns["area"]]}

    def _mask(self, measure: str, first: int | None, last: int, part: Slice) -> npt.NDArray[np.bool_]:
        columns, day = self._columns, self.deltas.day
        mask = (self.deltas.measure == MEASURE_INDEX[measure]) & (day <= last)
        if first is not None:
            mask &= day >= first
        inside = np.zeros(len(self.areas), dtype=bool)
        for low, high in part.ranges:
            inside[low:high] = True
        mask &= inside[columns["position"]]
        for name, wanted in (
            ("kind", part.kinds), ("category", part.categories), ("source", part.sources), ("placing", part.placings),
        ):  # fmt: skip
            if wanted:
                mask &= np.isin(columns[name], wanted)
        return mask

    def _grouped(self, groups: Ints, size: int, mask: npt.NDArray[np.bool_]) -> Ints:
        sums = np.zeros(size, dtype=np.int64)
        np.add.at(sums, groups[mask], self.deltas.n[mask])
        return sums


class Counts:
    """The counts of one store for one process. Thread-safe."""

    def __init__(self, engine: sa.Engine, areas: AreaIndex, folder: Path) -> None:
        """areas: the tree the positions of slices refer to. folder: where the checkpoints' files are (var/counts)."""
        self.engine, self.areas, self.folder = engine, areas, folder
        self._lock = Lock()
        self._current: Snapshot | None = None

    def snapshot(self) -> Snapshot:
        """The counts as the newest commit has them: one tail read."""
        with self._lock, read(self.engine) as connection:
            version = self._version(connection)
            if self._current is None or self._current.version != version:
                payloads = connection.execute(sa.select(count_batch.c.payload)).scalars()
                deltas = Deltas.joined(unpack(bytes(p)) for p in payloads).summed()
                self._current = Snapshot(version, self.areas, deltas)
            return self._current

    def _version(self, connection: sa.Connection) -> str:
        unsealed = count_batch.c.sealed_in.is_(None)
        g = connection.scalar(sa.select(sa.func.max(checkpoints.c.id))) or 0
        count, last = connection.execute(
            sa.select(sa.func.count(), sa.func.max(count_batch.c.id)).where(unsealed)
        ).one()
        return f"{g}.{count}.{last or 0}"

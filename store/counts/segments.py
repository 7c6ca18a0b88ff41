"""A segment: a set of batches in the form that answers; in memory or mapped from a file, never changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from domain.contributions import MEASURES
from store.counts.cells import LAYERS, Ints, cells_of
from store.counts.days import by_day
from store.counts.plans import Runs
from store.counts.series import Series
from store.counts.slices import Slice
from store.counts.tables import Table

Arrays = Mapping[str, npt.NDArray[np.signedinteger]]

SERIES = ("days", "starts", "cell", "n", "marks", "slabs", "sums")
"""The arrays of a series, named layer/measure/array; layer/keys, layer/rows and ids are the others."""


@dataclass(frozen=True, eq=False)
class Segment:
    """arrays: by name, as store.counts.building makes them. Small segments have the finest layer alone."""

    arrays: Arrays

    @cached_property
    def ids(self) -> Ints:
        """The area id of each position that the cells refer to."""
        return self.arrays["ids"]

    @cached_property
    def tables(self) -> dict[str, Table]:
        """The layers it has."""
        return {
            layer.name: Table(
                self.arrays[f"{layer.name}/keys"],
                self.arrays[f"{layer.name}/rows"],
                len(self.ids),
                self._reader(layer.name),
            )
            for layer in LAYERS
            if f"{layer.name}/keys" in self.arrays
        }

    def __len__(self) -> int:
        """How many entries it has in its finest layer."""
        return sum(len(self.arrays[f"{LAYERS[-1].name}/{measure}/n"]) for measure in MEASURES)

    def total(self, measure: str, first: int | None, last: int, part: Slice) -> int:
        """The sum over the days first … last (None = from the beginning)."""
        return self._table(part, "total").total(measure, first, last, part)

    def grouped(self, measure: str, grouping: str, first: int | None, last: int, part: Slice) -> tuple[Ints, Runs]:
        """Sums by area, category or placing, and the plan that says what the groups are."""
        return self._table(part, grouping).grouped(measure, grouping, first, last, part)

    def by_day(self, measure: str, first: int, last: int, part: Slice) -> Ints:
        """The number of each day."""
        table = self._table(part, "total")
        return by_day(table.series(measure), table.plan(part, "total"), first, last)

    def days(self, measure: str) -> list[int]:
        """The days that have entries, in order."""
        return self._smallest.series(measure).days

    def day_total(self, measure: str, day: int) -> int:
        """The sum over all cells of one day."""
        return self._smallest.series(measure).total(day)

    def entries(self, measure: str) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.signedinteger], Ints]:
        """Day, cell (its place in packed_cells) and n of every entry."""
        name = f"{LAYERS[-1].name}/{measure}"
        days = np.repeat(self.arrays[f"{name}/days"], np.diff(self.arrays[f"{name}/starts"]))
        return days.astype(np.int32), self.arrays[f"{name}/cell"], self.arrays[f"{name}/n"].astype(np.int64)

    @property
    def packed_cells(self) -> Ints:
        """Its cells as domain.contributions packs them."""
        return cells_of(self.arrays[f"{LAYERS[-1].name}/keys"], self.ids)

    @cached_property
    def _smallest(self) -> Table:
        return next(iter(self.tables.values()))

    def _table(self, part: Slice, grouping: str) -> Table:
        needed = {"category"} if part.categories or grouping == "category" else set()
        if part.sources:
            needed.add("source")
        return next(
            self.tables[layer.name]
            for layer in LAYERS
            if layer.name in self.tables and not needed.intersection(layer.without)
        )

    def _reader(self, layer: str) -> "_SeriesReader":
        return _SeriesReader(self.arrays, layer)


@dataclass(frozen=True)
class _SeriesReader:
    arrays: Arrays
    layer: str

    def __call__(self, measure: str) -> Series:
        return Series(*(self.arrays[f"{self.layer}/{measure}/{name}"] for name in SERIES))

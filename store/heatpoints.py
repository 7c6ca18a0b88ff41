"""The points of the heat map in memory: a column store of about 23 bytes a case, asked without the database.

Rows are sorted by category and day of report, so that a choice of categories and days is one slice a category; rows
that came later follow unsorted and are sorted in when they have become many. A place is kept as its bin (geo.bins).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from domain.cases import PLACINGS
from store.counts.slices import Slice

NO_DAY, LAST_DAY = 65_535, 65_534
"""Days are counted from 1970-01-01 as in domain.periods and fit into 16 bits until 2149."""

REPORTED, OPEN, OVERDUE = "reported", "open", "overdue"
LISTINGS = (REPORTED, OPEN, OVERDUE)

_DTYPES: dict[str, type[np.unsignedinteger]] = {
    "bin": np.uint32, "category": np.uint32, "position": np.uint32, "day": np.uint16, "ended": np.uint16,
    "due": np.uint16, "source": np.uint16, "kind": np.uint8,
}  # fmt: skip

Columns = dict[str, npt.NDArray[np.unsignedinteger]]
Rows = Mapping[str, npt.NDArray[Any]]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Pick:
    """Which cases: those reported in the days first … last (None = from the beginning), or open or overdue on the last.

    Of the part every choice counts but placings: they are told apart in the answer.
    """

    listing: str
    first: int | None
    last: int
    part: Slice


@dataclass(frozen=True)
class Totals:
    """How many cases are held: all, those that have ended, those marked overdue, and those marked that have ended."""

    reported: int
    ended: int
    overdue_in: int
    overdue_out: int


class HeatPoints:
    """Cases that count, as points. Not thread-safe: its owner holds a lock.

    A row is bin (places first, then one bin for each way of being off the map, then one for rows that are no more),
    category, position of the area, day of the report, day of the end or NO_DAY, day of the deadline if marked overdue
    or NO_DAY, source and kind.
    """

    def __init__(self, places: int, areas: int) -> None:
        """places: number of bins. areas: number of positions."""
        self.places, self.areas = places, areas
        self.off = places
        self.dead = places + len(PLACINGS)
        types = _DTYPES | {"position": np.uint16 if areas <= NO_DAY else np.uint32}
        self._columns: Columns = {name: np.zeros(0, dtype) for name, dtype in types.items()}
        self._row_of = np.full(0, -1, dtype=np.int32)
        self._starts: dict[int, tuple[int, int]] = {}
        self._sorted = self._used = 0
        self._totals = np.zeros(4, dtype=np.int64)

    def __len__(self) -> int:
        return int(self._totals[0])

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return sum(column.nbytes for column in self._columns.values()) + self._row_of.nbytes

    @property
    def totals(self) -> Totals:
        """Numbers to compare with the counts."""
        return Totals(*self._totals.tolist())

    def off_map(self, placing: Ints) -> Ints:
        """The bin of cases that are not on the map."""
        return np.asarray(self.off + placing)

    def counts(self, pick: Pick) -> Ints:
        """The number of cases in each bin; behind the places, of each placing off the map (domain.cases.PLACINGS)."""
        parts = [self._columns["bin"][span][mask] for span, mask in self._chosen(pick)]
        found = np.concatenate(parts) if parts else np.zeros(0, dtype=np.uint32)
        return np.bincount(found, minlength=self.dead + 1)[: self.dead]

    def put(self, ids: Ints, rows: Rows, counted: Bools) -> None:
        """Take the present state of some cases (each id once): add, replace, or with counted = False remove them."""
        if not len(ids):
            return
        self._reach(int(ids.max()))
        old = self._row_of[ids].astype(np.int64)
        known = old >= 0
        same = known & counted
        for name in ("category", "day"):
            same[known] &= self._columns[name][old[known]] == rows[name][known]
        gone = known & ~same
        self._sum(old[known], -1)
        self._columns["bin"][old[gone]] = self.dead
        self._row_of[ids[gone]] = -1
        for name, column in self._columns.items():
            column[old[same]] = rows[name][same]
        fresh = counted & ~same
        self._append(ids[fresh], {name: rows[name][fresh] for name in _DTYPES})
        self._sum(self._row_of[ids[counted]].astype(np.int64), 1)
        if self._used - self._sorted > max(20_000, self._sorted // 20):
            self.sort()

    def marked(self) -> Ints:
        """Ids of the open cases that are marked overdue."""
        ids = np.flatnonzero(self._row_of >= 0)
        rows = self._row_of[ids]
        return np.asarray(ids[(self._columns["due"][rows] != NO_DAY) & (self._columns["ended"][rows] == NO_DAY)])

    def sort(self) -> None:
        """Sort the later rows in and drop those that are no more."""
        ids = np.flatnonzero(self._row_of >= 0)
        rows = self._row_of[ids]
        key = self._columns["category"][rows].astype(np.uint64) << np.uint64(16) | self._columns["day"][rows]
        order = np.argsort(key, kind="stable")
        rows = rows[order]
        for name in _DTYPES:
            self._columns[name] = self._columns[name][rows]
        self._row_of[ids[order]] = np.arange(len(rows), dtype=np.int32)
        self._sorted = self._used = len(rows)
        category = self._columns["category"]
        edges = np.flatnonzero(np.diff(category, prepend=category[:1])) if len(category) else np.zeros(0, np.int64)
        limits = [0, *edges.tolist(), len(category)]
        self._starts = {int(category[low]): (low, high) for low, high in pairwise(limits) if low < high}

    def _append(self, ids: Ints, rows: Rows) -> None:
        end = self._used + len(ids)
        if end > len(self._columns["day"]):
            room = end + max(4_096, end // 20)
            for name, column in self._columns.items():
                grown = np.zeros(room, column.dtype)
                grown[: self._used] = column[: self._used]
                self._columns[name] = grown
        for name, column in self._columns.items():
            column[self._used : end] = rows[name]
        self._row_of[ids] = np.arange(self._used, end, dtype=np.int32)
        self._used = end

    def _reach(self, greatest: int) -> None:
        if greatest >= len(self._row_of):
            grown = np.full(max(greatest + 1, int(len(self._row_of) * 1.25)), -1, dtype=np.int32)
            grown[: len(self._row_of)] = self._row_of
            self._row_of = grown

    def _sum(self, rows: Ints, sign: int) -> None:
        ended, due = self._columns["ended"][rows] != NO_DAY, self._columns["due"][rows] != NO_DAY
        self._totals += sign * np.array([len(rows), ended.sum(), due.sum(), (ended & due).sum()])

    def _chosen(self, pick: Pick) -> Iterator[tuple[slice, Bools | slice]]:
        """Slices of rows, each with what is chosen of it."""
        days = self._columns["day"]
        window = np.array(_window(pick), dtype=days.dtype)  # of their type, or every slice would be converted first
        for category in pick.part.categories or self._starts:
            start, end = self._starts.get(category, (0, 0))
            first, last = (start + int(i) for i in np.searchsorted(days[start:end], window))
            if first < last:
                yield slice(first, last), self._mask(pick, slice(first, last))
        if self._sorted < self._used:
            yield self._later(pick)

    def _later(self, pick: Pick) -> tuple[slice, Bools]:
        span = slice(self._sorted, self._used)
        low, high = _window(pick)
        day = self._columns["day"][span]
        mask = (day >= low) & (day < high)
        if pick.part.categories:
            mask &= np.isin(self._columns["category"][span], pick.part.categories)
        narrower = self._mask(pick, span)
        return span, mask if isinstance(narrower, slice) else mask & narrower

    def _mask(self, pick: Pick, span: slice) -> Bools | slice:
        """What of a slice has the right state, area, kind and source; everything is a slice of its own."""
        masks: list[Bools] = []
        if pick.listing != REPORTED:
            masks.append(self._columns["ended"][span] > _clipped(pick.last))
        if pick.listing == OVERDUE:
            masks.append(self._columns["due"][span] <= _clipped(pick.last))
        if pick.part.ranges != ((0, self.areas),):
            inside = np.zeros(self.areas, dtype=bool)
            for low, high in pick.part.ranges:
                inside[low:high] = True
            masks.append(inside[self._columns["position"][span]])
        for name, wanted in (("kind", pick.part.kinds), ("source", pick.part.sources)):
            if wanted:
                masks.append(np.isin(self._columns[name][span], wanted))
        return np.logical_and.reduce(masks) if masks else slice(None)


def _window(pick: Pick) -> tuple[int, int]:
    """The half-open range of days of report to look at."""
    if pick.listing == OVERDUE:
        return 0, NO_DAY
    first = pick.first if pick.listing == REPORTED and pick.first is not None else 0
    return _clipped(first), _clipped(pick.last) + 1


def _clipped(day: int) -> int:
    return min(max(day, 0), LAST_DAY)

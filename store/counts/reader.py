"""Reading counts: one small question to the database a snapshot, everything else from memory."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from domain.cases import PLACINGS
from store.areas import AreaIndex
from store.counts.probe import probe
from store.counts.segments import Segment
from store.counts.slices import Slice
from store.counts.tail import Tail, advanced
from store.engine import read

__all__ = ["Counts", "Slice", "Snapshot"]

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Snapshot:
    """The counts as of one commit; never changes, so that any thread may use it for as long as it likes.

    Days are day numbers of domain.periods; `first` None = from the beginning. Each answer costs the same whatever the
    number of cases.
    """

    version: str
    areas: AreaIndex
    segments: tuple[Segment, ...]

    def totals(self, measures: Sequence[str], first: int | None, last: int, part: Slice) -> dict[str, int]:
        """The sum of each measure over the days first … last."""
        return {name: sum(s.total(name, first, last, part) for s in self.segments) for name in measures}

    def by_area(self, measure: str, first: int | None, last: int, part: Slice) -> Ints:
        """Each area's own number, in order of position and without its descendants'; shape (areas,)."""
        return self._summed(measure, "area", len(self.areas), first, last, part)

    def by_placing(self, measure: str, first: int | None, last: int, part: Slice) -> Ints:
        """The number of each placing (domain.cases.PLACINGS); shape (4,)."""
        return self._summed(measure, "placing", len(PLACINGS), first, last, part)

    def by_day(self, measure: str, first: int, last: int, part: Slice) -> Ints:
        """The number of each day; shape (last - first + 1,)."""
        numbers = np.zeros(last - first + 1, dtype=np.int64)
        for segment in self.segments:
            numbers += segment.by_day(measure, first, last, part)
        return numbers

    def by_category(self, measure: str, first: int | None, last: int, part: Slice) -> dict[int, int]:
        """The number of each category id, those with none left out."""
        sums: dict[int, int] = {}
        for segment in self.segments:
            numbers, plan = segment.grouped(measure, "category", first, last, part)
            for name, number in zip(plan.names.tolist(), numbers.tolist(), strict=True):
                sums[name] = sums.get(name, 0) + number
        return {name: number for name, number in sums.items() if number}

    def bounds(self, measure: str) -> tuple[int, int] | None:
        """The first and the last day with a number of this measure, or None."""
        days = sorted({day for segment in self.segments for day in segment.days(measure)})
        first = self._first_with_number(measure, days)
        last = self._first_with_number(measure, reversed(days))
        return None if first is None or last is None else (first, last)

    def _summed(self, measure: str, grouping: str, size: int, first: int | None, last: int, part: Slice) -> Ints:
        answers = [segment.grouped(measure, grouping, first, last, part)[0] for segment in self.segments]
        return sum(answers[1:], start=answers[0]) if answers else np.zeros(size, dtype=np.int64)

    def _first_with_number(self, measure: str, days: Iterable[int]) -> int | None:
        # A cell's number is never below zero, so that a day's total is zero only where every cell's is.
        return next((day for day in days if sum(s.day_total(measure, day) for s in self.segments)), None)


class Counts:
    """The counts of one store for one process. Thread-safe.

    After an import of boundaries make a new one: positions are those of the tree it was given, and what lies in areas
    that this tree does not have is in no slice.
    """

    def __init__(self, engine: sa.Engine, areas: AreaIndex, folder: Path) -> None:
        """areas: the tree the positions of slices refer to. folder: where the checkpoints' files are (var/counts)."""
        self.engine, self.areas, self.folder = engine, areas, folder
        self._lock = Lock()
        self._probe = probe(engine)
        self._mark: Hashable = None
        self._tail: Tail | None = None
        self._snapshot: Snapshot | None = None

    def snapshot(self) -> Snapshot:
        """The counts as the newest commit has them: one tail read. Raises the driver's or SQLAlchemy's DBAPI errors."""
        with self._lock:
            # The mark is read first: a commit that comes in between only makes us look once more.
            mark = self._probe.mark()
            if self._snapshot is None or mark != self._mark:
                with read(self.engine) as connection:
                    self._tail = advanced(self._tail, connection, self.folder, self.areas)
                self._snapshot = self._seen(self._tail)
                self._mark = mark
            return self._snapshot

    def at_hand(self) -> Snapshot | None:
        """The snapshot that a thread which must not wait can have: None where something has to be read or waited for."""
        if not self._probe.local or not self._lock.acquire(blocking=False):
            return None
        try:
            return self._snapshot if self._snapshot is not None and self._probe.mark() == self._mark else None
        finally:
            self._lock.release()

    def at(self, connection: sa.Connection) -> Snapshot:
        """The counts in the snapshot that this connection reads from, for numbers that must equal rows read with them."""
        with self._lock:
            tail = self._tail
        return self._seen(advanced(tail, connection, self.folder, self.areas))

    def close(self) -> None:
        """Let go of the connection that asks for news; the next snapshot makes another."""
        with self._lock:
            self._probe.close()

    def _seen(self, tail: Tail) -> Snapshot:
        return Snapshot(tail.version, self.areas, tail.segments)

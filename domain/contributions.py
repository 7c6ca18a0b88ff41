"""What a case counts for. This is the only definition; every figure is a sum of these numbers.

A contribution is (measure, day, cell, n). A write appends f(new) - f(old); nothing else ever changes a figure, so late
rows, moves, voids, merges and reopens need no case of their own.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from domain.cases import CLOSED, ENDED, LEVELS, NOT_COUNTED, STATUSES
from domain.periods import SiteZone

MEASURES = (
    "reported", "responded", "response_seconds", "online", "online_known", "closed", "rated", "satisfied",
    "basically", "ended", "on_time", "overdue_in", "overdue_out",
)  # fmt: skip
"""Days: reported, responded, response_seconds, online and online_known on the day of the report; closed, rated,
satisfied and basically on the last closing day; ended and overdue_out on the day of any end (ended not before the day of
the report, so that a case that contradicts itself is never open in part); on_time and overdue_in on the day of the
deadline."""

MEASURE_INDEX = {name: index for index, name in enumerate(MEASURES)}

_FIELDS = (("area", 24), ("placing", 2), ("kind", 2), ("category", 20), ("source", 14))


def pack_cells(
    area: npt.ArrayLike, placing: npt.ArrayLike, kind: npt.ArrayLike, category: npt.ArrayLike, source: npt.ArrayLike
) -> npt.NDArray[np.int64]:
    """One int64 a row for (area id, placing, kind index, category id, source id): the cell a case counts in."""
    packed = np.zeros(np.broadcast(area, placing, kind, category, source).shape, dtype=np.int64)
    for (_, bits), value in zip(_FIELDS, (area, placing, kind, category, source), strict=True):
        packed = (packed << bits) | np.asarray(value, dtype=np.int64)
    return packed


def unpack_cells(cells: npt.NDArray[np.int64]) -> dict[str, npt.NDArray[np.int64]]:
    """The columns area, placing, kind, category, source of packed cells."""
    columns: dict[str, npt.NDArray[np.int64]] = {}
    rest = np.asarray(cells, dtype=np.int64)
    for name, bits in reversed(_FIELDS):
        columns[name] = rest & ((1 << bits) - 1)
        rest = rest >> bits
    return columns


@dataclass(frozen=True)
class CaseColumns:
    """The columns of cases that decide what they count for; arrays of one length.

    cell int64 (pack_cells) · status str · times float64 epoch seconds, NaN = none · online int8 (1 yes, 0 no, -1
    unknown) · level int8 (index in LEVELS of the last valid rating, -1 none) · overdue bool (marked past its deadline)
    """

    cell: npt.NDArray[np.int64]
    status: npt.NDArray[np.object_]
    reported_at: npt.NDArray[np.float64]
    first_response_at: npt.NDArray[np.float64]
    due_at: npt.NDArray[np.float64]
    closed_at: npt.NDArray[np.float64]
    online: npt.NDArray[np.int8]
    level: npt.NDArray[np.int8]
    overdue: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Deltas:
    """Signed numbers to add: measure (index in MEASURES, uint8), day int32, cell int64, n int64."""

    measure: npt.NDArray[np.uint8]
    day: npt.NDArray[np.int32]
    cell: npt.NDArray[np.int64]
    n: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.n)

    def __neg__(self) -> "Deltas":
        return Deltas(self.measure, self.day, self.cell, -self.n)

    @staticmethod
    def joined(parts: Iterable["Deltas"]) -> "Deltas":
        """All parts behind one another."""
        many = list(parts)
        if not many:
            return Deltas(np.zeros(0, np.uint8), np.zeros(0, np.int32), np.zeros(0, np.int64), np.zeros(0, np.int64))
        return Deltas(
            np.concatenate([p.measure for p in many]),
            np.concatenate([p.day for p in many]),
            np.concatenate([p.cell for p in many]),
            np.concatenate([p.n for p in many]),
        )

    def summed(self) -> "Deltas":
        """One entry a (measure, day, cell), zeros left out, in that order."""
        if not len(self):
            return self
        order = np.lexsort((self.cell, self.day, self.measure))
        measure, day, cell, n = self.measure[order], self.day[order], self.cell[order], self.n[order]
        first = np.ones(len(n), dtype=bool)
        first[1:] = (measure[1:] != measure[:-1]) | (day[1:] != day[:-1]) | (cell[1:] != cell[:-1])
        total = np.add.reduceat(n, np.flatnonzero(first))
        keep = total != 0
        return Deltas(measure[first][keep], day[first][keep], cell[first][keep], total[keep])


_CODES = {name: index for index, name in enumerate(STATUSES)}
_COUNTS, _ENDS, _CLOSES = (
    np.asarray([name in wanted for name in STATUSES]) for wanted in (frozenset(STATUSES) - NOT_COUNTED, ENDED, CLOSED)
)


def _codes(status: npt.NDArray[np.object_]) -> npt.NDArray[np.int8]:
    return np.fromiter(map(_CODES.__getitem__, status), dtype=np.int8, count=len(status))


def is_ended(status: npt.NDArray[np.object_]) -> npt.NDArray[np.bool_]:
    """Which of these states end a case."""
    return np.asarray(_ENDS[_codes(status)])


def late(
    status: npt.NDArray[np.object_], due_at: npt.NDArray[np.float64], closed_at: npt.NDArray[np.float64], now: float
) -> npt.NDArray[np.bool_]:
    """Which cases are past their deadline: ended after it, or still open at `now` (epoch seconds) after it.

    A case that has ended nobody knows when counts as open here as in every figure.
    """
    until = np.where(is_ended(status) & np.isfinite(closed_at), closed_at, now)
    return np.asarray(until > due_at, dtype=bool)


def contributions(cases: CaseColumns, zone: SiteZone) -> Deltas:
    """What these cases count for, one entry a (case, measure); not summed."""
    state = _codes(cases.status)
    counted = _COUNTS[state]
    ended = counted & _ENDS[state] & np.isfinite(cases.closed_at)
    closed = ended & _CLOSES[state]
    rated = closed & (cases.level >= 0)
    responded = counted & (cases.first_response_at >= cases.reported_at)
    overdue = counted & cases.overdue & np.isfinite(cases.due_at)
    on_time = ended & (cases.closed_at <= cases.due_at)
    reported_day, closed_day, due_day = (zone.days(t) for t in (cases.reported_at, cases.closed_at, cases.due_at))
    seconds = np.where(responded, cases.first_response_at - cases.reported_at, 0).astype(np.int64)

    rows: dict[str, tuple[npt.NDArray[np.bool_], npt.NDArray[np.int32]]] = {
        "reported": (counted, reported_day),
        "responded": (responded, reported_day),
        "response_seconds": (responded & (seconds > 0), reported_day),
        "online": (counted & (cases.online == 1), reported_day),
        "online_known": (counted & (cases.online >= 0), reported_day),
        "closed": (closed, closed_day),
        "rated": (rated, closed_day),
        "satisfied": (rated & (cases.level == LEVELS.index("satisfied")), closed_day),
        "basically": (rated & (cases.level == LEVELS.index("basically")), closed_day),
        "ended": (ended, np.maximum(closed_day, reported_day)),
        "on_time": (on_time, due_day),
        "overdue_in": (overdue, due_day),
        "overdue_out": (overdue & ended, closed_day),
    }
    parts = []
    for name, (mask, days) in rows.items():
        which = np.flatnonzero(mask)
        n = seconds[which] if name == "response_seconds" else np.ones(len(which), dtype=np.int64)
        measure = np.full(len(which), MEASURE_INDEX[name], dtype=np.uint8)
        parts.append(Deltas(measure, days[which], cases.cell[which], n))
    return Deltas.joined(parts)

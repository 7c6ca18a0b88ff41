"""Readings of a batch beside those that stand: in order of series, moment and arrival."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import sqlalchemy as sa

from store import readings

NEVER = np.iinfo(np.int64).min

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Sequence:
    """Readings in order of series, moment and arrival; what is stored stands before what comes."""

    series: Ints
    at: Ints
    value: npt.NDArray[np.float64]
    quality: npt.NDArray[np.object_]
    known_at: Ints
    is_stored: Flags

    @property
    def follows(self) -> Flags:
        """Whether each has the series and moment of the one before it."""
        same = (self.series[1:] == self.series[:-1]) & (self.at[1:] == self.at[:-1])
        return np.concatenate(([False], same))

    @property
    def differs(self) -> Flags:
        """Whether each says something else than the one before it."""
        other = (self.value[1:] != self.value[:-1]) | (self.quality[1:] != self.quality[:-1])
        return np.concatenate(([True], other.astype(bool)))

    def rows(self, where: Flags) -> list[tuple[Any, ...]]:
        """The columns of store.readings.READING of some of them."""
        columns = (self.series, self.at, self.value, self.quality, self.known_at)
        return list(zip(*(column[where].tolist() for column in columns), strict=True))


def in_order(connection: sa.Connection, rows: pd.DataFrame, series: Ints, known: Iterable[Any], now: int) -> Sequence:
    """What comes, and what stands already of the same keys; a key newer than its series' last needs no look."""
    at = rows["observed_at"].to_numpy(np.int64)
    told, each = np.unique(series, return_inverse=True)
    last = {row.id: row.last_at for row in known if row.last_at is not None}
    old = at <= np.array([last.get(number, NEVER) for number in told.tolist()], dtype=np.int64)[each]
    found = readings.stored(connection, *distinct(series[old], at[old]))
    n = len(found)
    quality = rows["quality"].to_numpy(object).copy()
    quality[pd.isna(quality)] = None
    comes: list[Any] = [series, at, rows["value"].to_numpy(np.float64), quality, np.full(len(at), now)]
    columns: list[Any] = [
        np.concatenate((np.array([row[number] for row in found], dtype=column.dtype), column))
        for number, column in enumerate(comes)
    ]
    columns.append(np.arange(n + len(at)) < n)
    order = np.lexsort((columns[1], columns[0]))  # a stable sort: what stands before what comes
    return Sequence(*(column[order] for column in columns))


def distinct(series: Ints, at: Ints) -> tuple[Ints, Ints]:
    """The (series, moment) pairs without those that come again, in order."""
    order = np.lexsort((at, series))
    series, at = series[order], at[order]
    first = np.append(True, (series[1:] != series[:-1]) | (at[1:] != at[:-1]))[: len(at)]
    return series[first], at[first]

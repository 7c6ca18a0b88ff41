"""Take a batch of readings: each finds its sensor, and what a later one corrects stays on record.

The rows of a batch count in their order, as if each came alone: of a reading that comes twice the later stands, and the
outcome does not depend on where batches begin.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import sqlalchemy as sa

from actions.site import Site
from actions.taken import Rejected, Taken
from domain.cases import NO_PLACE
from domain.rollups import dirty
from store import readings
from store.locks import lock_sensors

AMBIGUOUS = -1
"""In place of a sensor's id: several sources have one of that name."""

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


def take_readings(
    connection: sa.Connection, site: Site, source_id: int, frame: pd.DataFrame, *, now: int, backfill: bool
) -> Taken:
    """Upsert a reading frame (domain.records) of one source, by series and time, in the caller's transaction.

    A sensor is one of the same source, else the only one of another; of several the reading is rejected, and where
    there is none, one is made that waits for its description. What a write changes it marks for the rollups.
    """
    del backfill
    sensor = _sensors(connection, site, source_id, frame["sensor"])
    fit = sensor != AMBIGUOUS
    rejected = _ambiguous(frame, ~fit)
    if not fit.any():
        return Taken(0, 0, rejected)
    rows = frame[fit]
    pairs = list(zip(sensor[fit].tolist(), rows["measure"], strict=True))
    known = readings.series_of(connection, sorted(set(pairs)))
    series = np.array([known[pair].id for pair in pairs], dtype=np.int64)
    kept = _write(connection, _in_order(connection, rows, series, known.values(), now), now)
    _tell_last(connection, rows, series, known.values())
    return Taken(kept, int(fit.sum()) - kept, rejected)


def _sensors(connection: sa.Connection, site: Site, source_id: int, names: "pd.Series[str]") -> Ints:
    """Sensor id of each row, or AMBIGUOUS. Those that nobody has told of are made, as of the whole site."""
    wanted = names.unique().tolist()
    chosen = _chosen(readings.sensors_called(connection, wanted), source_id)
    if any(name not in chosen for name in wanted):
        lock_sensors(connection)
        chosen = _chosen(readings.sensors_called(connection, wanted), source_id)
        missing = [name for name in wanted if name not in chosen]
        readings.add_unknown(connection, source_id, missing, area_id=int(site.areas.ids[0]), placing=NO_PLACE)
        chosen = _chosen(readings.sensors_called(connection, wanted), source_id)
    return np.array([chosen[name] for name in names], dtype=np.int64)


def _chosen(found: Iterable[Any], source_id: int) -> dict[str, int]:
    own = {row.external_id: row.id for row in found if row.source_id == source_id}
    others: dict[str, int] = {}
    for row in found:
        others[row.external_id] = AMBIGUOUS if row.external_id in others else row.id
    return others | own


def _ambiguous(frame: pd.DataFrame, refused: Flags) -> tuple[Rejected, ...]:
    positions, names = np.flatnonzero(refused), frame["sensor"].to_numpy(object)
    if not len(positions):
        return ()
    why = "exists in several sources; make the sensor ids of the sources differ"
    return (Rejected(positions, "ambiguous_sensor", lambda i: f"sensor '{names[i]}' {why}"),)


def _in_order(connection: sa.Connection, rows: pd.DataFrame, series: Ints, known: Iterable[Any], now: int) -> Sequence:
    """What comes, and what stands already of the same keys; a key newer than its series' last needs no look."""
    at = rows["observed_at"].to_numpy(np.int64)
    last = {row.id: row.last_at for row in known if row.last_at is not None}
    old = np.array(
        [moment <= last.get(number, moment - 1) for number, moment in zip(series, at, strict=True)], dtype=bool
    )
    keys = np.unique(np.column_stack((series[old], at[old])), axis=0)
    found = readings.stored(connection, keys[:, 0], keys[:, 1])
    n = len(found)
    quality = rows["quality"].to_numpy(object)
    columns = (
        np.concatenate((np.array([row[0] for row in found], dtype=np.int64), series)),
        np.concatenate((np.array([row[1] for row in found], dtype=np.int64), at)),
        np.concatenate((np.array([row[2] for row in found], dtype=np.float64), rows["value"].to_numpy(np.float64))),
        np.concatenate((np.array([row[3] for row in found], dtype=object), np.where(pd.isna(quality), None, quality))),
        np.concatenate((np.array([row[4] for row in found], dtype=np.int64), np.full(len(at), now))),
        np.arange(n + len(at)) < n,
    )
    order = np.lexsort((np.arange(n + len(at)), columns[1], columns[0]))
    return Sequence(*(column[order] for column in columns))


def _write(connection: sa.Connection, sequence: Sequence, now: int) -> int:
    """Store what changes; how many of the rows that came said something new."""
    follows = sequence.follows
    says = ~follows | sequence.differs
    group = np.cumsum(~follows)
    spoken = np.flatnonzero(says)
    stands = np.zeros(len(says), dtype=bool)
    stands[spoken[np.concatenate((group[spoken][1:] != group[spoken][:-1], [True]))]] = True
    was_there = np.isin(group, group[sequence.is_stored])
    fresh = stands & ~sequence.is_stored
    before = [(*row, now) for row in sequence.rows(says & ~stands)]
    readings.add(connection, sequence.rows(fresh & ~was_there))
    readings.replace(connection, sequence.rows(fresh & was_there), before)
    readings.mark(connection, dirty(sequence.series[fresh], sequence.at[fresh]))
    return int((says & ~sequence.is_stored).sum())


def _tell_last(connection: sa.Connection, rows: pd.DataFrame, series: Ints, known: Iterable[Any]) -> None:
    """The newest observation of each series, and the unit that was told last."""
    told = {row.id: row for row in known}
    frame = rows.assign(series=series).sort_values("observed_at", kind="stable")
    units = frame.dropna(subset="unit").groupby("series")["unit"].last().to_dict()
    newest = frame.drop_duplicates("series", keep="last")
    changes = [
        {
            "row": number, "at": int(at), "value": float(value), "quality": quality if isinstance(quality, str) else None,
            "told": units.get(number, told[number].unit),
        }
        for number, at, value, quality in zip(*(newest[n] for n in ("series", "observed_at", "value", "quality")), strict=True)
        if told[number].last_at is None or at >= told[number].last_at
    ]  # fmt: skip
    readings.tell_last(connection, changes)

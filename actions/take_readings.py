"""Take a batch of readings: each finds its sensor, and what a later one corrects stays on record.

The rows of a batch count in their order, as if each came alone: of a reading that comes twice the later stands, and the
outcome does not depend on where batches begin.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

from actions.reading_order import Flags, Ints, Sequence, in_order
from actions.site import Site
from actions.taken import Rejected, Taken
from domain.cases import NO_PLACE
from domain.rollups import dirty
from store import readings
from store.locks import lock_sensors

AMBIGUOUS = -1
"""In place of a sensor's id: several sources have one of that name."""


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
    rows = frame if fit.all() else frame[fit]
    series, known = _series(connection, sensor[fit], rows["measure"])
    kept = _write(connection, in_order(connection, rows, series, known, now), now)
    _tell_last(connection, rows, series, known)
    return Taken(kept, int(fit.sum()) - kept, rejected)


def _sensors(connection: sa.Connection, site: Site, source_id: int, names: "pd.Series[str]") -> Ints:
    """Sensor id of each row, or AMBIGUOUS. Those that nobody has told of are made, as of the whole site."""
    numbers, found = pd.factorize(names.to_numpy(object))
    wanted = found.tolist()
    chosen = _chosen(readings.sensors_called(connection, wanted), source_id)
    if any(name not in chosen for name in wanted):
        lock_sensors(connection)
        chosen = _chosen(readings.sensors_called(connection, wanted), source_id)
        missing = [name for name in wanted if name not in chosen]
        readings.add_unknown(connection, source_id, missing, area_id=int(site.areas.ids[0]), placing=NO_PLACE)
        chosen = _chosen(readings.sensors_called(connection, wanted), source_id)
    return np.array([chosen[name] for name in wanted], dtype=np.int64)[numbers]


def _series(connection: sa.Connection, sensor: Ints, measure: "pd.Series[str]") -> tuple[Ints, list[Any]]:
    """Series id of each row, and the rows of those series."""
    numbers, names = pd.factorize(measure.to_numpy(object))
    keys, each = np.unique(sensor * len(names) + numbers, return_inverse=True)
    pairs = [(key // len(names), names[key % len(names)]) for key in keys.tolist()]
    known = readings.series_of(connection, pairs)
    return np.array([known[pair].id for pair in pairs], dtype=np.int64)[each], list(known.values())


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
    at, value, quality, unit = (rows[name].to_numpy() for name in ("observed_at", "value", "quality", "unit"))
    order = np.lexsort((at, series))
    with_unit = order[~pd.isna(unit[order])]
    units = dict(zip(series[with_unit].tolist(), unit[with_unit].tolist(), strict=True))
    told = {row.id: row for row in known}
    newest = order[np.flatnonzero(np.append(series[order][1:] != series[order][:-1], True))]
    changes = [
        {
            "row": number, "at": int(moment), "value": amount, "quality": said if isinstance(said, str) else None,
            "told": units.get(number, told[number].unit),
        }
        for number, moment, amount, said in zip(*(column[newest].tolist() for column in (series, at, value, quality)), strict=True)
        if told[number].last_at is None or moment >= told[number].last_at
    ]  # fmt: skip
    readings.tell_last(connection, changes)

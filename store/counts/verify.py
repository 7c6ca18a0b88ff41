"""Proving the counts: rows against batches, batches against the files, and making everything anew."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import sqlalchemy as sa

from domain.cases import KINDS, PLACINGS
from domain.contributions import MEASURES, Deltas, contributions, unpack_cells
from domain.periods import SiteZone, date_of
from store.areas import AreaIndex, read_areas
from store.cases import columns_of
from store.counts.batches import append
from store.counts.folders import attach, newest
from store.counts.inspection import deltas_of, faults
from store.counts.packing import unpack
from store.counts.prints import Prints, printed
from store.counts.recount import pages, recount, recounted
from store.counts.seal import seal
from store.engine import read, write
from store.schema import cases, categories, checkpoints, count_batch, sources

__all__ = ["Locate", "Places", "rebuild", "recount", "verify"]

PLACE = ("longitude", "latitude", "area_code")
_SAID = 20
"""Differences told one by one; a wrong zone would give thousands."""


@dataclass(frozen=True)
class Places:
    """Where cases are, as their sources said; arrays of one length.

    longitude, latitude float64 (WGS-84, NaN = none) · area_code object (str or None) · placing int8 as it stands
    """

    longitude: npt.NDArray[np.float64]
    latitude: npt.NDArray[np.float64]
    area_code: npt.NDArray[np.object_]
    placing: npt.NDArray[np.int8]


Locate = Callable[[Places], tuple[npt.NDArray[np.int64], npt.NDArray[np.int8]]]
"""The area id and the placing (index in PLACINGS) of each case."""


def verify(engine: sa.Engine, zone: SiteZone, folder: Path | None = None) -> list[str]:
    """Count the rows anew and compare; every difference as one sentence, none when the counts hold.

    One snapshot of the data, so that writers may go on. Memory grows with the number of days, not of cases. With a
    folder (var/counts), the files of the newest checkpoint are held against the batches that they sum up as well.
    """
    with read(engine) as connection:
        areas = read_areas(connection)
        wrong = _different(printed(_batches(connection)), printed(recounted(connection, zone)))
        found = list(_told(connection, zone, areas, wrong)) if wrong else []
        if folder is not None:
            found += _file_differences(connection, folder, areas)
    return found


def rebuild(engine: sa.Engine, folder: Path, zone: SiteZone, *, now: int, locate: Locate | None = None) -> None:
    """Replace all batches by a recount of the rows, in one transaction that lets no writer in.

    locate: place the cases anew first, for changed boundaries. now: epoch seconds. Readers see either all of the old or
    all of the new.
    """
    with write(engine) as connection:
        _lock(connection)
        old = connection.scalar(sa.select(sa.func.max(count_batch.c.id))) or 0
        g, _ = newest(connection)
        for rows in pages(connection, *PLACE):
            placed = rows if locate is None else _placed(connection, rows, locate)
            append(connection, contributions(columns_of(placed), zone), known_at=now, backfill=True)
        # New batches before the old ones go: SQLite would give their numbers again.
        connection.execute(sa.delete(count_batch).where(count_batch.c.id <= old))
        connection.execute(sa.delete(checkpoints))
        # An empty checkpoint with a number of its own: readers and sealers notice that everything changed.
        connection.execute(sa.insert(checkpoints).values(id=g + 1, made_at=now, folder=""))
    while seal(engine, folder, now=now):
        pass


def _lock(connection: sa.Connection) -> None:
    """Wait for every writer and let no other begin. SQLite's write transaction is such a lock already.

    Writers read the rows they replace FOR UPDATE, if only to find none; this lock and that one exclude each other.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("LOCK TABLE cases IN EXCLUSIVE MODE")


def _placed(connection: sa.Connection, rows: pd.DataFrame, locate: Locate) -> pd.DataFrame:
    """The rows with the places that `locate` gives, which are written where they differ."""
    area, placing = locate(
        Places(
            rows["longitude"].to_numpy(object).astype(np.float64),
            rows["latitude"].to_numpy(object).astype(np.float64),
            rows["area_code"].to_numpy(object),
            rows["placing"].to_numpy(object).astype(np.int8),
        )
    )
    placed = rows.assign(area_id=area, placing=placing)
    differs = (rows["area_id"] != placed["area_id"]) | (rows["placing"] != placed["placing"])
    changed = [
        {"case": int(row.id), "area": int(row.area_id), "how": int(row.placing)}
        for row in placed[differs].itertuples(index=False)
    ]
    if changed:
        update = sa.update(cases).where(cases.c.id == sa.bindparam("case"))
        connection.execute(update.values(area_id=sa.bindparam("area"), placing=sa.bindparam("how")), changed)
    return placed


def _batches(connection: sa.Connection, until: int | None = None) -> Iterator[Deltas]:
    """Every batch, or those of the checkpoints up to one."""
    query = sa.select(count_batch.c.payload).order_by(count_batch.c.id)
    if until is not None:
        query = query.where(count_batch.c.sealed_in <= until)
    options = {"stream_results": True, "yield_per": 200}
    for payload in connection.execute(query, execution_options=options).scalars():
        yield unpack(bytes(payload))


def _different(one: Prints, other: Prints) -> list[tuple[int, int]]:
    return sorted(key for key in one.keys() | other.keys() if one.get(key) != other.get(key))


def _told(connection: sa.Connection, zone: SiteZone, areas: AreaIndex, wrong: list[tuple[int, int]]) -> Iterator[str]:
    names = _Names(connection, areas)
    few = set(wrong[:_SAID])
    counted, kept = _only(recounted(connection, zone), few), _only(_batches(connection), few)
    entries = sorted(key for key in counted.keys() | kept.keys() if counted.get(key, 0) != kept.get(key, 0))
    for key in entries[:_SAID]:
        yield f"{names.of(*key)}: the cases give {counted.get(key, 0)}, the counts say {kept.get(key, 0)}"
    if len(entries) > _SAID or len(wrong) > _SAID:
        yield f"there are more: the counts of {len(wrong)} days differ, each measure on its own; run counts rebuild"


def _only(parts: Iterator[Deltas], wanted: set[tuple[int, int]]) -> dict[tuple[int, int, int], int]:
    """(measure, day, cell) → n of the wanted measures and days."""
    found: dict[tuple[int, int, int], int] = {}
    days = np.asarray(sorted({day for _, day in wanted}))
    for part in parts:
        some = np.flatnonzero(np.isin(part.day, days))
        columns = (part.measure, part.day, part.cell, part.n)
        for measure, day, cell, n in zip(*(column[some].tolist() for column in columns), strict=True):
            if (measure, day) in wanted:
                found[measure, day, cell] = found.get((measure, day, cell), 0) + n
    return found


class _Names:
    """What the numbers of a cell stand for."""

    def __init__(self, connection: sa.Connection, areas: AreaIndex) -> None:
        self._areas = {int(i): code or "the site" for i, code in zip(areas.ids, areas.code, strict=True)}
        self._categories, self._sources = (
            {row.id: row.name for row in connection.execute(sa.select(table.c.id, table.c.name))}
            for table in (categories, sources)
        )

    def of(self, measure: int, day: int, cell: int) -> str:
        """One entry in words."""
        at = {name: int(column[0]) for name, column in unpack_cells(np.asarray([cell])).items()}
        return (
            f"{MEASURES[measure]} on {date_of(day)} in {self._areas.get(at['area'], at['area'])} "
            f"({PLACINGS[at['placing']]}), {KINDS[at['kind']] if at['kind'] < len(KINDS) else at['kind']}, "
            f"category '{self._categories.get(at['category'], at['category'])}', "
            f"source '{self._sources.get(at['source'], at['source'])}'"
        )


def _file_differences(connection: sa.Connection, folder: Path, areas: AreaIndex) -> Iterator[str]:
    """The newest checkpoint's files against the batches that they hold, and against themselves."""
    g, _ = newest(connection)
    segments = attach(connection, folder, areas)
    kept = printed(deltas for segment in segments for deltas in deltas_of(segment))
    if wrong := _different(kept, printed(_batches(connection, until=g))):
        measure, day = wrong[0]
        yield (
            f"the files of checkpoint {g} do not hold its batches: {len(wrong)} days differ, the first is "
            f"{MEASURES[measure]} on {date_of(day)}; remove the folder {folder} and they are made again"
        )
    for segment in segments:
        for fault in faults(segment):
            yield f"{fault}; remove the folder {folder} and it is made again"

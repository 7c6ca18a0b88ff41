"""Take a batch of cases into the store: one transaction, exact counts, nothing lost and nothing twice."""

from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
import pandas as pd
import sqlalchemy as sa
import xxhash

from actions.site import Site
from actions.taken import Taken, newest, unknown_areas
from domain.cases import KINDS, PINNED
from domain.contributions import CaseColumns, Deltas, contributions, is_ended, late, pack_cells
from store import bulk, cases, casework, names, schema, steps
from store.counts.batches import append
from store.locks import lock_ratings

CASE_TEXTS = ("title", "text", "channel", "department", "order_no")
CASE_TIMES = ("reported_at", "first_response_at", "due_at", "closed_at", "ended_at", "updated_at")
KIND_INDEX = {name: index for index, name in enumerate(KINDS)}


def take_cases(
    connection: sa.Connection, site: Site, source_id: int, frame: pd.DataFrame, *, now: int, backfill: bool
) -> Taken:
    """Upsert a case frame (domain.records) of one source in the caller's transaction, with steps and counts.

    The caller holds the lock of the source. Of several rows with one external id the newest counts (by updated_at,
    then by place in the frame); a row older than what is stored counts as unchanged.
    """
    area, placing, known = site.place(
        frame["longitude"].to_numpy(np.float64),
        frame["latitude"].to_numpy(np.float64),
        frame["area_code"].to_numpy(object),
        frame["pinned"].to_numpy(bool),
    )
    rejected = unknown_areas(frame, known)
    lock_ratings(connection, alone=False)
    rows = newest(frame.assign(area_id=area, placing=placing)[known], "updated_at")
    if rows.empty:
        return Taken(0, int(known.sum()), rejected)
    categories = names.category_ids(connection, rows["category"])
    new = _columns(rows, categories, source_id, now)
    old = cases.old_rows(connection, source_id, rows["external_id"].tolist())
    matched, changed, newer = _compare(new, old)
    _only_told(connection, new, old, matched, changed, now)
    fresh = matched < 0
    keep = np.flatnonzero(fresh | changed)
    cases.heard(connection, source_id, ((new["external_id"][i], new["updated_at"][i]) for i in np.flatnonzero(newer)))
    if not len(keep):
        return Taken(0, int(known.sum()), rejected)
    before = old.iloc[matched[keep][matched[keep] >= 0]]
    _carry_over(new, old, matched, _waiting_ratings(connection, new, np.flatnonzero(fresh)))
    new["id"] = np.full(len(rows), None, dtype=object)
    new["id"][~fresh] = old["id"].to_numpy(object)[matched[~fresh]]
    new["id"][fresh] = bulk.reserve_ids(connection, schema.cases, int(fresh.sum()))
    _write_rows(connection, new, fresh, keep)
    steps.append_first(connection, source_id, new["id"][fresh].tolist(), now)
    _adopt_ratings(connection, new, np.flatnonzero(fresh))
    _write_steps(connection, new, old, matched, keep, now)
    deltas = Deltas.joined(
        (contributions(_counted(rows, new, keep), site.zone), -contributions(cases.columns_of(before), site.zone))
    )
    append(connection, deltas, known_at=now, backfill=backfill)
    return Taken(len(keep), int(known.sum()) - len(keep), rejected)


def _only_told(
    connection: sa.Connection, new: dict[str, Any], old: pd.DataFrame, matched: npt.NDArray[np.int64],
    changed: npt.NDArray[np.bool_], now: int,
) -> None:  # fmt: skip
    """A case that is worked here keeps what was done here: what its source says later is a step on record, no more."""
    which = np.flatnonzero(changed)
    ids = old["id"].to_numpy(object)[matched[which]].tolist()
    worked = casework.worked(connection, ids)
    if not worked:
        return
    told = [(int(i), int(old["id"].iloc[matched[i]])) for i in which if old["id"].iloc[matched[i]] in worked]
    for index, case_id in told:
        changed[index] = False
        at = new["updated_at"][index] or now
        step = {
            "case_id": case_id,
            "at": at,
            "move": "told",
            "status": old["status"].iloc[matched[index]],
            "actor": "source",
        }
        casework.append_step(connection, {**step, "known_at": now, "note": None}, {"status": new["status"][index]})
        casework.write_case(connection, case_id, {"content_hash": new["content_hash"][index], "updated_at": at})


def _columns(rows: pd.DataFrame, categories: dict[str, int], source_id: int, now: int) -> dict[str, Any]:
    """The columns of cases to write, each an array as long as the rows; missing values as None."""
    status = rows["status"].to_numpy(object)
    closed_at = rows["closed_at"].to_numpy(np.float64)
    due_at = rows["due_at"].to_numpy(np.float64)
    ended_at = np.where(is_ended(status), closed_at, np.nan)
    columns: dict[str, Any] = {
        "source_id": np.full(len(rows), source_id, dtype=object),
        "external_id": rows["external_id"].to_numpy(object),
        "kind": np.asarray(list(map(KIND_INDEX.__getitem__, rows["kind"].tolist())), dtype=object),
        "status": status,
        "category_id": np.asarray(list(map(categories.__getitem__, rows["category"].tolist())), dtype=object),
        **{name: rows[name].to_numpy(object) for name in (*CASE_TEXTS, "online", "area_code")},
        **{name: _whole(rows[name].to_numpy(np.float64)) for name in CASE_TIMES if name != "ended_at"},
        "ended_at": _whole(ended_at),
        "area_id": rows["area_id"].to_numpy(np.int64).astype(object),
        "placing": rows["placing"].to_numpy(np.int64).astype(object),
        "longitude": _number(rows["longitude"]),
        "latitude": _number(rows["latitude"]),
        "overdue": late(status, due_at, closed_at, now).astype(object),
    }
    columns["content_hash"] = _hashes(columns)
    return columns


def _whole(values: npt.NDArray[np.float64]) -> npt.NDArray[np.object_]:
    known = np.isfinite(values)
    found = np.where(known, values, 0).astype(np.int64).astype(object)
    found[~known] = None
    return found


def _number(values: "pd.Series[float]") -> npt.NDArray[np.object_]:
    found = values.to_numpy(np.float64).astype(object)
    found[np.isnan(values.to_numpy(np.float64))] = None
    return found


_HASHED = (
    "kind", "status", "category_id", *CASE_TEXTS, "reported_at", "first_response_at", "due_at", "closed_at", "online",
    "area_code", "longitude", "latitude",
)  # fmt: skip


def _hashes(columns: dict[str, Any]) -> npt.NDArray[np.object_]:
    """A signed 64-bit hash of each record as mapped, and of whether its point is a default pin.

    What the clock (overdue) or other boundaries (area) change stays out, and so does the update time.
    """
    pinned = (columns["placing"] == PINNED).tolist()
    rows = zip(*(columns[name].tolist() for name in _HASHED), pinned, strict=True)
    found = [xxhash.xxh3_64_intdigest(orjson.dumps(row)) - (1 << 63) for row in rows]
    return np.asarray(found, dtype=object)


def _compare(
    new: dict[str, Any], old: pd.DataFrame
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """For each new row: the row of `old` with its external id (-1 none); if it changes that; if it is only newer."""
    matched = np.full(len(new["external_id"]), -1, dtype=np.int64)
    changed, newer = np.zeros(len(matched), dtype=bool), np.zeros(len(matched), dtype=bool)
    if old.empty:
        return matched, changed, newer
    where = {key: index for index, key in enumerate(old["external_id"])}
    matched[:] = [where.get(key, -1) for key in new["external_id"]]
    hashes, updated = old["content_hash"].to_numpy(object), old["updated_at"].to_numpy(object)
    for index in np.flatnonzero(matched >= 0):
        stored, coming = updated[matched[index]], new["updated_at"][index]
        older = stored is not None and coming is not None and coming < stored
        equal = hashes[matched[index]] == new["content_hash"][index]
        changed[index] = not older and not equal
        newer[index] = equal and coming is not None and (stored is None or coming > stored)
    return matched, changed, newer


def _waiting_ratings(
    connection: sa.Connection, new: dict[str, Any], fresh: npt.NDArray[np.int64]
) -> dict[str, tuple[int, int]]:
    """Ratings that came before their case: external id → (level, rated_at) of the last one."""
    if not len(fresh):
        return {}
    anyone = sa.select(schema.ratings.c.id).where(schema.ratings.c.case_id.is_(None)).limit(1)
    if connection.execute(anyone).first() is None:
        return {}
    rows = bulk.with_keys(
        connection,
        "SELECT case_external_id, level, rated_at FROM ratings WHERE case_id IS NULL AND case_external_id IN (:keys) "
        "ORDER BY rated_at, id",
        new["external_id"][fresh].tolist(),
    )
    return {row.case_external_id: (row.level, row.rated_at) for row in rows}


def _carry_over(
    new: dict[str, Any], old: pd.DataFrame, matched: npt.NDArray[np.int64], waiting: dict[str, tuple[int, int]]
) -> None:
    """A source of cases says nothing of ratings: known ones stay with their case, waiting ones find it."""
    for name in ("level", "rated_at"):
        stored = old[name].to_numpy(object)
        new[name] = np.full(len(matched), None, dtype=object)
        new[name][matched >= 0] = stored[matched[matched >= 0]]
    for index, key in enumerate(new["external_id"]) if waiting else ():
        if key in waiting and matched[index] < 0:
            new["level"][index], new["rated_at"][index] = waiting[key]


def _write_rows(
    connection: sa.Connection, new: dict[str, Any], fresh: npt.NDArray[np.bool_], keep: npt.NDArray[np.int64]
) -> None:
    rows = list(zip(*(new[name][keep].tolist() for name in cases.WRITTEN), strict=True))
    inserted = fresh[keep]
    bulk.insert(
        connection, schema.cases, cases.WRITTEN, [r for r, is_new in zip(rows, inserted, strict=True) if is_new]
    )
    bulk.upsert(
        connection, schema.cases, cases.WRITTEN, ("source_id", "external_id"),
        [r for r, is_new in zip(rows, inserted, strict=True) if not is_new],
    )  # fmt: skip


def _adopt_ratings(connection: sa.Connection, new: dict[str, Any], fresh: npt.NDArray[np.int64]) -> None:
    adopted = [i for i in fresh if new["level"][i] is not None]
    if adopted:
        connection.execute(
            sa.update(schema.ratings)
            .where(schema.ratings.c.case_id.is_(None), schema.ratings.c.case_external_id == sa.bindparam("key"))
            .values(case_id=sa.bindparam("case")),
            [{"key": new["external_id"][i], "case": new["id"][i]} for i in adopted],
        )


def _write_steps(
    connection: sa.Connection,
    new: dict[str, Any],
    old: pd.DataFrame,
    matched: npt.NDArray[np.int64],
    keep: npt.NDArray[np.int64],
    now: int,
) -> None:
    """Append what a source told: of new cases their first steps, of known ones what has changed."""
    old_status, old_response = old["status"].to_numpy(object), old["first_response_at"].to_numpy(object)
    told: list[bulk.Row] = []
    for i in keep[matched[keep] >= 0]:
        case_id, status, response, m = new["id"][i], new["status"][i], new["first_response_at"][i], matched[i]
        if response is not None and old_response[m] is None:
            told.append((case_id, response, now, "respond", "accepted", "source"))
        if status != old_status[m]:
            reached = new["closed_at"][i] if new["ended_at"][i] is not None else new["updated_at"][i]
            told.append((case_id, now if reached is None else reached, now, "update", status, "source"))
        else:
            told.append((case_id, new["updated_at"][i] or now, now, "correct", status, "source"))
    steps.append(connection, told)


_FLAGS = {True: 1, False: 0, None: -1}


def _counted(rows: pd.DataFrame, new: dict[str, Any], keep: npt.NDArray[np.int64]) -> CaseColumns:
    def times(name: str) -> npt.NDArray[np.float64]:
        return rows[name].to_numpy(np.float64)[keep]

    cell = pack_cells(
        *(new[n][keep].astype(np.int64) for n in ("area_id", "placing", "kind", "category_id", "source_id"))
    )
    return CaseColumns(
        cell=cell,
        status=new["status"][keep],
        reported_at=times("reported_at"),
        first_response_at=times("first_response_at"),
        due_at=times("due_at"),
        closed_at=times("closed_at"),
        online=np.fromiter(map(_FLAGS.__getitem__, new["online"][keep].tolist()), np.int8, len(keep)),
        level=np.asarray([-1 if v is None else v for v in new["level"][keep].tolist()], dtype=np.int8),
        overdue=new["overdue"][keep].astype(bool),
    )

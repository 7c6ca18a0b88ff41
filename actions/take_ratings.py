"""Take a batch of ratings: the last valid rating of a case is the one that counts."""

from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
import pandas as pd
import sqlalchemy as sa
import xxhash

from actions.site import Site
from actions.taken import Rejected, Taken, newest
from domain.cases import LEVELS
from domain.contributions import Deltas, contributions
from store import bulk, cases, schema
from store.counts.batches import append
from store.locks import lock_ratings

_PLACE = ("area_code", "longitude", "latitude", "pinned")
_READ = ("external_id", "case", "level", "rated_at", "area_id", "placing", "contacted", "resolved", *_PLACE)
COLUMNS = (
    "source_id", "external_id", "case_id", "case_external_id", "level", "rated_at", "area_id", "placing",
    "contacted", "resolved", "content_hash",
)  # fmt: skip


def take_ratings(
    connection: sa.Connection, site: Site, source_id: int, frame: pd.DataFrame, *, now: int, backfill: bool
) -> Taken:
    """Upsert a rating frame (domain.records) of one source in the caller's transaction.

    A rating whose case is not here yet waits for it. A rating of a case id that several sources use is rejected. A row
    rated earlier than what is stored under its id counts as unchanged, so that rows may come again in any order.
    """
    lock_ratings(connection, alone=True)
    owners, ambiguous = _owners(connection, frame["case"])
    refused = frame["case"].isin(ambiguous).to_numpy(bool)
    area, placing, known = site.place(
        frame["longitude"].to_numpy(np.float64),
        frame["latitude"].to_numpy(np.float64),
        frame["area_code"].to_numpy(object),
        frame["pinned"].to_numpy(bool),
    )
    known |= frame["case"].notna().to_numpy(bool)
    rejected = tuple(_rejected(frame, refused, ~known & ~refused))
    taken = known & ~refused
    rows = newest(frame.assign(area_id=area, placing=placing)[taken], "rated_at")
    new = [
        (
            source_id, key, owners.get(case), case, LEVELS.index(level), int(at), int(area_id), int(place),
            contacted, resolved, _hash(case, level, at, *told, answers=(contacted, resolved)),
        )
        for key, case, level, at, area_id, place, contacted, resolved, *told in zip(*(rows[c] for c in _READ), strict=True)
    ]  # fmt: skip
    stored = {
        row.external_id: row
        for row in bulk.with_keys(
            connection,
            "SELECT external_id, case_id, rated_at, content_hash FROM ratings "
            "WHERE source_id = :source AND external_id IN (:keys)",
            rows["external_id"].tolist(),
            source=source_id,
        )
    }
    changed = [row for row in new if row[1] not in stored or _replaces(row, stored[row[1]])]
    bulk.upsert(connection, schema.ratings, COLUMNS, ("source_id", "external_id"), changed)
    touched = {row[2] for row in changed} | {stored[row[1]].case_id for row in changed if row[1] in stored}
    recount_ratings(connection, site, sorted(i for i in touched if i is not None), now=now, backfill=backfill)
    return Taken(len(changed), int(taken.sum()) - len(changed), rejected)


def _hash(*told: Any, answers: tuple[bool | None, bool | None]) -> int:
    """Of a row as mapped; answers that were not given are left out, as before there were any."""
    given = answers if answers != (None, None) else ()
    return xxhash.xxh3_64_intdigest(orjson.dumps((*told, *given))) - (1 << 63)


def _replaces(row: bulk.Row, stored: sa.Row[Any]) -> bool:
    return bool(row[COLUMNS.index("rated_at")] >= stored.rated_at and row[-1] != stored.content_hash)


def _owners(connection: sa.Connection, external_ids: "pd.Series[str]") -> tuple[dict[str, int], set[str]]:
    """Case id by external id, and the external ids that more than one source uses."""
    wanted = external_ids.dropna().unique().tolist()
    owners: dict[str, int] = {}
    ambiguous: set[str] = set()
    for row in bulk.with_keys(connection, "SELECT id, external_id FROM cases WHERE external_id IN (:keys)", wanted):
        if row.external_id in owners:
            ambiguous.add(row.external_id)
        owners[row.external_id] = row.id
    return owners, ambiguous


def _rejected(
    frame: pd.DataFrame, ambiguous: npt.NDArray[np.bool_], placeless: npt.NDArray[np.bool_]
) -> list[Rejected]:
    case, code = frame["case"].to_numpy(object), frame["area_code"].to_numpy(object)
    found = (
        Rejected(
            np.flatnonzero(ambiguous),
            "ambiguous_case",
            lambda i: f"case '{case[i]}' exists in several sources; make the case ids of the sources differ",
        ),
        Rejected(
            np.flatnonzero(placeless),
            "unknown_area",
            lambda i: f"the rating names no case, no point and no known area (area code '{code[i]}'); map one of them",
        ),
    )
    return [each for each in found if len(each.positions)]


def recount_ratings(connection: sa.Connection, site: Site, case_ids: list[int], *, now: int, backfill: bool) -> None:
    """Set the last rating of these cases and append what that changes."""
    if not case_ids:
        return
    select = f"SELECT {bulk.listed(cases.COUNTED)} FROM cases WHERE id IN (:keys) ORDER BY id FOR UPDATE"  # noqa: S608
    old = cases.frame(bulk.with_keys(connection, select, case_ids))
    last = {
        row.case_id: (row.level, row.rated_at)
        for row in bulk.with_keys(
            connection,
            "SELECT case_id, level, rated_at FROM ratings WHERE case_id IN (:keys) ORDER BY rated_at, id",
            case_ids,
        )
    }
    new = old.assign(
        level=pd.Series([last.get(i, (None, None))[0] for i in old["id"]], dtype=object, index=old.index),
        rated_at=pd.Series([last.get(i, (None, None))[1] for i in old["id"]], dtype=object, index=old.index),
    )
    statement = sa.update(schema.cases).where(schema.cases.c.id == sa.bindparam("row"))
    connection.execute(
        statement.values(level=sa.bindparam("new_level"), rated_at=sa.bindparam("new_rated_at")),
        [
            {"row": i, "new_level": level, "new_rated_at": at}
            for i, level, at in zip(new["id"], new["level"], new["rated_at"], strict=True)
        ],
    )
    deltas = Deltas.joined(
        (contributions(cases.columns_of(new), site.zone), -contributions(cases.columns_of(old), site.zone))
    )
    append(connection, deltas, known_at=now, backfill=backfill)

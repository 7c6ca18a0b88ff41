"""Sealing: the worker folds batches into a checkpoint, so that the part a reader adds up itself stays small."""

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from domain.contributions import Deltas
from store.areas import AreaIndex, read_areas
from store.counts.folders import (
    PORTION,
    fresh_name,
    newest,
    opened_or_restored,
    remove_others,
    write,
    writing,
)  # fmt: skip
from store.counts.packing import unpack
from store.engine import read
from store.engine import write as write_transaction
from store.schema import checkpoints, count_batch

MOST_BATCHES = 256
MOST_BYTES = 131_072
"""More unsealed batches, or bytes of them (about 30,000 entries), than these are due for sealing."""

_UNSEALED = count_batch.c.sealed_in.is_(None)
_IDS_AT_ONCE = 5_000


class _OvertakenError(Exception):
    """Somebody else made a checkpoint, or rebuilt the counts, in the meantime."""


def due(engine: sa.Engine) -> bool:
    """Whether so much is unsealed that readers would feel it."""
    size = sa.func.coalesce(sa.func.sum(sa.func.length(count_batch.c.payload)), 0)
    with read(engine) as connection:
        batches, payload = connection.execute(sa.select(sa.func.count(), size).where(_UNSEALED)).one()
    return bool(batches > MOST_BATCHES or payload > MOST_BYTES)


def seal_when_due(engine: sa.Engine, folder: Path, *, now: int) -> int:
    """Seal until little is unsealed; how many checkpoints were made. For the worker, and after each part of an import."""
    made = 0
    while due(engine) and seal(engine, folder, now=now):
        made += 1
    return made


def seal(engine: sa.Engine, folder: Path, *, now: int) -> bool:
    """Make one checkpoint of what is unsealed (a portion of it when it is very much); False when nothing was done.

    The batches are read in one snapshot and their files written without any lock on the database, for that may take
    seconds; then one transaction marks exactly these batches and adds the checkpoint, or does nothing when another
    checkpoint or a rebuild came first. A crash at any point leaves a folder that the next seal removes.
    now: epoch seconds. folder: var/counts. Raises OSError (a full disk).
    """
    with writing(folder):
        with read(engine) as connection:
            areas = read_areas(connection)
            g, base = newest(connection)
            remove_others(folder, _names(connection))
            ids, deltas = _unsealed(connection)
            if not ids:
                return False
            segments = opened_or_restored(connection, folder, areas)
        name = fresh_name(str(g + 1))
        _write_files(folder, name, base, [*segments, deltas], areas)
        try:
            with write_transaction(engine) as connection:
                _commit(connection, g, name, ids, now)
                names = _names(connection)
        except (IntegrityError, _OvertakenError):
            remove_others(folder, {base})
            return False
        remove_others(folder, names)
        return True


def _write_files(folder: Path, name: str, base: str, parts: list, areas: AreaIndex) -> None:
    (folder / name).mkdir()
    write(folder / name, parts, folder / base if base else None, areas)


def _unsealed(connection: sa.Connection) -> tuple[list[int], Deltas]:
    rows = connection.execute(
        sa.select(count_batch.c.id, count_batch.c.payload).where(_UNSEALED).order_by(count_batch.c.id),
        execution_options={"stream_results": True, "yield_per": 200},
    )
    ids, parts, entries = [], [], 0
    for row in rows:
        ids.append(row.id)
        parts.append(unpack(bytes(row.payload)))
        entries += len(parts[-1])
        if entries > PORTION:
            rows.close()
            break
    return ids, Deltas.joined(parts).summed()


def _commit(connection: sa.Connection, g: int, name: str, ids: list[int], now: int) -> None:
    if newest(connection)[0] != g:
        raise _OvertakenError
    connection.execute(sa.insert(checkpoints).values(id=g + 1, made_at=now, folder=name))
    marked = 0
    for at in range(0, len(ids), _IDS_AT_ONCE):
        some = count_batch.c.id.in_(ids[at : at + _IDS_AT_ONCE])
        marked += connection.execute(sa.update(count_batch).where(some, _UNSEALED).values(sealed_in=g + 1)).rowcount
    if marked != len(ids):
        raise _OvertakenError


def _names(connection: sa.Connection) -> list[str]:
    """The folders in use: the newest checkpoint's, and the one before for a reader that is just attaching to it."""
    rows = connection.execute(sa.select(checkpoints.c.folder).order_by(checkpoints.c.id.desc()).limit(2))
    return list(rows.scalars())

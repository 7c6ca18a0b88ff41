"""Sealing the audit record: rows go in unlinked, so that no writer waits for another; the worker links them in batches."""

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, OperationalError

from domain import chain
from domain.actor import Actor
from domain.secrets import key
from store import audit, heads, seals
from store.engine import read, write

MOST_ROWS = 10_000
"""Rows of one seal."""


def seal_audit(engine: sa.Engine, secret: bytes, file: Path, *, now: int) -> int:
    """Seal what no writer is still at, and write each head to the file; how many seals were made. Raises OSError (disk)."""
    try:
        with write(engine) as connection:
            high = seals.bound(connection)
    except OperationalError:
        return 0  # a writer is at work; a minute later it is not
    made = 0
    while _seal_some(engine, key(secret, chain.PURPOSE), high, now):
        made += 1
    _write_heads(engine, file)
    return made


def _seal_some(engine: sa.Engine, sealing: bytes, high: int, now: int) -> bool:
    try:
        with write(engine) as connection:
            before = seals.last(connection)
            rows = seals.rows_between(connection, before.last_id if before else 0, high, MOST_ROWS)
            if rows:
                seals.add(connection, chain.sealed(sealing, before, rows, now))
    except IntegrityError:
        return True  # another process was quicker; look again
    return bool(rows)


def _write_heads(engine: sa.Engine, file: Path) -> None:
    """Bring the file up to the newest seal: also those that a full disk or a crash kept from it."""
    known = max(heads.read(file), default=0)
    with read(engine) as connection:
        lines = [heads.line(seal) for seal in seals.after(connection, known)]
    if lines:
        heads.append(file, lines)


def adopt(engine: sa.Engine, file: Path, actor: Actor, *, now: int) -> int:
    """Go on from the chain that the store holds, after a backup was put back; the id of its last seal. Raises OSError.

    The file keeps its old lines and says so; the record has a row of it.
    """
    with write(engine) as connection:
        found = seals.last(connection)
        number, head = (found.id, found.head) if found else (0, chain.START)
        audit.append(connection, actor, "audit.adopt", f"seal:{number}", now=now)
    heads.append(file, [f"{heads.ADOPT} {now} {number} {head}"])
    return number

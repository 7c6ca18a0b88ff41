"""Holding the audit record against its seals, and the seals against the file of heads."""

from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from domain import chain
from domain.secrets import key
from store import heads, seals
from store.engine import read


@dataclass(frozen=True)
class Verdict:
    """differences: one sentence each, none where all is as it was. seals, rows: how many were held to. tail: rows that are
    not sealed yet and so could not be. sealed_at: when the last seal was made (epoch seconds).
    """

    differences: tuple[str, ...]
    seals: int
    rows: int
    tail: int
    sealed_at: int | None


def verify_audit(engine: sa.Engine, secret: bytes, file: Path) -> Verdict:
    """Check every seal, every sealed row and every head in one snapshot of the store. Raises OSError (the file)."""
    sealing = key(secret, chain.PURPOSE)
    told: list[str] = []
    before: chain.Seal | None = None
    lines: dict[int, str] = {}
    n = rows = 0
    with read(engine) as connection:
        for seal in list(seals.after(connection, 0)):
            told += chain.seal_differences(sealing, before, seal)
            found = seals.rows_between(connection, before.last_id if before else 0, seal.last_id)
            told += chain.row_differences(sealing, seal, found)
            lines[seal.id] = heads.line(seal)
            n, rows, before = n + 1, rows + len(found), seal
        tail = seals.unsealed(connection, before.last_id if before else 0)
    told += _file_differences(file, lines)
    return Verdict(tuple(told), n, rows, tail, before.made_at if before else None)


def _file_differences(file: Path, lines: dict[int, str]) -> list[str]:
    """The newest seal may be on its way to the file; every other one stands there, and nothing else does."""
    there = heads.read(file)
    told = [
        f"seal {n} differs from its head in {file}" for n in sorted(lines.keys() & there.keys()) if lines[n] != there[n]
    ]
    lost = sorted(there.keys() - lines.keys())
    if lost:
        told.append(
            f"{file} has the heads of seals {lost[0]} to {lost[-1]}, which the store has not; "
            "if a backup was put back, say so with `audit adopt`"
        )
    missing = sorted(lines.keys() - there.keys() - {max(lines, default=0)})
    if missing:
        told.append(f"{file} lacks the heads of seals {missing[0]} to {missing[-1]}")
    return told

"""The chain of the audit record: a mark for each row, a head for each batch of rows. The key is the caller's."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

COLUMNS = ("id", "at", "actor", "role", "via", "action", "subject", "result", "detail")
"""What a mark stands for, in this order."""

PURPOSE = "audit"
"""The key of the chain is domain.secrets.key(secret, PURPOSE)."""

START = "0" * 64
"""What stands where a head before the first one would."""

ID_BYTES, MARK_BYTES = 8, 16


@dataclass(frozen=True)
class Seal:
    """A batch of rows: their first and last id, how many, the head before, its own head, when it was made (epoch seconds).

    marks: id and mark of each row, one after another, so that a changed, lost or added row can be named.
    """

    id: int
    first_id: int
    last_id: int
    n: int
    prev: str
    head: str
    made_at: int
    marks: bytes


def mark(key: bytes, row: Sequence[Any]) -> bytes:
    """The id of a row (COLUMNS) and the keyed hash of all of it."""
    text = json.dumps(list(row), separators=(",", ":"))
    return (
        int(row[0]).to_bytes(ID_BYTES, "big") + hashlib.blake2b(text.encode(), key=key, digest_size=MARK_BYTES).digest()
    )


def head(key: bytes, seal: Seal) -> str:
    """The head of a seal: 64 hexadecimal characters (keyed BLAKE2b) over the head before and all that the seal says."""
    said = json.dumps([seal.prev, seal.id, seal.first_id, seal.last_id, seal.n, seal.made_at]).encode()
    return hashlib.blake2b(said + b"\n" + seal.marks, key=key, digest_size=32).hexdigest()


def sealed(key: bytes, before: Seal | None, rows: Sequence[Sequence[Any]], made_at: int) -> Seal:
    """The seal that follows `before` (None = the first) over rows (COLUMNS) in the order of their ids; at least one."""
    number, prev = (1, START) if before is None else (before.id + 1, before.head)
    open_seal = Seal(
        number,
        int(rows[0][0]),
        int(rows[-1][0]),
        len(rows),
        prev,
        "",
        made_at,
        b"".join(mark(key, row) for row in rows),
    )
    return Seal(**{**vars(open_seal), "head": head(key, open_seal)})


def _marks(marks: bytes) -> Iterator[bytes]:
    size = ID_BYTES + MARK_BYTES
    for start in range(0, len(marks), size):
        yield marks[start : start + size]


def row_differences(key: bytes, seal: Seal, rows: Sequence[Sequence[Any]]) -> list[str]:
    """What is wrong with the rows of a seal, one sentence each, by id; nothing where they are as they were sealed."""
    were = {int.from_bytes(each[:ID_BYTES], "big"): each for each in _marks(seal.marks)}
    are = {int(row[0]): mark(key, row) for row in rows}
    told = []
    for number in sorted(were.keys() | are.keys()):
        if number not in are:
            told.append(f"row {number} of seal {seal.id} is gone")
        elif number not in were:
            told.append(f"row {number} was put in among the rows of seal {seal.id} afterwards")
        elif were[number] != are[number]:
            told.append(f"row {number} of seal {seal.id} was changed")
    return told


def seal_differences(key: bytes, before: Seal | None, seal: Seal) -> list[str]:
    """What is wrong with a seal itself and with its place after the one before."""
    told = []
    number, prev, last = (1, START, 0) if before is None else (before.id + 1, before.head, before.last_id)
    if seal.id != number:
        told.append(f"seal {number} is gone: seal {seal.id} follows")
    elif seal.prev != prev:
        told.append(f"seal {seal.id} does not follow the one before")
    if seal.head != head(key, seal):
        told.append(f"seal {seal.id} was changed, or made with another secret")
    if not last < seal.first_id <= seal.last_id:
        told.append(f"seal {seal.id} overlaps the one before")
    return told

"""The file of heads, outside the database: one line a seal, appended and synced, so that who rewrites the store is found out.

A line: seal id, time (epoch seconds), first id, last id, number of rows, head. A line that starts with "adopt" says that a
backup was put back: the chain goes on after that seal, and what later lines said before it no longer counts.
"""

import os
from collections.abc import Sequence
from pathlib import Path

from domain.chain import Seal

ADOPT = "adopt"


def line(seal: Seal) -> str:
    """What the file says of a seal."""
    return f"{seal.id} {seal.made_at} {seal.first_id} {seal.last_id} {seal.n} {seal.head}"


def append(path: Path, lines: Sequence[str]) -> None:
    """Append lines and wait until they are on the disk. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o600), "a", encoding="ascii") as file:
        file.write("".join(f"{each}\n" for each in lines))
        file.flush()
        os.fsync(file.fileno())


def read(path: Path) -> dict[int, str]:
    """Seal id → line that counts. A torn last line is left out. Raises OSError, not where the file is missing."""
    if not path.exists():
        return {}
    found: dict[int, str] = {}
    text = path.read_text(encoding="ascii", errors="replace")
    for each in text[: text.rfind("\n") + 1].splitlines():
        words = each.split(" ")
        if words[0] == ADOPT and len(words) == 4 and words[2].isdecimal():
            found = {number: told for number, told in found.items() if number <= int(words[2])}
        elif words[0].isdecimal():
            found[int(words[0])] = each
    return found

"""Put a backup into a store: every member is checked first, then all rows change in one transaction."""

import os
from pathlib import Path
from typing import IO

import sqlalchemy as sa

from domain.actor import Actor
from domain.periods import SiteZone
from store import archive, audit
from store.counts.verify import rebuild
from store.engine import StoreError, read, write
from store.migrate import newest
from store.refill import refill

LIVES = frozenset({"accounts", "cases", "case_steps", "quarantine", "runs"})
"""Tables that have rows only where somebody has used the store."""


def is_used(engine: sa.Engine) -> bool:
    """Whether a store holds anything that a restore would lose."""
    with read(engine) as connection:
        return any(
            connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first()
            for table in archive.tables()
            if table.name in LIVES
        )


def restore(
    engine: sa.Engine, counts: Path, uploads: Path, source: Path, actor: Actor, *, zone: SiteZone, now: int,
    replace: bool,
) -> archive.Manifest:  # fmt: skip
    """Replace what the store of `engine` (its tables migrated) holds by the backup `source`; counts: folder of their files.

    Uploads are laid beside those that are there. The counts are made anew in the end. Raises StoreError, nothing changed,
    for a damaged backup, one of other tables, and a store in use when not told to replace it.
    """
    with archive.unpacking(source) as unpacker:
        manifest = unpacker.manifest
        if manifest.revision != newest():
            raise StoreError(
                f"{source}: it holds tables of version {manifest.revision}, this program has {newest()}; "
                "restore it with the GridHall that made it, and upgrade then"
            )
        if not replace and is_used(engine):
            raise StoreError(
                f"the store {engine.url.render_as_string(hide_password=True)} is not empty; "
                "add --replace to lose what it holds, or name another store"
            )
        for name, contents in unpacker.uploads():
            _lay(uploads / name, contents)
        with write(engine) as connection:
            refill(connection, unpacker)
            audit.append(connection, actor, "store.restore", "store", now=now, detail={"made_at": manifest.made_at})
    rebuild(engine, counts, zone, now=now)
    return manifest


def _lay(path: Path, contents: IO[bytes]) -> None:
    """Put a file in its place, whole or not at all; names are digests, so one that is there is the same."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    with part.open("wb") as file:
        while chunk := contents.read(archive.CHUNK):
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)

"""Write a backup: one snapshot of the store and the uploads, in one file that is whole or not there."""

import os
from pathlib import Path

import sqlalchemy as sa

from domain.actor import Actor
from store import archive, audit
from store.engine import read, write


def backup(engine: sa.Engine, uploads: Path, out: Path, actor: Actor, *, now: int) -> archive.Manifest:
    """Back up the store of `engine` and the folder of uploads to `out`; writers may go on meanwhile.

    Uploads are only ever added, each before its row: the files taken after the snapshot hold all that its rows name.
    Raises OSError where `out` cannot be written; nothing is left at `out` then.
    """
    part = out.with_name(f"{out.name}.part")
    try:
        with part.open("wb") as file:
            packer = archive.Packer(file)
            with read(engine) as connection:
                revision = str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one())
                for table in archive.tables():
                    packer.table(connection, table)
            for path in sorted(uploads.rglob("*")) if uploads.is_dir() else ():
                if path.is_file() and not path.name.startswith("."):
                    packer.upload(path.relative_to(uploads).as_posix(), path)
            manifest = packer.close(made_at=now, revision=revision)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(0o600)
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
    with write(engine) as connection:
        audit.append(connection, actor, "store.backup", "store", now=now, detail={"rows": sum(manifest.rows.values())})
    return manifest

"""Files of photos: named by what they hold, whole before their row is written, in a folder that no address names."""

import hashlib
import os
from contextlib import suppress
from pathlib import Path


def path_of(folder: Path, digest: str) -> Path:
    """Where the photo with this digest (SHA-256, hexadecimal) is."""
    return folder / digest[:2] / f"{digest}.jpg"


def keep(folder: Path, content: bytes) -> str:
    """Write a file, unless it is there; its digest. Raises OSError."""
    digest = hashlib.sha256(content).hexdigest()
    path = path_of(folder, digest)
    try:
        os.utime(path)  # used again: younger than whatever is being cleared away
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{digest}.{os.getpid()}.part")
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    return digest


def remove(folder: Path, digest: str, *, before: float) -> None:
    """Remove a file that was last kept before a moment (epoch seconds); one that is not there is as good."""
    path = path_of(folder, digest)
    with suppress(FileNotFoundError):
        if path.stat().st_mtime < before:
            path.unlink()

"""Where a camera's relay lies on disk, and what all processes of a machine know of it: who holds it, who looks, what is wrong.

<folder>/<hash>/           what ffmpeg writes: index.m3u8, its segments, still.jpg; gone when nobody looks
<folder>/cameras/<hash>.*  lock, the moments of the last looks, the trouble: never removed, for a lock on a file that
                           another process has just removed would be no lock
"""

import fcntl
import hashlib
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import orjson

WANTED_SECONDS = 30.0
"""How long a look counts: longer than whoever looks waits before it asks again, after a failure too."""
PLAYLIST, STILL = "index.m3u8", "still.jpg"
SEGMENT = re.compile(r"[0-9]{1,20}\.ts")


class Lock:
    """A lock that ends with its process, however that ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def take(self) -> bool:
        """Whether it is ours now."""
        if self._file is not None:
            return True
        self._path.parent.mkdir(parents=True, exist_ok=True)
        opened = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(opened)
            return False
        self._file = opened
        return True

    def free(self) -> None:
        """Give it up."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


class Place:
    """One camera's."""

    def __init__(self, folder: Path, key: str) -> None:
        self.key = key
        self.name = hashlib.blake2b(key.encode(), digest_size=16).hexdigest()
        self.media = folder / self.name
        self._marks = folder / "cameras"
        self.lock = Lock(self._marks / f"{self.name}.lock")

    def want(self, now: float) -> None:
        """Somebody looks."""
        self._marks.mkdir(parents=True, exist_ok=True)
        self._looked.touch(mode=0o600)
        os.utime(self._looked, (now, now))

    def wanted(self, now: float) -> bool:
        """Whether somebody, in whatever process, still looks."""
        at = _modified(self._looked)
        return at is not None and now - at < WANTED_SECONDS

    def clear(self) -> None:
        """Remove what ffmpeg wrote, and the trouble."""
        shutil.rmtree(self.media, ignore_errors=True)
        self._trouble.unlink(missing_ok=True)

    def age(self, name: str, now: float) -> float | None:
        """Seconds since ffmpeg wrote a file; None where there is none."""
        written = _modified(self.media / name)
        return None if written is None else now - written

    @property
    def trouble(self) -> tuple[str, str] | None:
        """(kind, what is wrong in plain words), as who holds the camera has found it."""
        try:
            found = orjson.loads(self._trouble.read_bytes())
        except (FileNotFoundError, orjson.JSONDecodeError):
            return None
        return found["kind"], found["text"]

    @trouble.setter
    def trouble(self, found: tuple[str, str] | None) -> None:
        if found is None:
            self._trouble.unlink(missing_ok=True)
            return
        new = self._trouble.with_suffix(".new")
        new.write_bytes(orjson.dumps({"kind": found[0], "text": found[1]}))
        new.replace(self._trouble)

    @property
    def _looked(self) -> Path:
        return self._marks / f"{self.name}.looked"

    @property
    def _trouble(self) -> Path:
        return self._marks / f"{self.name}.json"


def sweep(folder: Path) -> None:
    """Remove what relays of processes that are gone have left."""
    for left in folder.iterdir() if folder.is_dir() else ():
        lock = Lock(folder / "cameras" / f"{left.name}.lock")
        if re.fullmatch(r"[0-9a-f]{32}", left.name) and lock.take():
            shutil.rmtree(left, ignore_errors=True)
            lock.free()


def _modified(path: Path) -> float | None:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return None


class Slots:
    """So many at a time, over all processes of a machine."""

    def __init__(self, folder: Path, most: int) -> None:
        self.most, self._folder = most, folder / "slots"

    def take(self) -> Callable[[], None] | None:
        """How to give back the slot that was taken; None where all are."""
        for number in range(self.most):
            lock = Lock(self._folder / str(number))
            if lock.take():
                return lock.free
        return None

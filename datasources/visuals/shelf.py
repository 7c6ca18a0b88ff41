"""Tiles on disk, up to a number of bytes: the oldest make room. A full or forbidden disk makes it useless, never wrong."""

import contextlib
import hashlib
import os
import threading
from collections.abc import Callable
from pathlib import Path

DOWN_TO = 0.8
"""What is left, of the limit, once room was made."""


class Shelf:
    """Answers by key. A name on disk is a hash: what lets us in at a service cannot be read from it."""

    def __init__(self, folder: Path, most_bytes: int, clock: Callable[[], float]) -> None:
        self.folder, self.most_bytes, self.clock = folder, most_bytes, clock
        self._bytes: int | None = None
        self._lock = threading.Lock()

    def get(self, key: tuple[object, ...], keep_seconds: float) -> bytes | None:
        """What was put under a key no longer than keep_seconds ago, else None."""
        path = self._path(key)
        with contextlib.suppress(OSError):
            if 0 <= self.clock() - path.stat().st_mtime < keep_seconds:
                return path.read_bytes()
        return None

    def put(self, key: tuple[object, ...], body: bytes) -> None:
        """Keep an answer, whole or not at all."""
        path = self._path(key)
        part = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}")
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(body)
            now = self.clock()
            os.utime(part, (now, now))
            part.replace(path)
            self._count(len(body))

    def _path(self, key: tuple[object, ...]) -> Path:
        name = hashlib.blake2b(repr(key).encode(), digest_size=16).hexdigest()
        return self.folder / name[:2] / name[2:]

    def _count(self, added: int) -> None:
        with self._lock:
            if self._bytes is None:
                self._bytes = sum(size for _at, size, _path in self._files())
            else:
                self._bytes += added
            if self._bytes > self.most_bytes:
                self._bytes = self._make_room()

    def _make_room(self) -> int:
        """Remove the oldest; what is left. Several processes share a shelf, so it is counted anew."""
        files = sorted(self._files())
        left = sum(size for _at, size, _path in files)
        for _at, size, path in files:
            if left <= self.most_bytes * DOWN_TO:
                break
            with contextlib.suppress(OSError):
                path.unlink()
            left -= size
        return left

    def _files(self) -> list[tuple[float, int, Path]]:
        found = []
        for path in self.folder.glob("*/*"):
            with contextlib.suppress(OSError):
                stat = path.stat()
                found.append((stat.st_mtime, stat.st_size, path))
        return found

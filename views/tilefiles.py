"""Tiles on disk: a folder a version; older versions are removed when a new one begins."""

import contextlib
import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path


class TileFiles:
    """A folder of finished tiles. A cache: a full or forbidden disk makes it useless, never wrong."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, version: str, name: str, make: Callable[[], bytes]) -> bytes:
        """The tile of a name (a/relative/path.png), made and kept when it is not there."""
        path = self.folder / version / name
        with contextlib.suppress(OSError):
            return path.read_bytes()
        made = make()
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
            part.write_bytes(made)
            part.replace(path)
        return made

    def keep_only(self, version: str) -> None:
        """Remove the tiles of every other version."""
        with contextlib.suppress(OSError):
            for folder in self.folder.iterdir():
                if folder.is_dir() and folder.name != version:
                    shutil.rmtree(folder, ignore_errors=True)

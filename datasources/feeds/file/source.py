"""One file on disk: its identity, its bytes whether packed or not, and what may be wrong with it."""

import gzip
import hashlib
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast

import numpy as np
import pandas as pd

from config_errors import advise, hint
from datasources.contract import Unreadable
from datasources.errors import AuthenticationError, BadDataError, TemporaryError
from datasources.feeds.file.options import SUFFIXES

HEAD_BYTES = 4_096


@dataclass(frozen=True)
class Chunk:
    """Some rows of one file. first_row, rows, unreadable: as in contract.Page.

    next_row: rows of the file read so far; position: its bytes read so far (packed ones if it is packed).
    """

    frame: pd.DataFrame
    first_row: int
    next_row: int
    position: int
    rows: np.ndarray | None = None
    unreadable: tuple[Unreadable, ...] = ()


@dataclass(frozen=True)
class SourceFile:
    """A file as it was when it was listed; name: relative to the watched folder, with slashes."""

    path: Path
    name: str
    size: int
    mtime_ns: int

    @classmethod
    def at(cls, path: Path, name: str) -> "SourceFile":
        """List a file. Raises the three errors."""
        with reading(name):
            stat = path.stat()
        return cls(path, name, stat.st_size, stat.st_mtime_ns)

    @property
    def packed(self) -> bool:
        """True for a gzip file."""
        return self.path.suffix.lower() == ".gz"

    @property
    def kind(self) -> str:
        """The format that the file's ending tells. Raises BadDataError for an unknown one."""
        suffix = Path(self.path.stem).suffix.lower() if self.packed else self.path.suffix.lower()
        if suffix not in SUFFIXES:
            raise BadDataError(
                f"{self.name}: unknown kind of file '{suffix}'; set options.format, or use {', '.join(SUFFIXES)}"
            )
        return SUFFIXES[suffix]

    def identity(self) -> dict[str, Any]:
        """What tells this file from another of the same name: size, time and a hash of its beginning."""
        with reading(self.name), self.path.open("rb") as file:
            head = hashlib.sha256(file.read(HEAD_BYTES)).hexdigest()[:16]
        return {"size": self.size, "mtime_ns": self.mtime_ns, "head": head}

    def changed(self) -> bool:
        """True when the file is no longer what it was when it was listed."""
        try:
            stat = self.path.stat()
        except OSError:
            return True
        return (stat.st_size, stat.st_mtime_ns) != (self.size, self.mtime_ns)

    @contextmanager
    def open(self) -> Iterator["OpenFile"]:
        """Open for reading. Raises the three errors, also for what goes wrong while it is open."""
        with reading(self.name), self.path.open("rb") as raw:
            yield OpenFile(self, raw)


@dataclass
class OpenFile:
    """An open file: `stream` gives its unpacked bytes, `position` how many bytes of the disk were read."""

    source: SourceFile
    raw: IO[bytes]
    stream: IO[bytes] = field(init=False)

    def __post_init__(self) -> None:
        self.stream = cast("IO[bytes]", gzip.GzipFile(fileobj=self.raw)) if self.source.packed else self.raw

    @property
    def position(self) -> int:
        """Bytes of the disk read so far."""
        return min(self.raw.tell(), self.source.size)

    @contextmanager
    def seekable(self) -> Iterator[IO[bytes]]:
        """The unpacked bytes as something that can be sought in; a packed file goes through a temporary one."""
        if not self.source.packed:
            yield self.raw
            return
        with tempfile.TemporaryFile() as unpacked:
            shutil.copyfileobj(self.stream, unpacked)
            unpacked.seek(0)
            yield unpacked


@contextmanager
def reading(name: str) -> Iterator[None]:
    """Turn what the system says about file `name` into one of the three errors."""
    try:
        yield
    except PermissionError as error:
        raise AuthenticationError(f"{name}: may not be read; give the user of this program permission") from error
    except (EOFError, zlib.error) as error:
        raise BadDataError(f"{name}: the packed file is cut or damaged; fetch it again") from error
    except gzip.BadGzipFile as error:
        raise BadDataError(
            f"{name}: ends in .gz but is not packed, or is damaged; rename it or fetch it again"
        ) from error
    except FileNotFoundError as error:
        raise TemporaryError(f"{name}: gone while it was to be read; put it back") from error
    except OSError as error:
        raise TemporaryError(f"{name}: cannot be read ({error.strerror or error}); it will be tried again") from error


def missing(path: Path) -> BadDataError:
    """The error for a file that is not there: names the folder and the nearest file."""
    folder = path.parent
    if not folder.is_dir():
        return BadDataError(f"{path.name}: its folder {folder} does not exist; correct options.path")
    near = hint(path.name, sorted(each.name for each in folder.iterdir())[:20])
    return BadDataError(advise(f"{path.name}: no such file in {folder}{near}", "Correct options.path."))

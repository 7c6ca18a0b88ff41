"""A segment as one file: arrays behind one another, found by a directory at the end, mapped into every process."""

import mmap
import os
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
import orjson

from store.counts.segments import Arrays, Segment

Array = npt.NDArray[np.signedinteger]

MAGIC = b"GHCOUNT1"
_TAIL = struct.Struct("<QQ8s")
_ALIGNED = 64


class FileSink:
    """Writes the arrays of a segment as they come; `finish` makes it readable."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._at = 0
        self._directory: dict[str, tuple[str, tuple[int, ...], int]] = {}

    def put(self, name: str, array: Array) -> None:
        """Keep one array."""
        self._begin(name, array.dtype, array.shape)
        self._write(np.ascontiguousarray(array).data)

    def put_rows(
        self, name: str, dtype: np.dtype[np.signedinteger], shape: tuple[int, int], rows: Iterable[Array]
    ) -> None:
        """Keep a matrix that comes row by row."""
        self._begin(name, dtype, shape)
        for row in rows:
            self._write(row.astype(dtype).data)

    def finish(self) -> None:
        """Write the directory, and everything through to the disk: a row of the database will rely on it."""
        directory, start = orjson.dumps(self._directory), self._at
        self._write(memoryview(directory))
        self._write(memoryview(_TAIL.pack(start, len(directory), MAGIC)))
        self._file.flush()
        os.fsync(self._file.fileno())

    def _begin(self, name: str, dtype: np.dtype[np.signedinteger], shape: tuple[int, ...]) -> None:
        self._write(memoryview(bytes(-self._at % _ALIGNED)))
        self._directory[name] = (dtype.str, shape, self._at)

    def _write(self, data: memoryview) -> None:
        if data.nbytes:
            self._file.write(data)
            self._at += data.nbytes


class Mapped(Arrays):
    """The arrays of a file, read-only, resident only where they are touched.

    The mapping outlives the file's name, so that a newer checkpoint may remove it under a reader.
    """

    def __init__(self, path: Path) -> None:
        """Raises OSError when there is no such file and ValueError when it is not whole."""
        with path.open("rb") as file:
            try:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
                start, length, magic = _TAIL.unpack_from(self._map, len(self._map) - _TAIL.size)
                if magic != MAGIC or start + length + _TAIL.size != len(self._map):
                    raise struct.error  # noqa: TRY301  (the same answer as a head that cannot be read)
            except (struct.error, ValueError) as error:
                message = f"{path} is not a whole file of counts"
                raise ValueError(message) from error
        self._directory = orjson.loads(self._map[start : start + length])

    def __getitem__(self, name: str) -> Array:
        dtype, shape, at = self._directory[name]
        count = 1
        for size in shape:
            count *= size
        return np.frombuffer(self._map, dtype, count, at).reshape(shape)

    def __contains__(self, name: object) -> bool:
        return name in self._directory

    def __iter__(self) -> Iterator[str]:
        return iter(self._directory)

    def __len__(self) -> int:
        return len(self._directory)


def open_segment(path: Path) -> Segment:
    """The segment of a file. Raises OSError and ValueError as Mapped does."""
    return Segment(Mapped(path))

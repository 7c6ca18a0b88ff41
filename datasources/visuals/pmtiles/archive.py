"""An archive on disk, opened for each question: it may be replaced at any time, and one open file is not shared."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pmtiles.reader import Reader
from pmtiles.tile import Compression, MagicNumberNotFound, SpecVersionUnsupported, TileType

from datasources.errors import AuthenticationError, BadDataError, TemporaryError

BROKEN = (
    ValueError, KeyError, IndexError, EOFError, OSError, zlib.error, TypeError, AttributeError, AssertionError, MagicNumberNotFound,
    SpecVersionUnsupported,
)  # fmt: skip
MOST_BYTES = 32 << 20
GZIP = zlib.MAX_WBITS | 16
RASTER = frozenset({TileType.PNG, TileType.JPEG, TileType.WEBP})


@dataclass(frozen=True)
class Archive:
    """What its header says. bounds: degrees; layers: those of its vector tiles, where it tells."""

    name: str
    is_vector: bool
    min_zoom: int
    max_zoom: int
    bounds: tuple[float, float, float, float]
    title: str
    attribution: str
    layers: tuple[str, ...]


def described(path: Path) -> Archive:
    """The header of an archive. Raises the three errors."""
    with opened(path) as reader:
        header = reader.header()
        kind = header["tile_type"]
        if kind not in RASTER and kind is not TileType.MVT:
            raise BadDataError(f"{path.name}: holds tiles of a kind that is not drawn; give PNG, JPEG, WebP or MVT")
        told = reader.metadata()
        west, south, east, north = (header[f"{name}_e7"] / 1e7 for name in ("min_lon", "min_lat", "max_lon", "max_lat"))
        return Archive(
            name=path.name,
            is_vector=kind is TileType.MVT,
            min_zoom=header["min_zoom"],
            max_zoom=header["max_zoom"],
            bounds=(west, south, east, north),
            title=str(told.get("name") or ""),
            attribution=str(told.get("attribution") or ""),
            layers=tuple(str(each["id"]) for each in told.get("vector_layers") or ()),
        )


def tile_of(path: Path, z: int, x: int, y: int) -> bytes | None:
    """The bytes of a tile, unpacked; None where there is none. Raises the three errors."""
    with opened(path) as reader:
        body = reader.get(z, x, y)
        if body is None:
            return None
        packed = reader.header()["tile_compression"]
        if packed is Compression.GZIP:
            return _unpacked(body, path.name)
        if packed in (Compression.NONE, Compression.UNKNOWN):
            return bytes(body)
        raise BadDataError(f"{path.name}: is packed in a way that is not read; pack its tiles with gzip, or not at all")


def _unpacked(body: bytes, name: str) -> bytes:
    machine = zlib.decompressobj(GZIP)
    found = machine.decompress(body, MOST_BYTES)
    if not machine.eof:
        raise BadDataError(f"{name}: holds a tile that is cut, or larger than {MOST_BYTES >> 20} MB; write it anew")
    return found


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """A reader of the archive. What goes wrong with it is one of the three errors."""
    try:
        file = path.open("rb")
    except PermissionError as error:
        raise AuthenticationError(f"{path.name}: may not be read; give this program the right to") from error
    except OSError as error:
        raise TemporaryError(f"{path.name}: cannot be read ({error.strerror}); is it there?") from error
    with file:

        def piece(offset: int, length: int) -> bytes:
            if not 0 <= length <= MOST_BYTES:
                raise ValueError(length)
            file.seek(offset)
            found = file.read(length)
            if len(found) < length:
                raise EOFError(offset)
            return found

        try:
            yield Reader(piece)  # type: ignore[no-untyped-call]
        except BROKEN as error:
            raise BadDataError(f"{path.name}: is no whole PMTiles archive (version 3); is it cut?") from error

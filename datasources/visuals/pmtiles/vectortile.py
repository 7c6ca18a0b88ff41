"""Mapbox Vector Tiles 2.1 as shapes: only what is drawn of them, geometry and names."""

import struct
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import shapely

from geo.tiles import pixels_to_lonlat

EXTENT = 4_096
MOVE, LINE, CLOSE = 1, 2, 7
POINT, LINESTRING, POLYGON = 1, 2, 3
BROKEN = (LookupError, TypeError, UnicodeDecodeError, shapely.errors.ShapelyError, AttributeError, struct.error)
SIGN, WHOLE = 1 << 63, 1 << 64


def _zigzag(number: int) -> int:
    return (number >> 1) ^ -(number & 1)


def read_tile(body: bytes, z: int, x: int, y: int, layers: tuple[str, ...]) -> Iterator[tuple[Any, dict[str, Any]]]:
    """(shape in WGS-84, properties) of every feature of the layers (none named = all). Raises ValueError for what is no tile."""
    try:
        for field, layer in _fields(memoryview(body)):
            if field == 3:
                yield from _layer(_all(layer), z, x, y, layers)
    except BROKEN as error:
        raise ValueError(f"is no vector tile ({type(error).__name__})") from error


def _layer(
    layer: dict[int, list[Any]], z: int, x: int, y: int, wanted: tuple[str, ...]
) -> Iterator[tuple[Any, dict[str, Any]]]:
    if wanted and bytes(layer[1][0]).decode() not in wanted:
        return
    keys = [bytes(each).decode() for each in layer.get(3, [])]
    values = [_value(_all(each)) for each in layer.get(4, [])]
    extent = layer.get(5, [EXTENT])[0]
    if not isinstance(extent, int) or extent < 1:
        raise IndexError(extent)
    for each in layer.get(2, []):
        feature = _all(each)
        tags = _numbers(feature.get(2, [b""])[0])
        named = {keys[k]: values[v] for k, v in zip(tags[::2], tags[1::2], strict=True)}
        paths = list(_paths(_numbers(feature[4][0])))
        shape = _inside(_shape(feature.get(3, [0])[0], paths), extent)
        if not shape.is_empty:
            yield shapely.transform(shape, lambda at: _degrees(at, extent, z, x, y)), named


def _degrees(at: Any, extent: int, z: int, x: int, y: int) -> Any:
    return np.column_stack(pixels_to_lonlat(at[:, 0] / extent + x, at[:, 1] / extent + y, z, tile_size=1))


def _shape(kind: int, paths: list[list[tuple[int, int]]]) -> Any:
    if kind == POINT:
        return shapely.MultiPoint([point for path in paths for point in path])
    if kind == LINESTRING:
        return shapely.MultiLineString([path for path in paths if len(path) > 1])
    drawn = shapely.Polygon()
    for path in paths if kind == POLYGON else ():
        if len(path) > 3:  # even and odd: what lies within a ring is a hole, whatever way it winds
            drawn = drawn.symmetric_difference(shapely.make_valid(shapely.Polygon(path)))
    return drawn


def _inside(shape: Any, extent: int) -> Any:
    """What lies on the tile itself: tiles tell of their neighbours too, who tell it again. On an edge, the one to the south or east."""
    if isinstance(shape, shapely.MultiPoint):
        at = shapely.get_coordinates(shape)
        return shapely.MultiPoint(at[((at >= 0) & (at < extent)).all(axis=1)])
    return shapely.clip_by_rect(shape, 0, 0, extent, extent)


def _paths(commands: list[int]) -> Iterator[list[tuple[int, int]]]:
    """Paths in tile units, from commands and zigzag steps; a closed one ends where it began."""
    at, east, south, path = 0, 0, 0, list[tuple[int, int]]()
    while at < len(commands):
        command, count = commands[at] & 7, commands[at] >> 3
        at += 1
        if command == CLOSE:
            yield [*path, path[0]]
            path = []
            continue
        for _step in range(count):
            east, south = east + _zigzag(commands[at]), south + _zigzag(commands[at + 1])
            at += 2
            if command == MOVE and path:
                yield path
                path = []
            path.append((east, south))
    if path:
        yield path


VALUES: dict[int, Callable[[Any], Any]] = {
    1: lambda text: bytes(text).decode(),
    2: lambda packed: struct.unpack("<f", packed)[0],
    3: lambda packed: struct.unpack("<d", packed)[0],
    4: lambda number: number - WHOLE if number >= SIGN else number,
    5: int,
    6: _zigzag,
    7: bool,
}
"""What a value is by the number of its field: text, float, double, int, unsigned, zigzag, truth."""


def _value(message: dict[int, list[Any]]) -> Any:
    return next((read(message[field][0]) for field, read in VALUES.items() if field in message), "")


def _all(message: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for field, value in _fields(message):
        found.setdefault(field, []).append(value)
    return found


def _fields(message: Any) -> Iterator[tuple[int, Any]]:
    """(number, value) of each field of a protocol buffer: whole numbers, or bytes."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        kind = key & 7
        if kind == 0:
            value, at = _varint(message, at)
            yield key >> 3, value
            continue
        if kind not in (1, 2, 5):
            raise IndexError(kind)
        size, at = _varint(message, at) if kind == 2 else ({1: 8, 5: 4}[kind], at)
        if at + size > len(message):
            raise IndexError(at)
        yield key >> 3, message[at : at + size]
        at += size


def _numbers(packed: Any) -> list[int]:
    found, at = [], 0
    while at < len(packed):
        number, at = _varint(packed, at)
        found.append(number)
    return found


def _varint(message: Any, at: int) -> tuple[int, int]:
    number, shift = 0, 0
    while True:
        byte = message[at]
        number |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if not byte & 0x80:
            return number, at
        if shift > 63:
            raise IndexError(at)

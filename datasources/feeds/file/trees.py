"""JSON, JSON lines and GeoJSON. JSON and GeoJSON are read whole, up to LIMIT_BYTES; JSON lines in pages."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import orjson
import pandas as pd

from config_errors import hint
from datasources.contract import FEATURE_ID, GEOMETRY, Unreadable
from datasources.errors import BadDataError
from datasources.feeds.file.encoding import utf8, utf8_blocks
from datasources.feeds.file.options import FileOptions
from datasources.feeds.file.source import Chunk, OpenFile
from datasources.jsontext import loads

LIMIT_BYTES = 512 << 20
SHOWN = 2_000


def read_json(file: OpenFile, options: FileOptions, skip: int) -> Iterator[Chunk]:
    """The objects of a list: the whole file, or what options.items names; a FeatureCollection gives its features."""
    whole = _load(file, options)
    if isinstance(whole, dict) and whole.get("type") == "FeatureCollection" and not options.items:
        yield from _pages([_feature(each) for each in whole.get("features") or []], file, options, skip)
        return
    yield from _pages(_items(whole, options.items, file.source.name), file, options, skip)


def _load(file: OpenFile, options: FileOptions) -> Any:
    name = file.source.name
    if file.source.size > LIMIT_BYTES:
        raise BadDataError(
            f"{name}: larger than {LIMIT_BYTES >> 20} MB; give it as JSON lines (.jsonl), CSV or Parquet"
        )
    try:
        return loads(utf8(file, options.encoding))
    except orjson.JSONDecodeError as error:
        raise BadDataError(
            f"{name}: no JSON at line {error.lineno}, column {error.colno} ({error.msg}); is it cut?"
        ) from error


def _items(whole: Any, path: str | None, name: str) -> list[Any]:
    at = whole
    for part in path.split(".") if path else ():
        if not isinstance(at, dict) or part not in at:
            keys = [str(key) for key in at] if isinstance(at, dict) else []
            raise BadDataError(f"{name}: nothing at '{path}'{hint(part, keys)}; correct options.items")
        at = at[part]
    if isinstance(at, list):
        return at
    lists = [key for key, value in at.items() if isinstance(value, list)] if isinstance(at, dict) else []
    below = f", perhaps to {' or '.join(lists)}" if lists else ""
    raise BadDataError(f"{name}: {f'what is at {path!r}' if path else 'the file'} is no list; set options.items{below}")


def _feature(feature: Any) -> Any:
    if not isinstance(feature, dict):
        return feature
    return {**(feature.get("properties") or {}), FEATURE_ID: feature.get("id"), GEOMETRY: feature.get("geometry")}


def _pages(items: list[Any], file: OpenFile, options: FileOptions, skip: int) -> Iterator[Chunk]:
    """Every page has the columns of the whole file, so that a key that is often left out is no missing column."""
    columns = list(dict.fromkeys(str(key) for item in items if isinstance(item, dict) for key in item))
    for start in range(skip, max(len(items), skip + 1), options.page_rows):
        page = items[start : start + options.page_rows]
        share = (start + len(page)) / max(len(items), 1)
        yield chunk(page, columns, start, int(file.source.size * share))


def chunk(items: list[Any], columns: list[str], start: int, position: int) -> Chunk:
    """Objects as a chunk; what is no object is unreadable."""
    good = [number for number, item in enumerate(items) if isinstance(item, dict)]
    why = "the item is no object with named values; mend it"
    unreadable = tuple(
        Unreadable(start + number + 1, orjson.dumps(item).decode()[:SHOWN], why)
        for number, item in enumerate(items)
        if not isinstance(item, dict)
    )
    cells = {name: pd.Series([items[at].get(name) for at in good], dtype=object) for name in columns}
    frame = pd.DataFrame(cells, columns=columns)
    return Chunk(frame, start + 1, start + len(items), position, np.array(good, dtype=np.int64) + start + 1, unreadable)


def read_lines(file: OpenFile, options: FileOptions, skip: int) -> Iterator[Chunk]:
    """One JSON object a line. Columns are those of the page."""
    row, page = 0, []
    for line in _lines(utf8_blocks(file, options.encoding)):
        row += 1
        if row <= skip:
            continue
        page.append(_object(line))
        if len(page) == options.page_rows:
            yield _line_page(page, row - len(page), file.position)
            page = []
    if page or row <= skip:
        yield _line_page(page, max(row, skip) - len(page), file.position)


def _line_page(page: list[Any], start: int, position: int) -> Chunk:
    columns = list(dict.fromkeys(str(key) for item in page if isinstance(item, dict) for key in item))
    return chunk(page, columns, start, position)


def _object(line: bytes) -> Any:
    try:
        return loads(line)
    except orjson.JSONDecodeError:
        return line.decode()


def _lines(blocks: Iterator[bytes]) -> Iterator[bytes]:
    rest = b""
    for block in blocks:
        *lines, rest = (rest + block).split(b"\n")
        yield from (line for line in lines if line.strip())
    if rest.strip():
        yield rest

"""feeds.file: a file, or a folder that is watched for new files."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from config_errors import read_model
from datasources.contract import Clock, Cursor, Page
from datasources.errors import SourceError, TemporaryError
from datasources.feeds.file import delimited, tables, trees
from datasources.feeds.file.folder import list_files
from datasources.feeds.file.options import FileOptions
from datasources.feeds.file.source import Chunk, OpenFile, SourceFile

READERS: dict[str, Callable[[OpenFile, FileOptions, int], Iterator[Chunk]]] = {
    "csv": partial(delimited.read, separator=","),
    "tsv": partial(delimited.read, separator="\t"),
    "json": trees.read_json,
    "geojson": trees.read_json,
    "jsonl": trees.read_lines,
    "excel": tables.read_excel,
    "parquet": tables.read_parquet,
}


class FileConnector:
    """Reads each complete file once, files in the order of their names, and again when it is replaced.

    Cursor: {"files": {name: {"size", "mtime_ns", "head", "row", "done"}}}, row = rows of the file read so far.
    """

    def __init__(self, options: Mapping[str, Any], *, folder: Path, zone: ZoneInfo, clock: Clock) -> None:
        """Options: FileOptions. Raises config.ConfigError."""
        self.options = read_model(FileOptions, options, "options")
        self.folder, self.zone, self.clock = folder, zone, clock

    def pages(self, cursor: Cursor | None) -> Iterator[Page]:
        """Yield the rows of new files. A file that cannot be read does not hold up the others: its error comes last."""
        files = list_files(self.options, self.folder, self.clock)
        names = {file.name for file in files}
        known = {name: entry for name, entry in ((cursor or {}).get("files") or {}).items() if name in names}
        todo = [file for file in files if not _finished(known.get(file.name), file)]
        done, total, errors = 0, sum(file.size for file in todo), []
        for file in todo:
            try:
                mark = file.identity()
                skip = known[file.name]["row"] if _same(known.get(file.name), mark) else 0
                for chunk, last in _marked(self._chunks(file, skip), file):
                    known = {**known, file.name: {**mark, "row": chunk.next_row, "done": last}}
                    at = done + (file.size if last else chunk.position)
                    yield _page(chunk, file.name, {"files": known}, at, total)
            except SourceError as error:
                errors.append(error)
            done += file.size
        if errors:
            raise errors[0] if len(errors) == 1 else _together(errors)

    def _chunks(self, file: SourceFile, skip: int) -> Iterator[Chunk]:
        read = READERS[self.options.format or file.kind]
        with file.open() as opened:
            yield from read(opened, self.options, skip)


def _finished(entry: Mapping[str, Any] | None, file: SourceFile) -> bool:
    """Read to its end and, by size and time, not written to since; its head is worth reading only if they differ."""
    stat = {"size": file.size, "mtime_ns": file.mtime_ns}
    return entry is not None and _same(entry, stat) and bool(entry["done"])


def _same(entry: Mapping[str, Any] | None, mark: Mapping[str, Any]) -> bool:
    return entry is not None and all(entry.get(key) == value for key, value in mark.items())


def _marked(chunks: Iterator[Chunk], file: SourceFile) -> Iterator[tuple[Chunk, bool]]:
    """Each chunk and whether it completes the file; what was read before an error still comes."""
    held = None
    try:
        for chunk in chunks:
            if held is not None:
                yield held, False
            held = chunk
    except SourceError:
        if held is not None:
            yield held, False
        raise
    if file.changed():
        raise TemporaryError(f"{file.name}: was written to while it was read; it will be read again")
    if held is not None:
        yield held, True


def _page(chunk: Chunk, name: str, cursor: Cursor, done: int, total: int) -> Page:
    return Page(chunk.frame, name, chunk.first_row, cursor, done, total, chunk.rows, chunk.unreadable)


def _together(errors: list[SourceError]) -> SourceError:
    """One error for several files: what a person must mend counts more than what may pass."""
    worst = next((error for error in errors if not isinstance(error, TemporaryError)), errors[0])
    return type(worst)(f"{worst} (and {len(errors) - 1} more files)")

"""A backup as one file: every table as lines of JSON beside the uploads, each member with its SHA-256 in the manifest.

The same file goes into SQLite and into PostgreSQL. What is derived from the rows (counts, folded responses) is left out
and made anew; secrets and settings are not in it.
"""

import base64
import gzip
import hashlib
import io
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

import orjson
import sqlalchemy as sa

from store.engine import StoreError
from store.tables import metadata

FORMAT = 1
MANIFEST = "manifest.json"
DERIVED = frozenset({"count_batch", "checkpoints", "responses"})
"""Tables that are made from others."""

CHUNK = 1 << 20
ROWS = 2_000


@dataclass(frozen=True)
class Manifest:
    """made_at: epoch seconds, UTC. revision: migration of the store. rows: of each table. digests: SHA-256 a member."""

    made_at: int
    revision: str
    rows: dict[str, int]
    digests: dict[str, str]


def tables() -> list[sa.Table]:
    """The tables of a backup, those that others refer to first."""
    return [table for table in metadata.sorted_tables if table.name not in DERIVED]


class Packer:
    """Writes members into an archive and keeps their digests; `close` writes the manifest."""

    def __init__(self, file: IO[bytes]) -> None:
        self._tar = tarfile.open(fileobj=file, mode="w")  # noqa: SIM115  closed by `close`
        self._digests: dict[str, str] = {}
        self._rows: dict[str, int] = {}

    def table(self, connection: sa.Connection, table: sa.Table) -> None:
        """Add the rows of a table as they stand in the caller's snapshot."""
        with tempfile.TemporaryFile() as packed:
            count = 0
            with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=5, mtime=0) as lines:
                for row in _rows(connection, table):
                    lines.write(row)
                    count += 1
            self._add(f"tables/{table.name}.jsonl.gz", packed)
        self._rows[str(table.name)] = count

    def upload(self, name: str, path: Path) -> None:
        """Add a file of the uploads under its name below their folder."""
        with path.open("rb") as file:
            self._add(f"uploads/{name}", file)

    def close(self, *, made_at: int, revision: str) -> Manifest:
        """Write the manifest, the last member: an archive that was cut off has none."""
        told = Manifest(made_at, revision, self._rows, self._digests)
        text = orjson.dumps(
            {"format": FORMAT, "made_at": made_at, "revision": revision, "rows": told.rows, "digests": told.digests},
            option=orjson.OPT_SORT_KEYS,
        )
        info = tarfile.TarInfo(MANIFEST)
        info.size = len(text)
        self._tar.addfile(info, io.BytesIO(text))
        self._tar.close()
        return told

    def _add(self, name: str, file: IO[bytes]) -> None:
        file.seek(0, io.SEEK_END)
        info = tarfile.TarInfo(name)
        info.size = file.tell()
        file.seek(0)
        self._digests[name] = digest(file)
        file.seek(0)
        self._tar.addfile(info, file)


def _rows(connection: sa.Connection, table: sa.Table) -> Iterator[bytes]:
    query = sa.select(table).order_by(*table.primary_key.columns)
    result = connection.execution_options(stream_results=True, yield_per=ROWS).execute(query)
    for row in result:
        yield orjson.dumps([_plain(value) for value in row], option=orjson.OPT_APPEND_NEWLINE)


def _plain(value: Any) -> Any:
    return {"b": base64.b64encode(bytes(value)).decode()} if isinstance(value, bytes | memoryview) else value


def digest(file: IO[bytes]) -> str:
    """SHA-256 of what is left of a file."""
    found = hashlib.sha256()
    while part := file.read(CHUNK):
        found.update(part)
    return found.hexdigest()


class Unpacker:
    """Reads an archive whose every member was checked first. Raises StoreError that names what is wrong with the file."""

    def __init__(self, path: Path, file: IO[bytes]) -> None:
        self._path = path
        try:
            self._tar = tarfile.open(fileobj=file, mode="r:")  # noqa: SIM115  holds nothing but the caller's file
            self._members = {member.name: member for member in self._tar.getmembers() if member.isfile()}
        except (tarfile.TarError, EOFError) as error:
            raise self._wrong("it is not a backup, or it was cut off") from error
        self.manifest = self._manifest()
        self._check()

    def _manifest(self) -> Manifest:
        if MANIFEST not in self._members:
            raise self._wrong("it has no manifest: it is not a backup, or it was cut off")
        try:
            told: Mapping[str, Any] = orjson.loads(self._open(MANIFEST).read())
            if told["format"] != FORMAT:
                raise self._wrong(f"it has format {told['format']}; this program reads {FORMAT}")
            return Manifest(int(told["made_at"]), str(told["revision"]), dict(told["rows"]), dict(told["digests"]))
        except (orjson.JSONDecodeError, KeyError, TypeError, ValueError) as error:
            raise self._wrong("its manifest cannot be read") from error

    def _check(self) -> None:
        for name, wanted in self.manifest.digests.items():
            if name.startswith("/") or ".." in PurePosixPath(name).parts:
                raise self._wrong(f"{name} leads out of it")
            if name not in self._members:
                raise self._wrong(f"{name} is missing")
            if digest(self._open(name)) != wanted:
                raise self._wrong(f"{name} is damaged")

    def rows(self, table: sa.Table) -> Iterator[list[dict[str, Any]]]:
        """The rows of a table in chunks, by column; none for a table that the backup does not know."""
        name = f"tables/{table.name}.jsonl.gz"
        if name not in self._members:
            return
        columns = [column.name for column in table.columns]
        chunk: list[dict[str, Any]] = []
        with gzip.GzipFile(fileobj=self._open(name), mode="rb") as lines:
            for line in lines:
                chunk.append(dict(zip(columns, map(_value, orjson.loads(line)), strict=True)))
                if len(chunk) == ROWS:
                    yield chunk
                    chunk = []
        if chunk:
            yield chunk

    def uploads(self) -> Iterator[tuple[str, IO[bytes]]]:
        """(name below the folder of uploads, contents) of each file."""
        for name in self.manifest.digests:
            if name.startswith("uploads/"):
                yield name.removeprefix("uploads/"), self._open(name)

    def _open(self, name: str) -> IO[bytes]:
        found = self._tar.extractfile(self._members[name])
        if found is None:
            raise self._wrong(f"{name} is no file")
        return found

    def _wrong(self, why: str) -> StoreError:
        return StoreError(f"{self._path}: {why}; name another backup")


@contextmanager
def unpacking(path: Path) -> Iterator[Unpacker]:
    """An archive that was checked. Raises StoreError that says what is wrong with it."""
    with path.open("rb") as file:
        yield Unpacker(path, file)


def _value(value: Any) -> Any:
    return base64.b64decode(value["b"]) if isinstance(value, dict) else value

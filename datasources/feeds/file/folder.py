"""Which files to read: one named file, those that match a pattern, or those in a folder."""

from pathlib import Path

from datasources.contract import Clock
from datasources.errors import TemporaryError
from datasources.feeds.file.options import FileOptions
from datasources.feeds.file.source import SourceFile, missing, reading

UNFINISHED = (".part", ".partial", ".tmp", ".crdownload", ".download", "~")
WILD = "*?["
NANOSECONDS = 1_000_000_000


def list_files(options: FileOptions, folder: Path, clock: Clock) -> list[SourceFile]:
    """The files that are complete, in the order of their names.

    Raises BadDataError for a named file that is not there, TemporaryError where a watched folder holds none yet.
    """
    path = folder / options.path
    if path.is_file():
        return [SourceFile.at(path, path.name)]
    if path.is_dir():
        root, found = path, [each for each in path.iterdir() if each.is_file()]
    elif any(sign in options.path for sign in WILD):
        root = _root(path)
        found = [each for each in root.glob(path.relative_to(root).as_posix()) if each.is_file()]
    else:
        with reading(path.name):
            path.parent.stat() if path.parent.exists() else None
        raise missing(path)
    named = sorted((each.relative_to(root).as_posix(), each) for each in found if _finished(each))
    if not named:
        raise TemporaryError(f"{options.path}: no file there yet in {root}; put one there or correct options.path")
    files = [SourceFile.at(each, name) for name, each in named]
    return [each for each in files if _settled(each, options.settle_seconds, clock())]


def _root(pattern: Path) -> Path:
    """The deepest folder above the first wild part."""
    parts = pattern.parts
    wild = next(number for number, part in enumerate(parts) if any(sign in part for sign in WILD))
    return Path(*parts[:wild])


def _finished(path: Path) -> bool:
    return not path.name.startswith(".") and not path.name.endswith(UNFINISHED)


def _settled(file: SourceFile, seconds: int, now: int) -> bool:
    """A file that was written to just now may still grow; a time far ahead is another clock's, not a fresh write."""
    return abs(now - file.mtime_ns / NANOSECONDS) >= seconds

"""The folders of checkpoints: a cache of the batches, on this machine. A folder that is missing or damaged is made again.

A checkpoint is one big segment and, until it has grown to a share of that, a small one of what came since; the big file
is linked from folder to folder, so that sealing a little writes a little.
"""

import fcntl
import os
import shutil
import weakref
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import sqlalchemy as sa

from domain.contributions import Deltas
from store.areas import AreaIndex
from store.counts.building import build, built
from store.counts.cells import LAYERS
from store.counts.files import FileSink, open_segment
from store.counts.packing import unpack
from store.counts.segments import Segment
from store.schema import checkpoints, count_batch

PORTION = 3_000_000
"""Entries taken into memory at once (about 100 MB)."""

_BIG, _SMALL = "big.counts", "small.counts"
_LEAST_SMALL = 300_000
_SHARE = 4
"""The small segment may have this many entries, or this fraction of the big one's."""

_opened: "weakref.WeakValueDictionary[tuple[int, int], Segment]" = weakref.WeakValueDictionary()
"""Segments by device and inode: a linked file keeps its mapping and its plans from one checkpoint to the next."""


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Hold the folder for writing; one process a machine, let go even when it is killed."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def newest(connection: sa.Connection) -> tuple[int, str]:
    """Number and folder of the newest checkpoint; (0, "") when there is none. An empty folder name = it holds nothing."""
    row = connection.execute(
        sa.select(checkpoints.c.id, checkpoints.c.folder).order_by(checkpoints.c.id.desc()).limit(1)
    ).first()
    return (row.id, row.folder) if row else (0, "")


def attach(connection: sa.Connection, folder: Path, areas: AreaIndex) -> tuple[Segment, ...]:
    """The segments of the newest checkpoint, for the positions of this tree; made again from batches where need be."""
    _, name = newest(connection)
    segments = opened(folder, name)
    if segments is None:
        try:
            with writing(folder):
                segments = opened_or_restored(connection, folder, areas)
        except OSError:  # a full or read-only disk must not take the figures away
            segments = _in_memory(connection, folder, areas)
    if any(not _fits(segment, areas) for segment in segments):
        return (built(segments, areas),)
    return segments


def opened(folder: Path, name: str) -> tuple[Segment, ...] | None:
    """The segments of a checkpoint's folder, or None when it is not there whole."""
    if not name:
        return ()
    try:
        files = [path for path in (folder / name / _BIG, folder / name / _SMALL) if path.exists()]
        return tuple(_open(path) for path in files) or None
    except (OSError, ValueError):
        return None


def opened_or_restored(connection: sa.Connection, folder: Path, areas: AreaIndex) -> tuple[Segment, ...]:
    """The same for the newest checkpoint, under the lock: where it is missing, made from an older one and the batches."""
    wanted, name = newest(connection)
    found = opened(folder, name)
    if found is not None:
        return found
    base, segments = _older(connection, folder, wanted)
    fresh = folder / fresh_name("restored")
    fresh.mkdir()
    try:
        parts: list[Segment | Deltas] = [*segments]
        for i, deltas in enumerate(_sealed(connection, base, wanted)):
            parts.append(_write(fresh / f"part-{i}", [deltas], areas, finest_only=True))
        write(fresh, parts, None, areas)
        for path in fresh.glob("part-*"):
            path.unlink()
        shutil.rmtree(folder / name, ignore_errors=True)
        fresh.rename(folder / name)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    return opened(folder, name) or ()


def _in_memory(connection: sa.Connection, folder: Path, areas: AreaIndex) -> tuple[Segment, ...]:
    wanted, _ = newest(connection)
    base, segments = _older(connection, folder, wanted)
    for deltas in _sealed(connection, base, wanted):
        segments = (built([*segments, deltas], areas),)
    return segments


def _sealed(connection: sa.Connection, after: int, until: int) -> Iterator[Deltas]:
    """The batches of the checkpoints after … until, summed, about PORTION entries at a time."""
    sealed = (
        sa.select(count_batch.c.payload)
        .where(count_batch.c.sealed_in > after, count_batch.c.sealed_in <= until)
        .order_by(count_batch.c.id)
    )
    options = {"stream_results": True, "yield_per": 200}
    parts, entries = [], 0
    for payload in connection.execute(sealed, execution_options=options).scalars():
        parts.append(unpack(bytes(payload)))
        entries += len(parts[-1])
        if entries > PORTION:
            yield Deltas.joined(parts).summed()
            parts, entries = [], 0
    if parts:
        yield Deltas.joined(parts).summed()


def write(target: Path, parts: Sequence[Segment | Deltas], base: Path | None, areas: AreaIndex) -> None:
    """Fill a fresh folder with the sum of all parts; base: the folder whose segments come first among them, if any.

    Raises OSError (a full disk).
    """
    if base is not None and _keeps_big(base, parts, areas):
        os.link(base / _BIG, target / _BIG)
        _write(target / _SMALL, parts[1:], areas)
    else:
        _write(target / _BIG, parts, areas)
    directory = os.open(target, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def fresh_name(prefix: str) -> str:
    """A folder name that was never used."""
    return f"{prefix}-{uuid4().hex}"


def remove_others(folder: Path, names: Iterable[str]) -> None:
    """Remove every folder but these: older checkpoints, and what a crash left behind. Under the lock."""
    kept = {name for name in names if name}
    for path in folder.iterdir():
        if path.is_dir() and path.name not in kept:
            shutil.rmtree(path, ignore_errors=True)


def _fits(segment: Segment, areas: AreaIndex) -> bool:
    return len(segment.ids) == len(areas.ids) and bool((segment.ids == areas.ids).all())


def _keeps_big(base: Path, parts: Sequence[Segment | Deltas], areas: AreaIndex) -> bool:
    big = parts[0]
    if not (base / _BIG).exists() or not isinstance(big, Segment) or not _fits(big, areas):
        return False
    return sum(map(len, parts[1:])) <= max(_LEAST_SMALL, len(big) // _SHARE)


def _write(path: Path, parts: Sequence[Segment | Deltas], areas: AreaIndex, *, finest_only: bool = False) -> Segment:
    with path.open("wb", buffering=1 << 20) as file:
        sink = FileSink(file)
        build(parts, areas, sink, LAYERS[-1:] if finest_only else LAYERS)
        sink.finish()
    return open_segment(path)


def _open(path: Path) -> Segment:
    status = path.stat()
    key = status.st_dev, status.st_ino
    segment = _opened.get(key)
    if segment is None:
        segment = _opened[key] = open_segment(path)
    return segment


def _older(connection: sa.Connection, folder: Path, before: int) -> tuple[int, tuple[Segment, ...]]:
    """The newest older checkpoint whose folder is here; nothing, as of checkpoint 0, when there is none."""
    rows = connection.execute(
        sa.select(checkpoints.c.id, checkpoints.c.folder)
        .where(checkpoints.c.id < before)
        .order_by(checkpoints.c.id.desc())
    )
    for row in rows:
        segments = opened(folder, row.folder)
        if segments is not None:
            return row.id, segments
    return 0, ()

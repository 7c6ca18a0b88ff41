"""Tiles and features of every service that draws, on this map's grid: kept, asked for once, quiet while a service is away."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from datasources.errors import SourceError, TemporaryError
from datasources.visuals.contract import Box, Tile, VisualConnector
from datasources.visuals.pictures import picture, pixels, png
from datasources.visuals.shelf import Shelf
from geo.resample import resampled, sources_of
from geo.tiles import TILE_SIZE

MOST_BYTES = 512 << 20
NOTHING_SECONDS = 600
"""How long it is believed that there is nothing to draw at a place."""
FEATURES_SECONDS = 30
"""How long the features of a view are good at most: a wall of screens asks for one view."""
AWAY_SECONDS = 5
"""How long a service that did not answer is left alone, unless it asked for longer."""
FAILED_SECONDS = 30
MOST_FAILED = 4_096


@dataclass(frozen=True)
class Opened:
    """A service that draws: its connector, how long its answers are good, and what changes when its settings do."""

    connector: VisualConnector
    keep_seconds: int
    settings: str


@dataclass
class _Failures:
    """Errors by key, for a while."""

    clock: Callable[[], float]
    held: OrderedDict[Any, tuple[float, SourceError]] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def check(self, key: Any) -> None:
        with self.lock:
            until, error = self.held.get(key, (0.0, None))
        if error is not None and self.clock() < until:
            raise error

    def keep(self, key: Any, error: SourceError, seconds: float) -> None:
        with self.lock:
            self.held[key] = self.clock() + seconds, error
            while len(self.held) > MOST_FAILED:
                self.held.popitem(last=False)


class Atlas:
    """Draws layers by (source, layer). Raises the three errors, and KeyError for a source that draws nothing. Thread-safe."""

    def __init__(
        self, find: Callable[[str], Opened], folder: Path, clock: Callable[[], float], most_bytes: int = MOST_BYTES
    ) -> None:
        """find: the opened service of a source's name; folder: where tiles are kept."""
        self._find, self._clock = find, clock
        self._shelf = Shelf(folder, most_bytes, clock)
        self._failures = _Failures(clock)
        self._opened: dict[str, Opened] = {}
        self._under_way: dict[Any, tuple[threading.Lock, int]] = {}
        self._lock = threading.Lock()

    def opened(self, source: str) -> Opened:
        """The service of a source, opened once."""
        with self._lock:
            if source not in self._opened:
                self._opened[source] = self._find(source)
            return self._opened[source]

    def keep_seconds(self, source: str) -> int:
        """How long what a source draws is good."""
        return self.opened(source).keep_seconds

    def tile(self, source: str, layer: str, z: int, x: int, y: int) -> Tile | None:
        """A tile on the WGS-84 grid; None where there is nothing to draw."""
        found = self.opened(source)
        if found.connector.crs == "GCJ-02":
            return self._kept(source, (layer, z, x, y, "moved"), lambda: self._moved(source, layer, z, x, y))
        return self._raw(source, layer, z, x, y)

    def features(self, source: str, layer: str, box: Box, limit: int) -> dict[str, Any]:
        """See VisualConnector; the same view is asked for once in FEATURES_SECONDS."""
        key = (source, self.opened(source).settings, layer, "features", box, limit)
        with self._alone(key):
            body = self._shelf.get(key, min(self.opened(source).keep_seconds, FEATURES_SECONDS))
            if body:
                kept: dict[str, Any] = orjson.loads(body)
                return kept
            self._failures.check(source)
            self._failures.check(key)
            with self._noted(source, key):
                found = self.opened(source).connector.features(layer, box, limit)
            self._shelf.put(key, orjson.dumps(found))
            return found

    def _raw(self, source: str, layer: str, z: int, x: int, y: int) -> Tile | None:
        return self._kept(source, (layer, z, x, y), lambda: self.opened(source).connector.tile(layer, z, x, y))

    def _moved(self, source: str, layer: str, z: int, x: int, y: int) -> Tile | None:
        beneath = sources_of(z, x, y)
        found = {place: self._raw(source, layer, z, *place) for place in beneath.tiles}
        if not any(found.values()):
            return None
        (left, top), (right, bottom) = beneath.tiles[0], beneath.tiles[-1]
        mosaic = np.zeros(((bottom - top + 1) * TILE_SIZE, (right - left + 1) * TILE_SIZE, 4), np.uint8)
        for (column, row), tile in found.items():
            at_x, at_y = (column - left) * TILE_SIZE, (row - top) * TILE_SIZE
            mosaic[at_y : at_y + TILE_SIZE, at_x : at_x + TILE_SIZE] = pixels(tile, TILE_SIZE, source)
        return png(resampled(beneath, mosaic, left, top))

    def _kept(self, source: str, what: tuple[object, ...], make: Callable[[], Tile | None]) -> Tile | None:
        key = (source, self.opened(source).settings, *what)
        with self._alone(key):
            body = self._shelf.get(key, self.opened(source).keep_seconds)
            if body:
                return picture(body, source)
            if body is not None and self._shelf.get(key, NOTHING_SECONDS) is not None:
                return None
            self._failures.check(source)
            self._failures.check(key)
            with self._noted(source, key):
                tile = make()
            self._shelf.put(key, tile.body if tile else b"")
            return tile

    @contextmanager
    def _noted(self, source: str, key: Any) -> Iterator[None]:
        """Remember a failure: of a service that is away for all it draws, of anything else for this one thing."""
        try:
            yield
        except TemporaryError as error:
            self._failures.keep(source, error, max(AWAY_SECONDS, min(error.retry_after_seconds or 0, 600)))
            raise
        except SourceError as error:
            self._failures.keep(key, error, FAILED_SECONDS)
            raise

    @contextmanager
    def _alone(self, key: Any) -> Iterator[None]:
        """One at a time for a key: who comes second finds what the first was given."""
        with self._lock:
            lock, waiting = self._under_way.get(key, (threading.Lock(), 0))
            self._under_way[key] = lock, waiting + 1
        try:
            with lock:
                yield
        finally:
            with self._lock:
                lock, waiting = self._under_way[key]
                if waiting == 1:
                    del self._under_way[key]
                else:
                    self._under_way[key] = lock, waiting - 1


def digest(settings: object) -> str:
    """A short name of settings, from which they cannot be read."""
    return hashlib.blake2b(repr(settings).encode(), digest_size=8).hexdigest()

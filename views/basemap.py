"""Tiles of the base map, drawn from the stored features when they are first asked for."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import shapely
import sqlalchemy as sa

from components.basemap import MAX_ZOOM, MIN_ZOOM, Shapes, base_picture, over_picture
from components.raster import png
from components.theme import THEMES, Theme
from geo.panes import Pane, to_world
from geo.tiles import pixels_to_lonlat
from store.engine import read
from store.features import features_version, read_features
from views.kept import Kept
from views.outlines import Outlines
from views.tilefiles import TileFiles

DRAWING = 1
"""Grows when the same features are drawn differently, so that no old tile is shown."""

BASE, OVER = "base", "over"
LAYERS = (BASE, OVER)
LOOK_SECONDS = 5
"""How often the features are asked whether they changed."""
MEMORY_BYTES = 32 << 20
_REACH_PX = 40.0
"""How far outside a tile a feature can still reach into it: half of the widest road, and a shore."""


@dataclass(frozen=True, eq=False)
class Ground:
    """The features of one version."""

    version: str
    shapes: Shapes
    outline: shapely.Geometry | None

    @property
    def bounds(self) -> tuple[float, float, float, float] | None:
        """(west, south, east, north) in degrees of the features, or None without any."""
        if not len(self.shapes):
            return None
        left, top, right, bottom = shapely.total_bounds(self.shapes.geometry)
        lon, lat = pixels_to_lonlat([left, right], [bottom, top], 0, tile_size=1)
        return float(lon[0]), float(lat[0]), float(lon[1]), float(lat[1])


class BaseMap:
    """The base map of one store. Thread-safe."""

    def __init__(self, engine: sa.Engine, outlines: Outlines, folder: Path, clock: Callable[[], int]) -> None:
        """folder: where finished tiles are kept. clock: epoch seconds."""
        self.engine, self.outlines, self.clock = engine, outlines, clock
        self._files = TileFiles(folder)
        self._memory: Kept[bytes] = Kept(MEMORY_BYTES, len)
        self._lock = Lock()
        self._ground: Ground | None = None
        self._looked_at = 0

    def ground(self) -> Ground:
        """The features as they stand; looked at again after LOOK_SECONDS."""
        with self._lock:
            now = self.clock()
            if self._ground is None or not 0 <= now - self._looked_at < LOOK_SECONDS:
                self._ground, self._looked_at = self._look(), now
            return self._ground

    def _look(self) -> Ground:
        with read(self.engine) as connection:
            version = _text(features_version(connection), self.outlines.whole)
            if self._ground is not None and self._ground.version == version:
                return self._ground
            columns = read_features(connection)
        self._files.keep_only(version)
        return Ground(version, shapes_of(columns), self.outlines.whole)

    def info(self) -> dict[str, Any]:
        """version, features (how many of each kind), bounds in degrees or None, zooms; `plain` = nothing to draw."""
        ground = self.ground()
        kinds, numbers = np.unique(ground.shapes.kind.astype(str), return_counts=True)
        return {
            "version": ground.version,
            "plain": not len(ground.shapes),
            "features": dict(zip(kinds.tolist(), numbers.tolist(), strict=True)),
            "bounds": ground.bounds,
            "min_zoom": MIN_ZOOM,
            "max_zoom": MAX_ZOOM,
        }

    def tile(self, layer: str, theme: str, z: int, x: int, y: int, scale: int) -> tuple[bytes, str]:
        """A tile as PNG, and its version. layer: base | over; scale: 1 | 2; z: up to MAX_ZOOM, plain below MIN_ZOOM."""
        ground = self.ground()
        pane = Pane.tile(z, x, y)
        if z < MIN_ZOOM or not len(ground.shapes.tree.query(shapely.box(*pane.box(_REACH_PX)))):
            return self._memory.get(
                ("plain", layer, theme, scale), lambda: _drawn(layer, theme, _EMPTY, pane, scale)
            ), (ground.version)
        name = f"{layer}-{theme}{'@2x' if scale > 1 else ''}/{z}/{x}-{y}.png"

        def make() -> bytes:
            return self._files.get(ground.version, name, lambda: _drawn(layer, theme, ground, pane, scale))

        return self._memory.get((ground.version, name), make), ground.version


def shapes_of(columns: dict[str, Any]) -> Shapes:
    """Features (columns kind, rank, geometry in WGS-84) as the drawing wants them; points have no extent to draw."""
    drawn = shapely.get_dimensions(columns["geometry"]) > 0
    return Shapes(columns["kind"][drawn], columns["rank"][drawn], to_world(columns["geometry"][drawn]))


_NONE = np.array([], dtype=object)
_EMPTY = Ground("", Shapes(_NONE, _NONE, _NONE), None)


def _drawn(layer: str, theme_name: str, ground: Ground, pane: Pane, scale: int) -> bytes:
    theme: Theme = THEMES[theme_name]
    if pane.zoom < MIN_ZOOM:
        pane, ground = Pane(MIN_ZOOM, 0, 0), _EMPTY
    if layer == OVER:
        return png(over_picture(ground.shapes, pane, theme, ground.outline, scale))
    return png(base_picture(ground.shapes, pane, theme, scale))


def _text(features: tuple[int, int, int], outline: shapely.Geometry | None) -> str:
    digest = hashlib.blake2b(repr((DRAWING, features)).encode(), digest_size=8)
    digest.update(b"" if outline is None else shapely.to_wkb(outline))
    return digest.hexdigest()

"""visuals.pmtiles: an archive of tiles on this machine, pictures or vectors."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import shapely

from config_errors import read_model
from datasources.contract import Clock
from datasources.errors import BadDataError
from datasources.visuals.contract import Box, Tile
from datasources.visuals.layered import Layer, Layered
from datasources.visuals.pictures import picture
from datasources.visuals.pmtiles.archive import described, tile_of
from datasources.visuals.pmtiles.options import PmtilesOptions
from datasources.visuals.pmtiles.vectortile import read_tile
from datasources.visuals.served import chosen
from datasources.visuals.vectors import collection, converted, declared, label_of, sample
from geo.tiles import tiles_covering

LAYER = "tiles"
MOST_TILES = 16
"""Of vectors, tiles that are read for one view: a coarser level is taken before there are more."""


class PmtilesConnector(Layered):
    """One layer. The archive is opened for each question, so it may be replaced."""

    def __init__(self, options: Mapping[str, Any], *, folder: Path, zone: ZoneInfo, clock: Clock) -> None:
        """Options: PmtilesOptions. Raises config.ConfigError."""
        del zone, clock
        self.options = read_model(PmtilesOptions, options, "options")
        self._file = folder / self.options.path
        self.origin = self._file.name

    def layers(self) -> Iterator[Layer]:
        """The one layer, as the archive's header says."""
        told, given = described(self._file), self.options
        if told.layers:
            chosen(dict.fromkeys(told.layers), given.layers, self.origin)
        title, whose = given.title or told.title or self._file.stem, given.attribution or told.attribution or None
        shape = sample([each for each, _label in self._drawn(told.bounds)]) if told.is_vector else None
        yield Layer(
            LAYER, "vector" if told.is_vector else "raster", title, whose, given.bounds or told.bounds,
            told.min_zoom, told.max_zoom, shape,
        )  # fmt: skip

    def tile(self, layer: str, z: int, x: int, y: int) -> Tile | None:
        """See VisualConnector."""
        if layer != LAYER:
            return super().tile(layer, z, x, y)
        body = tile_of(self._file, z, x, y)
        return picture(body, self.origin) if body else None

    def features(self, layer: str, box: Box, limit: int) -> dict[str, Any]:
        """See VisualConnector. Features are cut at the edges of their tiles, as the archive has them."""
        if layer != LAYER:
            return super().features(layer, box, limit)
        found = self._drawn(declared(box, self.crs))
        shapes = converted([shape for shape, _label in found], self.crs)
        kept = [
            (shape, label)
            for shape, (_raw, label) in zip(shapes, found, strict=True)
            if shapely.box(*box).intersects(shape)
        ]
        return collection(kept[:limit], len(kept))

    def _drawn(self, box: Box) -> list[tuple[Any, str]]:
        """Shapes (as the archive has them) and labels within a box, from the finest level that is not too many tiles."""
        told = described(self._file)
        inner = tuple(
            pick(a, b) for pick, a, b in zip((max, max, min, min), box, told.bounds, strict=True)
        )  # fmt: skip
        if not told.is_vector or inner[0] > inner[2] or inner[1] > inner[3]:
            return []
        levels = range(told.max_zoom, told.min_zoom - 1, -1)
        tiles = next(
            (found for z in levels if len(found := list(tiles_covering(inner, z))) <= MOST_TILES),  # type: ignore[arg-type]
            list(tiles_covering(inner, told.min_zoom))[:MOST_TILES],  # type: ignore[arg-type]
        )
        try:
            return [
                (shape, label_of(named, self.options.label))
                for place in tiles
                if (body := tile_of(self._file, *place)) is not None
                for shape, named in read_tile(body, *place, self.options.layers)
            ]
        except ValueError as error:
            raise BadDataError(f"{self.origin}: a tile {error}; is the archive cut?") from error

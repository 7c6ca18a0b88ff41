"""visuals.demo: two layers of the fictitious 云浦街道, drawn here: a picture and points (demo/overlays.py)."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import shapely

from config_errors import read_model
from datasources.contract import Clock
from datasources.visuals.contract import Box, Tile
from datasources.visuals.layered import Layer, Layered
from datasources.visuals.options import LayerOptions
from datasources.visuals.pictures import png
from datasources.visuals.vectors import Features, sample
from demo import overlays
from geo.tiles import TILE_SIZE, pixels_to_lonlat, tile_bounds

FLOOD, HYDRANTS = "flood", "hydrants"
COARSE = 4
"""Depths are computed at every fourth pixel."""


class DemoLayersConnector(Layered):
    """The same layers at every time. It needs no network."""

    origin = "demo/layers"

    def __init__(self, options: Mapping[str, Any], *, folder: Path, zone: ZoneInfo, clock: Clock) -> None:
        """Options: LayerOptions. Raises config.ConfigError."""
        del folder, zone, clock
        self.options = read_model(LayerOptions, options, "options")

    def layers(self) -> Iterator[Layer]:
        """A raster and a vector layer."""
        whose = self.options.attribution or "云浦街道（演示）"
        yield Layer(FLOOD, "raster", "内涝风险", whose, overlays.bounds(), 10, 17)
        yield Layer(HYDRANTS, "vector", "消火栓", whose, shape=sample(list(overlays.hydrants().points)))

    def tile(self, layer: str, z: int, x: int, y: int) -> Tile | None:
        """See VisualConnector."""
        if layer != FLOOD:
            return super().tile(layer, z, x, y)
        west, south, east, north = tile_bounds(z, x, y)
        if not shapely.box(west, south, east, north).intersects(shapely.box(*overlays.bounds())):
            return None
        nodes = np.arange(0, TILE_SIZE + 1, COARSE)
        across, down = np.meshgrid(x * TILE_SIZE + nodes, y * TILE_SIZE + nodes)
        lon, lat = pixels_to_lonlat(across.ravel(), down.ravel(), z)
        depths = overlays.depths(lon, lat).reshape(across.shape)
        return png(overlays.coloured(_finer(depths)))

    def features(self, layer: str, box: Box, limit: int) -> dict[str, Any]:
        """See VisualConnector."""
        return _hydrants().within(box, limit) if layer == HYDRANTS else super().features(layer, box, limit)


@lru_cache(maxsize=1)
def _hydrants() -> Features:
    found = overlays.hydrants()
    return Features(list(found.points), list(found.numbers))


def _finer(depths: np.ndarray) -> np.ndarray:
    """Values at the middle of every pixel, from those at the nodes."""
    at = (np.arange(TILE_SIZE) + 0.5) / COARSE
    low, part = at.astype(int), at - at.astype(int)
    rows = depths[low] * (1 - part)[:, None] + depths[low + 1] * part[:, None]
    return np.asarray(rows[:, low] * (1 - part) + rows[:, low + 1] * part)

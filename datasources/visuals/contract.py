"""What a connector to map layers gives beside its pages.

Its pages list the layers (record overlay): id, kind raster | vector (gone: offered no more), title, attribution, bounds, zooms. A layer is drawn on
demand: a tile on the Web Mercator grid (XYZ), or features. The connector is told in which coordinate system its source
draws (`crs` of [[sources]]). Features are handed out in WGS-84; tiles as they came, and the atlas re-samples those of
GCJ-02. BD-09 tiles are refused when the configuration is read.
"""

from dataclasses import dataclass
from typing import Any, Protocol

from datasources.contract import Connector

Box = tuple[float, float, float, float]
"""(west, south, east, north) in degrees."""


@dataclass(frozen=True)
class Tile:
    """A tile of 256 × 256 map pixels (or a multiple): bytes as they came, and their media type."""

    body: bytes
    media_type: str


class VisualConnector(Connector, Protocol):
    """A connector to layers. Each method raises the three errors of datasources.errors and nothing else."""

    crs: str

    def tile(self, layer: str, z: int, x: int, y: int) -> Tile | None:
        """A raster tile of a layer as its source draws it; None where there is nothing to draw."""

    def features(self, layer: str, box: Box, limit: int) -> dict[str, Any]:
        """A GeoJSON FeatureCollection (WGS-84) of a vector layer within (west, south, east, north), at most `limit`.

        "numberMatched" says how many there are where the source tells, so that a screen can say what it left out.
        """

"""What a connector to map layers gives beside its pages.

Its pages list the layers (record overlay): id, kind raster | vector, title, attribution, bounds, zooms. A layer is drawn on
demand: a tile on the Web Mercator grid (XYZ), or features. The connector says in which coordinate system its source
draws (`crs`); what it hands out is WGS-84: vectors are shifted, GCJ-02 rasters re-sampled, BD-09 rasters refused.
"""

from dataclasses import dataclass
from typing import Any, Protocol

from datasources.contract import Connector


@dataclass(frozen=True)
class Tile:
    """A tile of 256 × 256 map pixels (or a multiple): bytes as they came, and their media type."""

    body: bytes
    media_type: str


class VisualConnector(Connector, Protocol):
    """A connector to layers. Each method raises the three errors of datasources.errors and nothing else."""

    def tile(self, layer: str, z: int, x: int, y: int) -> Tile | None:
        """A raster tile of a layer; None where there is nothing to draw."""

    def features(self, layer: str, box: tuple[float, float, float, float], limit: int) -> dict[str, Any]:
        """A GeoJSON FeatureCollection (WGS-84) of a vector layer within (west, south, east, north), at most `limit`.

        "numberMatched" says how many there are where the source tells, so that a screen can say what it left out.
        """

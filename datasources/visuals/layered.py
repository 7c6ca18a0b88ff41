"""What every connector to map layers has in common: its list of layers as pages, and its coordinate system."""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any, ClassVar

import pandas as pd
import shapely

from config import ConfigError
from datasources.contract import GEOMETRY, Cursor, Page
from datasources.errors import BadDataError
from datasources.visuals.contract import Box, Tile
from geo.crs import WGS84

FIELDS: dict[str, Any] = {
    "external_id": "id",
    "geometry": {"geometry": True},
    **{
        name: name
        for name in ("kind", "title", "attribution", "west", "south", "east", "north", "min_zoom", "max_zoom")
    },
}
"""The usual mapping of a list of layers."""

SHOWN = 5
GONE = "gone"
"""Kind of a layer that is offered no more."""
DRAWN_IN = frozenset({WGS84, "EPSG:4490", "EPSG:3857", "GCJ-02"})
"""Systems in which tiles of the Web Mercator grid may be declared; CGCS2000 and WGS-84 differ by less than a metre."""


@dataclass(frozen=True)
class Layer:
    """A layer as its service offers it.

    bounds: WGS-84 degrees where the service tells; shape: a sample of a vector layer, in the source's own coordinates,
    from which bounds and the distance to the areas are told.
    """

    id: str
    kind: str
    title: str | None = None
    attribution: str | None = None
    bounds: Box | None = None
    min_zoom: int | None = None
    max_zoom: int | None = None
    shape: shapely.Geometry | None = None

    def row(self) -> dict[str, Any]:
        """The layer as a raw row."""
        west, south, east, north = self.bounds or (None,) * 4
        facts = {k: v for k, v in asdict(self).items() if k not in ("bounds", "shape")}
        return {**facts, "west": west, "south": south, "east": east, "north": north, GEOMETRY: self.shape}

    def digest(self, crs: str) -> str:
        """What changes when the layer, or what is said of its coordinates, does."""
        facts = {**self.row(), GEOMETRY: shapely.to_wkb(self.shape) if self.shape else b""}
        return hashlib.blake2b(repr((crs, sorted(facts.items()))).encode(), digest_size=8).hexdigest()


class Layered(ABC):
    """A service that draws layers. Cursor: {"layers": {id: digest}}, those that were told as they are now."""

    FIELDS = FIELDS
    RASTER: ClassVar[bool] = True
    """Whether its layers are (or may be) tiles."""
    origin: str
    crs: str = WGS84

    def declare(self, crs: str, where: str) -> None:
        """Say in which system the source draws. Raises config.ConfigError for tiles that cannot be brought onto the map."""
        if self.RASTER and crs.upper() == "BD-09":
            raise ConfigError(
                f"{where}.crs: tiles in BD-09 lie on a grid of Baidu's own and cannot be laid onto this map; use a service in WGS-84, CGCS2000 or GCJ-02"
            )
        if self.RASTER and crs.upper() not in DRAWN_IN:
            raise ConfigError(
                f"{where}.crs: tiles cannot be declared in {crs}; write one of {', '.join(sorted(DRAWN_IN))}"
            )
        self.crs = crs.upper()

    @abstractmethod
    def layers(self) -> Iterator[Layer]:
        """Every layer the service offers, asked of the service itself. Raises the three errors."""

    def pages(self, cursor: Cursor | None) -> Iterator[Page]:
        """A page for each layer that is new, told otherwise than before, or gone. Raises the three errors."""
        try:
            known = dict((cursor or {}).get("layers") or {})
        except (TypeError, ValueError, AttributeError) as error:
            raise BadDataError(f"{self.origin}: the cursor is not its own; read it afresh (sync --once)") from error
        offered: set[str] = set()
        for layer in self.layers():
            digest = layer.digest(self.crs)
            offered.add(layer.id)
            if known.get(layer.id) != digest:
                known = {**known, layer.id: digest}
                yield self._page(layer, len(offered), known)
        for number, name in enumerate(sorted(known.keys() - offered), start=len(offered) + 1):
            known = {each: digest for each, digest in known.items() if each != name}
            yield self._page(Layer(name, GONE), number, known)

    def sample(self) -> Iterator[Page]:
        """The first layers as one page, to be looked at. Raises the three errors."""
        rows = [layer.row() for layer in islice(self.layers(), SHOWN)]
        if rows:
            yield Page(pd.DataFrame(rows, dtype=object), self.origin, 1, None)

    def _page(self, layer: Layer, number: int, known: dict[str, str]) -> Page:
        return Page(pd.DataFrame([layer.row()], dtype=object), self.origin, number, {"layers": known})

    def tile(self, layer: str, z: int, x: int, y: int) -> Tile | None:
        """See VisualConnector."""
        raise BadDataError(f"{self.origin}: '{layer}' has no tiles ({z}/{x}/{y})")

    def features(self, layer: str, box: Box, limit: int) -> dict[str, Any]:
        """See VisualConnector."""
        raise BadDataError(f"{self.origin}: '{layer}' has no features (within {box}, at most {limit})")

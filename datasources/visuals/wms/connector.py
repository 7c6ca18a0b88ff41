"""visuals.wms: maps drawn by a web map service, asked for tile by tile."""

from collections.abc import Iterator
from dataclasses import replace

from datasources.visuals.addresses import with_query
from datasources.visuals.contract import Tile
from datasources.visuals.layered import Layer
from datasources.visuals.served import Served, chosen
from datasources.visuals.wms.capabilities import read_layers
from datasources.visuals.wms.options import WmsOptions
from geo.tiles import TILE_SIZE, tile_bounds, tile_bounds_m

SYSTEM = {"1.1.1": "SRS", "1.3.0": "CRS"}
"""What the parameter of the coordinate system is called (OGC 01-068r3 7.2.3.5, 06-042 7.3.3.5)."""


class WmsConnector(Served[WmsOptions]):
    """Layers that the options name, else all of the capabilities."""

    OPTIONS = WmsOptions

    def layers(self) -> Iterator[Layer]:
        """The layers of the capabilities, or those named; of version 1.1.1 each named one, once it was seen."""
        told = self.options
        if told.version == "1.1.1":
            yield from self._named()
            return
        given = {"SERVICE": "WMS", "REQUEST": "GetCapabilities", "VERSION": told.version, **told.query}
        root = self.asking.get(with_query(told.url, given)).xml()
        offered = {each.id: each for each in read_layers(root, self.origin, told.attribution)}
        for layer in chosen(offered, told.layers, self.origin):
            yield replace(
                layer, title=self.titled(layer.title or layer.id), bounds=told.bounds or layer.bounds,
                min_zoom=told.min_zoom, max_zoom=told.max_zoom,
            )  # fmt: skip

    def _named(self) -> Iterator[Layer]:
        told = self.options
        for name in told.layers:
            self.look(name, told.bounds)
            yield Layer(
                name, "raster", self.titled(name), told.attribution, told.bounds, told.min_zoom, told.max_zoom
            )  # fmt: skip

    def tile(self, layer: str, z: int, x: int, y: int) -> Tile | None:
        """See VisualConnector."""
        options = self.options
        given = {
            "SERVICE": "WMS", "REQUEST": "GetMap", "VERSION": options.version, "LAYERS": layer, "STYLES": options.style,
            "FORMAT": options.format, "TRANSPARENT": str(options.transparent).upper(), "WIDTH": TILE_SIZE, "HEIGHT": TILE_SIZE,
            SYSTEM[options.version]: options.projection, "BBOX": ",".join(f"{side:.9f}" for side in self._box(z, x, y)),
            **options.query,
        }  # fmt: skip
        return self.picture_at(with_query(options.url, given))

    def _box(self, z: int, x: int, y: int) -> tuple[float, float, float, float]:
        """The sides in the order that the version asks for: 1.3.0 gives EPSG:4326 latitude first."""
        if self.options.projection == "EPSG:3857":
            return tile_bounds_m(z, x, y)
        west, south, east, north = tile_bounds(z, x, y)
        return (south, west, north, east) if self.options.version == "1.3.0" else (west, south, east, north)

"""visuals.xyz: tiles by a template of an address (XYZ, or TMS with {-y})."""

from collections.abc import Iterator

from datasources.visuals.addresses import filled, hosts_of, subdomain
from datasources.visuals.contract import Tile
from datasources.visuals.layered import Layer
from datasources.visuals.served import Served
from datasources.visuals.xyz.options import XyzOptions

LAYER = "tiles"


class XyzConnector(Served[XyzOptions]):
    """One layer. Its list is what the options say, told once a tile was seen."""

    OPTIONS = XyzOptions

    def addresses(self) -> tuple[str, ...]:
        """One for each subdomain."""
        return hosts_of(self.options.url, self.options.subdomains)

    def layers(self) -> Iterator[Layer]:
        """The one layer."""
        told = self.options
        self.look(LAYER, told.bounds)
        yield Layer(LAYER, "raster", told.title, told.attribution, told.bounds, told.min_zoom, told.max_zoom)

    def tile(self, layer: str, z: int, x: int, y: int) -> Tile | None:
        """See VisualConnector."""
        if layer != LAYER:
            return super().tile(layer, z, x, y)
        host = subdomain(self.options.subdomains, x, y)
        return self.picture_at(filled(self.options.url, {"z": z, "x": x, "y": y, "-y": (1 << z) - 1 - y, "s": host}))

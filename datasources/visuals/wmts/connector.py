"""visuals.wmts: tiles of a web map tile service, by question (KVP) or by template (REST)."""

from collections.abc import Iterator
from typing import Any

from config_errors import hint
from datasources.errors import BadDataError
from datasources.visuals.addresses import blanks, filled, hosts_of, subdomain, with_query
from datasources.visuals.contract import Tile
from datasources.visuals.held import Held
from datasources.visuals.layered import Layer
from datasources.visuals.served import Served, chosen
from datasources.visuals.wmts.capabilities import Offered, read_offers
from datasources.visuals.wmts.options import TITLES, WmtsOptions

DOCUMENT = ".xml"
"""Ending of an address at which the capabilities lie as a file, so that nothing else is asked there."""


class WmtsConnector(Served[WmtsOptions]):
    """Layers that the options name with their tile matrix set, else those of the capabilities in Web Mercator."""

    OPTIONS = WmtsOptions

    def __init__(self, options: Any, **given: Any) -> None:
        """Options: WmtsOptions. Raises config.ConfigError."""
        super().__init__(options, **given)
        self._offered = Held(self._read, self.options.keep_seconds, self.clock)

    def addresses(self) -> tuple[str, ...]:
        """One for each subdomain."""
        return hosts_of(self.options.url, self.options.subdomains)

    def layers(self) -> Iterator[Layer]:
        """Each layer, once it was seen: named ones by a tile, others in the capabilities."""
        if self.options.matrix_set:
            yield from self._named()
            return
        told = self.options
        for each in chosen(self._offered.afresh(), told.layers, self.origin):
            zooms = [z for z in each.matrices if told.min_zoom <= z <= told.max_zoom]
            yield Layer(
                each.id, "raster", self.titled(each.title or each.id), told.attribution, told.bounds or each.bounds,
                min(zooms, default=told.min_zoom), max(zooms, default=told.max_zoom),
            )  # fmt: skip

    def tile(self, layer: str, z: int, x: int, y: int) -> Tile | None:
        """See VisualConnector."""
        offered = self._offer(layer)
        matrix = offered.matrices.get(z) if offered.matrices else filled(self.options.matrix, {"z": z})
        if matrix is None:
            return None
        place = {"TILEMATRIX": matrix, "TILEROW": y, "TILECOL": x}
        host = {"s": subdomain(self.options.subdomains, x, y)}
        if offered.template:
            url = filled(offered.template, {**offered.named(), **place, **host})
            return self.picture_at(with_query(url, self.options.sent))
        asked = {"SERVICE": "WMTS", "REQUEST": "GetTile", "VERSION": "1.0.0", **offered.named(), **place}
        url = self.options.url if not self.options.url.endswith(DOCUMENT) else offered.url
        return self.picture_at(with_query(filled(url, {"layer": layer, **host}), {**asked, **self.options.sent}))

    def _named(self) -> Iterator[Layer]:
        told = self.options
        titles = TITLES.get(told.preset or "", {})
        for name in told.layers:
            self.look(name, told.bounds)
            title = self.titled(titles.get(name, name))
            yield Layer(name, "raster", title, told.attribution, told.bounds, told.min_zoom, told.max_zoom)

    def _offer(self, layer: str) -> Offered:
        told = self.options
        if told.matrix_set:
            template = told.url if "tilerow" in blanks(told.url) else ""
            return Offered(layer, layer, None, told.style, told.format, told.matrix_set, {}, template)
        found = self._offered.get()
        if layer not in found:
            raise BadDataError(f"{self.origin}: offers no layer '{layer}' that can be drawn{hint(layer, found)}")
        return found[layer]

    def _read(self) -> dict[str, Offered]:
        url, more = self.options.url, {"SERVICE": "WMTS", "REQUEST": "GetCapabilities", "VERSION": "1.0.0"}
        asked = with_query(url, {**({} if url.endswith(DOCUMENT) else more), **self.options.sent})
        return {each.id: each for each in read_offers(self.asking.get(asked).xml(), self.origin)}

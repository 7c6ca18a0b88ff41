"""visuals.ogcapi: collections of OGC API Features as vector layers; where they offer map tiles, as pictures too."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from config import ConfigError
from datasources.errors import BadDataError
from datasources.visuals.addresses import filled, with_query
from datasources.visuals.contract import Box, Tile
from datasources.visuals.held import Held
from datasources.visuals.layered import Layer
from datasources.visuals.ogcapi.links import Document, following, links, tiles_of
from datasources.visuals.ogcapi.options import OgcapiOptions
from datasources.visuals.served import Served, chosen
from datasources.visuals.vectors import collection, converted, declared, read_collection, sample

MAP = "/map"
"""Ending of the id of a collection's layer of pictures."""
MOST_PAGES = 20
PAGE = 500
DEGREES = ("EPSG:4326", "EPSG:4490", "GCJ-02", "BD-09")
"""What longitude and latitude may be declared in."""


class OgcapiConnector(Served[OgcapiOptions]):
    """Asks in CRS84 (longitude, latitude), which every server speaks; links are followed within the named hosts."""

    OPTIONS = OgcapiOptions
    RASTER = False

    def __init__(self, options: Any, **given: Any) -> None:
        """Options: OgcapiOptions. Raises config.ConfigError."""
        super().__init__(options, **given)
        self._tiles = Held(self._templates, self.options.keep_seconds, self.clock)

    def declare(self, crs: str, where: str) -> None:
        """See Layered. Tiles of BD-09 are left out, its features are not."""
        if crs.upper() not in DEGREES:
            raise ConfigError(
                f"{where}.crs: OGC API Features answer in degrees, not in {crs}; write one of {', '.join(DEGREES)}"
            )
        super().declare(crs, where)

    def layers(self) -> Iterator[Layer]:
        """Each collection, page by page."""
        told, offered = self.options, self._collections()
        for each in chosen(offered, told.collections, self.origin):
            name, title = str(each["id"]), str(each.get("title") or each["id"])
            bounds, whose = told.bounds or _bounds(each), told.attribution or each.get("attribution")
            if any(links(each, "items")):
                yield Layer(name, "vector", title, whose, bounds, shape=sample(self._sample(name)))
            if self.crs != "BD-09" and tiles_of(each, told.url, self._json):
                yield Layer(f"{name}{MAP}", "raster", title, whose, bounds, told.min_zoom, told.max_zoom)

    def features(self, layer: str, box: Box, limit: int) -> dict[str, Any]:
        """See VisualConnector. "more": True where the service has more than it gave."""
        sides = ",".join(f"{side:.6f}" for side in declared(box, self.crs))
        shapes: list[Any] = []
        labels: list[str] = []
        matched, more = None, False
        for whole, goes_on in self._pages(self._items(layer, {"bbox": sides, "limit": min(limit, PAGE)})):
            found, named = read_collection(whole, self.origin, self.options.label)
            shapes, labels = shapes + found, labels + named
            matched, more = whole.get("numberMatched", matched), goes_on
            if len(shapes) >= limit:
                break
        drawn = zip(converted(shapes[:limit], self.crs), labels, strict=False)
        told = collection(drawn, matched if isinstance(matched, int) else None)
        return {**told, "more": more or len(shapes) > limit}

    def tile(self, layer: str, z: int, x: int, y: int) -> Tile | None:
        """See VisualConnector."""
        if not layer.endswith(MAP):
            return super().tile(layer, z, x, y)
        template = self._tiles.get().get(layer.removesuffix(MAP))
        if template is None:
            raise BadDataError(f"{self.origin}: '{layer}' offers no map tiles on the Web Mercator grid")
        return self.picture_at(
            with_query(filled(template, {"tilematrix": z, "tilerow": y, "tilecol": x}), self.options.query)
        )

    def _templates(self) -> dict[str, str]:
        found = chosen(self._collections(), self.options.collections, self.origin)
        made = {str(each["id"]): tiles_of(each, self.options.url, self._json) for each in found}
        return {name: template for name, template in made.items() if template}

    def _collections(self) -> dict[str, Document]:
        found: dict[str, Document] = {}
        for whole, _more in self._pages(self._at("collections", {})):
            told = whole.get("collections")
            if not isinstance(told, list):
                raise BadDataError(
                    f"{self.origin} answers without a list of collections; is options.url the landing page?"
                )
            found |= {str(each["id"]): each for each in told if isinstance(each, Mapping) and "id" in each}
        return found

    def _sample(self, name: str) -> list[Any]:
        shapes: list[Any] = []
        for whole, _more in self._pages(self._items(name, {"limit": PAGE})):
            shapes += read_collection(whole, self.origin, self.options.label)[0]
            if len(shapes) >= PAGE:
                break
        return shapes

    def _items(self, name: str, given: Mapping[str, object]) -> str:
        return self._at(f"collections/{quote(name, safe='')}/items", given)

    def _at(self, path: str, given: Mapping[str, object]) -> str:
        return with_query(f"{self.options.url.rstrip('/')}/{path}", {"f": "json", **self.options.query, **given})

    def _json(self, url: str) -> Document:
        whole = self.asking.get(url, headers={"Accept": "application/geo+json, application/json"}).json()
        if not isinstance(whole, Mapping):
            raise BadDataError(f"{self.origin} answers with JSON that is no object; check options.url")
        return whole

    def _pages(self, url: str | None) -> Iterator[tuple[Document, bool]]:
        """Each page of an answer, by its next links, and whether it has more; at most MOST_PAGES."""
        for _page in range(MOST_PAGES):
            if url is None:
                return
            whole = self._json(url)
            url = following(whole, url, self.options.query)
            yield whole, url is not None


def _bounds(whole: Document) -> Box | None:
    """The first box of extent.spatial.bbox; of six numbers the heights are left out."""
    try:
        numbers = [float(each) for each in whole["extent"]["spatial"]["bbox"][0]]
        west, south, east, north = numbers if len(numbers) == 4 else (*numbers[:2], *numbers[3:5])
    except (KeyError, IndexError, TypeError, ValueError):
        return None
    return west, south, east, north

"""The layers of a WMTS capabilities document (OGC 07-057r7) that lie on the Web Mercator grid."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from datasources.errors import BadDataError
from datasources.visuals.addresses import blanks
from datasources.visuals.contract import Box
from datasources.visuals.xmltree import below, children, text
from geo.tiles import HALF_WORLD_M, TILE_SIZE

MERCATOR = ("3857", "900913", "3785", "102100")
WHOLE_WORLD = 559_082_264.028_717_8
"""Scale denominator of level 0 (256 pixels for the world, 0.28 mm each: 07-057r7, annex E.4)."""
NEAR = 0.01
NEAR_M = 1.0
PICTURES = ("image/png", "image/jpeg", "image/webp", "image/gif")
FILLED = {"layer", "style", "tilematrixset", "tilematrix", "tilerow", "tilecol", "format"}
"""Blanks of a template that are filled in; dimensions are not."""
HREF = "{http://www.w3.org/1999/xlink}href"


@dataclass(frozen=True)
class Offered:
    """A layer as the capabilities offer it. matrices: zoom → name of the level; template, url: where its tiles are, "" = not said."""

    id: str
    title: str
    bounds: Box | None
    style: str
    format: str
    matrix_set: str
    matrices: dict[int, str]
    template: str
    url: str = ""

    def named(self) -> dict[str, str]:
        """What a question for any of its tiles says."""
        return {"LAYER": self.id, "STYLE": self.style, "TILEMATRIXSET": self.matrix_set, "FORMAT": self.format}


def read_offers(root: Element, place: str) -> Iterator[Offered]:
    """Layers of pictures with a tile matrix set in Web Mercator, in the order of the document. Raises BadDataError."""
    contents = below(root, "Contents")
    if contents is None:
        raise BadDataError(f"{place} answers with XML that is no WMTS capabilities; check options.url")
    sets = {text(each, "Identifier"): _matrices(each) for each in children(contents, "TileMatrixSet")}
    url = _question(root)
    for layer in children(contents, "Layer"):
        named = [text(each, "TileMatrixSet") for each in children(layer, "TileMatrixSetLink")]
        chosen = next((name for name in named if sets.get(name)), None)
        formats = [each for each in map(text, children(layer, "Format")) if each.startswith(PICTURES)]
        if chosen is not None and formats:
            yield _offer(layer, formats[0], chosen, sets[chosen], url)


def _offer(layer: Element, drawn: str, matrix_set: str, matrices: dict[int, str], url: str) -> Offered:
    styles = list(children(layer, "Style"))
    usual = next((each for each in styles if each.get("isDefault") == "true"), styles[0] if styles else None)
    templates = [
        each.get("template", "")
        for each in children(layer, "ResourceURL")
        if each.get("resourceType") == "tile" and each.get("format") == drawn
        if blanks(each.get("template", "")) <= FILLED
    ]
    return Offered(
        text(layer, "Identifier"), text(layer, "Title"), _bounds(layer),
        text(usual, "Identifier") if usual is not None else "default", drawn, matrix_set, matrices, (templates or [""])[0], url,
    )  # fmt: skip


def _question(root: Element) -> str:
    """The address that GetTile is asked at by KVP, "" where none is said."""
    operations = below(root, "OperationsMetadata")
    for each in children(operations, "Operation") if operations is not None else ():
        got = below(each, "DCP", "HTTP", "Get")
        if each.get("name") == "GetTile" and got is not None:
            return got.get(HREF, "")
    return ""


def _matrices(element: Element) -> dict[int, str]:
    """Zoom → name of each level of a set in Web Mercator with tiles of 256 pixels; empty for any other set."""
    if not text(element, "SupportedCRS").endswith(MERCATOR):
        return {}
    found = {}
    for each in children(element, "TileMatrix"):
        try:
            zoom = math.log2(WHOLE_WORLD / float(text(each, "ScaleDenominator")))
            west, north = (float(side) for side in text(each, "TopLeftCorner").split())
        except (ValueError, ZeroDivisionError):
            continue
        from_corner = abs(west + HALF_WORLD_M) < NEAR_M and abs(north - HALF_WORLD_M) < NEAR_M
        if from_corner and abs(zoom - round(zoom)) < NEAR and text(each, "TileWidth") == str(TILE_SIZE):
            found[round(zoom)] = text(each, "Identifier")
    return found


def _bounds(layer: Element) -> Box | None:
    corners = f"{text(layer, 'WGS84BoundingBox', 'LowerCorner')} {text(layer, 'WGS84BoundingBox', 'UpperCorner')}"
    try:
        west, south, east, north = (float(each) for each in corners.split())
    except ValueError:
        return None
    return west, south, east, north

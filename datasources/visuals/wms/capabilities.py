"""The layers of a WMS capabilities document (OGC 06-042, 1.3.0)."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from datasources.errors import BadDataError
from datasources.visuals.contract import Box
from datasources.visuals.layered import Layer
from datasources.visuals.xmltree import below, children, text

SIDES = ("westBoundLongitude", "southBoundLatitude", "eastBoundLongitude", "northBoundLatitude")


def read_layers(root: Element, place: str, attribution: str | None) -> Iterator[Layer]:
    """Every layer that has a name, with bounds of its own or of the layers above. Raises BadDataError."""
    top = below(root, "Capability", "Layer")
    if top is None:
        raise BadDataError(f"{place} answers with XML that is no WMS capabilities; check options.url")
    yield from _read(top, None, attribution)


def _read(element: Element, above: Box | None, attribution: str | None) -> Iterator[Layer]:
    bounds = _bounds(element) or above
    whose = attribution or text(element, "Attribution", "Title") or None
    name = text(element, "Name")
    if name:
        yield Layer(name, "raster", text(element, "Title") or name, whose, bounds)
    for each in children(element, "Layer"):
        yield from _read(each, bounds, whose)


def _bounds(element: Element) -> Box | None:
    try:
        west, south, east, north = (float(text(element, "EX_GeographicBoundingBox", side)) for side in SIDES)
    except ValueError:
        return None
    return west, south, east, north

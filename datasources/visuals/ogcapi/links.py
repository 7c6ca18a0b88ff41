"""Links of OGC API documents (OGC 17-069r4, 7.4; 20-057, 8): what they mean is their relation, not their address."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

from datasources.visuals.addresses import blanks, with_query

Document = Mapping[str, Any]
Asking = Callable[[str], Document]
"""Reads the document at an address."""

PICTURES = ("image/png", "image/jpeg", "image/webp")
MERCATOR = "WebMercatorQuad"
TILESETS = "tilesets-map"
FILLED = {"tilematrix", "tilerow", "tilecol"}


def links(whole: Document, relation: str) -> Iterator[Mapping[str, Any]]:
    """The links of a relation, named alone or as the end of its address."""
    found = whole.get("links")
    for link in found if isinstance(found, list) else ():
        if isinstance(link, Mapping) and link.get("href") and str(link.get("rel", "")).rpartition("/")[2] == relation:
            yield link


def following(whole: Document, url: str, given: Mapping[str, object]) -> str | None:
    """The address of the next page; what is given (a key) goes along where the link leaves it out."""
    found = next((urljoin(url, str(link["href"])) for link in links(whole, "next")), None)
    if found is None:
        return None
    said = {name for name, _value in parse_qsl(urlsplit(found).query, keep_blank_values=True)}
    return with_query(found, {name: value for name, value in given.items() if name not in said})


def tiles_of(collection: Document, base: str, ask: Asking) -> str | None:
    """The template of a collection's map tiles on the Web Mercator grid, None where it offers none."""
    listed = next((link for link in links(collection, TILESETS) if _is_json(link)), None)
    if listed is None:
        return None
    at = urljoin(base, str(listed["href"]))
    sets = ask(at).get("tilesets")
    for each in sets if isinstance(sets, list) else ():
        if isinstance(each, Mapping) and MERCATOR in (
            _named(each.get("tileMatrixSetURI")),
            each.get("tileMatrixSetId"),
        ):
            whole = next((ask(urljoin(at, str(link["href"]))) for link in links(each, "self") if _is_json(link)), each)
            return _template(each, at) or _template(whole, at)
    return None


def _template(tileset: Document, base: str) -> str | None:
    found = {str(link.get("type", "")).partition(";")[0]: str(link["href"]) for link in links(tileset, "item")}
    template = next((found[kind] for kind in PICTURES if kind in found), "")
    return urljoin(base, template) if blanks(template) >= FILLED else None


def _named(address: object) -> str:
    return str(address).rpartition("/")[2]


def _is_json(link: Mapping[str, Any]) -> bool:
    return "json" in str(link.get("type", "json"))

"""Addresses of tiles: templates filled in, queries added. What is filled in is quoted."""

import re
from collections.abc import Mapping
from urllib.parse import quote, urlencode

from datasources.visuals.contract import Box
from geo.tiles import lonlat_to_pixels

BLANK = re.compile(r"\{([-\w]+)\}")


def filled(template: str, values: Mapping[str, object]) -> str:
    """A template with its {blanks} filled in; a blank that nobody knows stays. Upper and lower case are the same."""
    small = {name.lower(): value for name, value in values.items()}
    return BLANK.sub(lambda found: quote(str(small.get(found[1].lower(), found[0])), safe="{}"), template)


def blanks(template: str) -> set[str]:
    """The names of the blanks of a template, in small letters."""
    return {name.lower() for name in BLANK.findall(template)}


def with_query(url: str, given: Mapping[str, object]) -> str:
    """An address with more behind its question mark."""
    if not given:
        return url
    joint = "" if url.endswith(("?", "&")) else "&" if "?" in url else "?"
    return f"{url}{joint}{urlencode(given)}"


def subdomain(names: tuple[str, ...], x: int, y: int) -> str:
    """Which of several hosts is asked for a tile: always the same one, so that it may keep it."""
    return names[(x + y) % len(names)] if names else ""


def hosts_of(template: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """Every address that a template's {s} may lead to."""
    return tuple(filled(template, {"s": name}) for name in names) if "s" in blanks(template) else (template,)


def middle(bounds: Box | None, z: int) -> tuple[int, int, int]:
    """The tile in the middle of bounds, or of the world."""
    west, south, east, north = bounds or (-180.0, -85.0, 180.0, 85.0)
    x, y = lonlat_to_pixels((west + east) / 2, (south + north) / 2, z, tile_size=1)
    most = (1 << z) - 1
    return z, min(int(x), most), min(int(y), most)

"""GET /tiles: base map and heat map, drawn here and kept by the browser.

/tiles/base/info                               version, zooms and extent of the base map
/tiles/{base|over}/{theme}/{z}/{x}/{y}[@2x].png    ?v=<version>: kept for a year
/tiles/heat/info?<query>&z=14                  what the legend says
/tiles/heat/{theme}/{z}/{x}/{y}[@2x].png?<query>   the query of the page; scoped by who asks
"""

import asyncio
import hashlib
import re
from collections.abc import Callable
from functools import lru_cache
from threading import Lock
from typing import Any, TypeVar

import orjson
from fastapi import APIRouter, HTTPException, Request, Response
from starlette.concurrency import run_in_threadpool

from components.basemap import MAX_ZOOM
from components.theme import THEMES
from geo.tiles import is_tile
from views.basemap import LAYERS, BaseMap
from views.heat import HeatMap
from views.outlines import Outlines
from views.query import parse_query

AT_ONCE = 2
"""Drawings at the same time, of each sort: more would only make the other threads wait."""

KEEP = "private, max-age=31536000, immutable"
ASK = "private, no-cache"
DEFAULT_ZOOM = 15

_NAME = re.compile(r"(\d{1,9})(@2x)?\.png", re.ASCII)

T = TypeVar("T")
router = APIRouter()


class Studio:
    """What draws the tiles of one house."""

    def __init__(self, house: Any) -> None:
        self.house = house
        self.outlines = Outlines(house.engine)
        self.base = BaseMap(house.engine, self.outlines, house.settings.var / "tiles", house.clock)
        self.heat = HeatMap(house.reader, self.outlines, house.clock)


@lru_cache(maxsize=4)
def _opened(house: Any) -> Studio:
    return Studio(house)


_opening = Lock()


def studio(house: Any) -> Studio:
    """The studio of a house, opened once: two first requests must not read every case twice."""
    with _opening:
        return _opened(house)


class Turns:
    """Lets a few drawings run at a time, in threads, so that the loop stays free and other work gets its share."""

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._loop: asyncio.AbstractEventLoop | None = None
        self._free = asyncio.Semaphore(at_once)

    async def run(self, work: Callable[..., T], *args: Any) -> T:
        """Wait for a turn and do the work in a thread."""
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._loop, self._free = loop, asyncio.Semaphore(self._at_once)
        async with self._free:
            return await run_in_threadpool(work, *args)


_base_turns, _heat_turns = Turns(AT_ONCE), Turns(AT_ONCE)


@router.get("/tiles/base/info")
async def base_info(request: Request) -> Response:
    """version, plain (nothing to draw), features (number of each kind), bounds, min_zoom, max_zoom."""

    def info() -> dict[str, Any]:
        return studio(request.app.state.house).base.info()

    return _json(await _base_turns.run(info))


@router.get("/tiles/heat/info")
async def heat_info(request: Request) -> Response:
    """figure, version, zoom, shown, off_map by reason and off_map_total, radius_m, limits_per_km2; ?z= is the zoom."""
    given = request.query_params.get("z", "")
    zoom = min(int(given), MAX_ZOOM) if given.isascii() and given.isdigit() and len(given) < 4 else DEFAULT_ZOOM

    def info() -> dict[str, Any]:
        heat, moment = studio(request.app.state.house).heat, request.app.state.house.reader.moment()
        return heat.info(moment, request.scope["state"]["access"], parse_query(request.url.query, moment), zoom)

    return _json(await _heat_turns.run(info))


@router.get("/tiles/heat/{theme}/{z}/{x}/{name}")
async def heat_tile(request: Request, theme: str, z: str, x: str, name: str) -> Response:
    """A transparent tile with the contours of the cases that the query chooses and the reader may see."""
    place, scale = _place(theme, z, x, name)

    def drawn() -> tuple[bytes, str]:
        heat, moment = studio(request.app.state.house).heat, request.app.state.house.reader.moment()
        query = parse_query(request.url.query, moment)
        return heat.tile(moment, request.scope["state"]["access"], query, theme, *place, scale)

    body, _version = await _heat_turns.run(drawn)
    return _picture(request, body, ASK)


@router.get("/tiles/{layer}/{theme}/{z}/{x}/{name}")
async def base_tile(request: Request, layer: str, theme: str, z: str, x: str, name: str) -> Response:
    """A tile of the base map; layer `over` is transparent and lies above coloured cells."""
    if layer not in LAYERS:
        raise HTTPException(404, "there is no such layer")
    place, scale = _place(theme, z, x, name)
    house = request.app.state.house
    body, version = await _base_turns.run(lambda: studio(house).base.tile(layer, theme, *place, scale))
    return _picture(request, body, KEEP if request.query_params.get("v") == version else ASK)


def _place(theme: str, z: str, x: str, name: str) -> tuple[tuple[int, int, int], int]:
    """(z, x, y) and scale of an address. Raises 404 for a tile that cannot be."""
    match = _NAME.fullmatch(name)
    if theme in THEMES and match and all(t.isascii() and t.isdigit() and len(t) < 10 for t in (z, x)):
        place = int(z), int(x), int(match[1])
        if place[0] <= MAX_ZOOM and is_tile(*place):
            return place, 2 if match[2] else 1
    raise HTTPException(404, "there is no such tile")


def _json(content: dict[str, Any]) -> Response:
    return Response(orjson.dumps(content), media_type="application/json", headers={"Cache-Control": "no-store"})


def _picture(request: Request, body: bytes, keep: str) -> Response:
    tag = f'"{hashlib.blake2b(body, digest_size=8).hexdigest()}"'
    headers = {"ETag": tag, "Cache-Control": keep}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="image/png", headers=headers)

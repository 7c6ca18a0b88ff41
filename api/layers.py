"""GET /layers: layers of other services, drawn by them, fetched and kept here.

/layers                                    those there are, and how their services feel
/layers/{id}/{z}/{x}/{y}.png               ?v=<version>: kept by the browser for as long as it is good, at most an hour
/layers/{id}/features.geojson?bbox=w,s,e,n numberMatched says how many there are in all, where the service tells
"""

import asyncio
import hashlib
import io
import math
import re
from functools import cache
from typing import Any

import orjson
import structlog
from fastapi import APIRouter, HTTPException, Request, Response
from PIL import Image
from starlette.concurrency import run_in_threadpool

from components.layer_words import STATES, failure, warning
from components.words import _
from config import ConfigError
from datasources.errors import AuthenticationError, BadDataError, SourceError, TemporaryError
from datasources.visuals.atlas import Atlas
from geo.tiles import is_tile
from views.overlays import Overlay, overlay, overlays

KEEP_SECONDS, AGAIN_SECONDS = 3_600, 30
LIMIT, MOST = 1_000, 2_000
AT_ONCE = 4
"""Questions to one service at the same time: a slow one holds up no other."""

_NAME = re.compile(r"(\d{1,9})\.png", re.ASCII)
STATUS = {TemporaryError: 503, AuthenticationError: 502, BadDataError: 502}

log = structlog.get_logger()
router = APIRouter()


@router.get("/layers")
async def layers(request: Request) -> Response:
    """{"layers": [id, source, title, kind, bounds, min_zoom, max_zoom, attribution, offset_m, warning, state, said, version, keep]}.

    keep: seconds for which what was drawn is good.
    """
    house, access = request.app.state.house, request.scope["state"]["access"]
    found = await run_in_threadpool(lambda: [_told(each, house.atlas) for each in overlays(house.reader, access)])
    return Response(
        orjson.dumps({"layers": found}), media_type="application/json", headers={"Cache-Control": "no-store"}
    )


def _told(layer: Overlay, atlas: Atlas) -> dict[str, Any]:
    return {
        "id": layer.id, "source": layer.source, "title": layer.title, "kind": layer.kind, "bounds": layer.bounds,
        "min_zoom": layer.min_zoom, "max_zoom": layer.max_zoom, "attribution": layer.attribution,
        "offset_m": layer.offset_m, "warning": warning(layer.offset_m, like_gcj02=layer.like_gcj02),
        "state": layer.state, "said": _(STATES[layer.state]), "version": layer.version,
        "keep": _good(layer, atlas),
    }  # fmt: skip


def _good(layer: Overlay, atlas: Atlas) -> int:
    """Seconds for which what was drawn is good; the usual where this process does not know the source (yet)."""
    try:
        return atlas.keep_seconds(layer.source)
    except ConfigError:
        return KEEP_SECONDS


@router.get("/layers/{layer_id}/features.geojson")
async def features(request: Request, layer_id: str) -> Response:
    """Features (WGS-84) of a vector layer within bbox, at most limit (1000 unless said)."""
    layer = await _layer(request, layer_id, "vector")
    box, limit = _box(request.query_params.get("bbox", "")), _limit(request.query_params.get("limit", ""))
    atlas = request.app.state.house.atlas
    found = await _drawn(layer, lambda: atlas.features(layer.source, layer.external_id, box, limit))
    headers = {"Cache-Control": "private, no-cache"}
    return _sent(request, orjson.dumps(found), "application/geo+json", headers)


@router.get("/layers/{layer_id}/{z}/{x}/{name}")
async def tile(request: Request, layer_id: str, z: str, x: str, name: str) -> Response:
    """A tile of a raster layer; a clear one where its service has nothing to draw."""
    layer, place = await _layer(request, layer_id, "raster"), _place(z, x, name)
    atlas = request.app.state.house.atlas
    found = await _drawn(layer, lambda: atlas.tile(layer.source, layer.external_id, *place))
    fresh = min(KEEP_SECONDS, atlas.keep_seconds(layer.source))
    keep = fresh if request.query_params.get("v") == layer.version else min(AGAIN_SECONDS, fresh)
    headers = {"Cache-Control": f"private, max-age={keep}"}
    return _sent(request, found.body if found else clear(), found.media_type if found else "image/png", headers)


async def _layer(request: Request, layer_id: str, kind: str) -> Overlay:
    """The layer of a number. Raises 404 where the reader sees none of this kind."""
    number = int(layer_id) if layer_id.isascii() and layer_id.isdigit() and len(layer_id) < 10 else 0
    house, access = request.app.state.house, request.scope["state"]["access"]
    found = await run_in_threadpool(overlay, house.reader, access, number)
    if found is None or found.kind != kind:
        raise HTTPException(404, "there is no such layer")
    return found


_turns: dict[tuple[int, str], asyncio.Semaphore] = {}


async def _drawn(layer: Overlay, draw: Any) -> Any:
    """What a service draws; its failure as an answer that says nothing of where it is."""
    turn = _turns.setdefault((id(asyncio.get_running_loop()), layer.source), asyncio.Semaphore(AT_ONCE))
    try:
        async with turn:
            return await run_in_threadpool(draw)
    except SourceError as error:
        log.info("a layer could not be drawn", source=layer.source, layer=layer.external_id, why=str(error))
        status = STATUS.get(type(error), 502)
        headers = {"Cache-Control": "no-store"} | ({"Retry-After": str(AGAIN_SECONDS)} if status == 503 else {})
        raise HTTPException(status, failure(error), headers) from error


def _place(z: str, x: str, name: str) -> tuple[int, int, int]:
    match = _NAME.fullmatch(name)
    if match and all(t.isascii() and t.isdigit() and len(t) < 10 for t in (z, x)):
        place = int(z), int(x), int(match[1])
        if is_tile(*place):
            return place
    raise HTTPException(404, "there is no such tile")


def _box(text: str) -> tuple[float, float, float, float]:
    try:
        west, south, east, north = (float(each) for each in text.split(","))
    except ValueError:
        raise HTTPException(422, "bbox: write west,south,east,north in degrees") from None
    if not (all(map(math.isfinite, (west, south, east, north))) and west < east and south < north):
        raise HTTPException(422, "bbox: write west,south,east,north in degrees")
    return max(west, -180.0), max(south, -90.0), min(east, 180.0), min(north, 90.0)


def _limit(text: str) -> int:
    return min(max(int(text), 1), MOST) if text.isascii() and text.isdigit() and len(text) < 8 else LIMIT


@cache
def clear() -> bytes:
    """A tile without anything."""
    file = io.BytesIO()
    Image.new("RGBA", (1, 1)).save(file, "PNG")
    return file.getvalue()


def _sent(request: Request, body: bytes, media_type: str, headers: dict[str, str]) -> Response:
    tag = f'"{hashlib.blake2b(body, digest_size=8).hexdigest()}"'
    sent = {**headers, "ETag": tag, "X-Content-Type-Options": "nosniff"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=sent)
    return Response(body, media_type=media_type, headers=sent)

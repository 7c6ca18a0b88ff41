"""GET /geometry/{level}: the shapes of a level, sent once and kept by the browser."""

import hashlib
from functools import lru_cache
from typing import Any

import numpy as np
import orjson
from fastapi import APIRouter, HTTPException, Request, Response
from starlette.concurrency import run_in_threadpool

from geo.simplify import display_geometry
from store.areas import read_tree
from store.engine import read

router = APIRouter()


@router.get("/geometry/{level}")
async def geometry(request: Request, level: str) -> Response:
    """GeoJSON of a level within the reader's scope; feature ids are positions, properties code and name."""
    house, access = request.app.state.house, request.scope["state"]["access"]
    body = await run_in_threadpool(shapes, house, level, access)
    if body is None:
        raise HTTPException(404, f"there is no level '{level}'")
    tag = f'"{hashlib.blake2b(body, digest_size=8).hexdigest()}"'
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers={"ETag": tag})
    return Response(
        body, media_type="application/geo+json", headers={"ETag": tag, "Cache-Control": "private, no-cache"}
    )


@lru_cache(maxsize=32)
def shapes(house: Any, level: str, access: Any) -> bytes | None:
    """The shapes as bytes; None for a level that is not there."""
    with read(house.engine) as connection:
        areas = read_tree(connection).areas
    seen = np.zeros(len(house.site.areas) + 1, dtype=bool)
    for low, high in house.site.areas.ranges(access):
        seen[low:high] = True
    chosen = areas[(areas["level"] == level) & seen[areas["order"].to_numpy()]]
    if not (areas["level"] == level).any():
        return None
    return orjson.dumps(display_geometry(chosen))

"""GET /values: the numbers that colour the map; the shapes are sent once, elsewhere."""

from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from views.figures import MapValues, map_values
from views.query import parse_query

router = APIRouter()


@router.get("/values")
async def values(request: Request) -> Response:
    """Values of the chosen measure for every visible area of the chosen level (query: as in the address of `/`)."""
    state, search = request.scope["state"], request.url.query
    return Response(
        await run_in_threadpool(_answer, request.app.state.house.reader, state["access"], search),
        media_type="application/json",
        headers={"Cache-Control": "no-store"},
    )


def _answer(reader: Any, access: Any, search: str) -> bytes:
    moment = reader.moment()
    query = parse_query(search, moment)
    found = map_values(reader, moment, access, query.chosen, query.measure, query.level)
    return reader.cached(("values", access, query), moment.snapshot.version, lambda: orjson.dumps(as_json(found)))


def as_json(found: MapValues) -> dict[str, Any]:
    """What the browser needs to colour the areas and draw the legend."""
    digits = found.kpi.digits
    return {
        "level": found.level,
        "measure": found.kpi.name,
        "codes": found.codes,
        "values": [None if v is None else round(v, digits + 2) for v in found.values],
        "rows": found.rows,
        "breaks": found.breaks,
        "off_map": found.off_map,
    }

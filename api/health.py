"""Whether the server lives, and whether it can do its work."""

from typing import Any

import sqlalchemy as sa
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from store.engine import read
from store.heartbeat import worker_seen_at
from views.watch import services
from wiring import House

router = APIRouter()
MINUTE = 60


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz")
async def readyz(request: Request) -> JSONResponse:
    """The state of each service by name; 503 with a reason while the database or the worker does not answer."""
    try:
        told = await run_in_threadpool(_told, request.app.state.house, request.app.state.started_at)
    except sa.exc.DBAPIError:
        return JSONResponse({"status": "the database does not answer"}, status_code=503)
    return JSONResponse(told, status_code=200 if told["status"] == "ok" else 503)


def _told(house: House, started_at: int) -> dict[str, Any]:
    """A worker is given the time since this server began to report itself."""
    now, limit = house.clock(), house.settings.watch.worker_minutes
    with read(house.engine) as connection:
        seen_at = worker_seen_at(connection)
    silent = (now - max(seen_at or 0, started_at)) // MINUTE
    status = "ok" if silent < limit else f"the worker has not reported for {silent} minutes"
    found = services(house.reader, house.settings.watch.target)
    return {"status": status, "services": {each.name: each.state for each in found if each.state != "removed"}}

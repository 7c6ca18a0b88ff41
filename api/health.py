"""Whether the server lives, and whether it can do its work."""

import sqlalchemy as sa
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from store.engine import read

router = APIRouter()


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz")
async def readyz(request: Request) -> JSONResponse:
    """The database answers too; 503 with a reason while it does not."""

    def ask() -> None:
        with read(request.app.state.house.engine) as connection:
            connection.execute(sa.text("SELECT 1"))

    try:
        await run_in_threadpool(ask)
    except sa.exc.DBAPIError:
        return JSONResponse({"status": "the database does not answer"}, status_code=503)
    return JSONResponse({"status": "ok"})

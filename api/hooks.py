"""POST /hooks/<source>: what a sender pushes (datasources/feeds/webhook/README.md). 202 once it lies on the disk."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DBAPIError
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from actions.receive import receive
from api.answers import said
from components.words import _
from domain.refusal import Refused
from wiring import House

STAMP, SIGNATURE = "x-gridhall-timestamp", "x-gridhall-signature"
AGAIN_SECONDS = "10"

router = APIRouter()


@router.post("/hooks/{source}")
async def take(request: Request, source: str) -> Response:
    """202, and again 202 for a replay; 401 for what is not proven; 503 while the store does not answer."""
    house: House = request.app.state.house
    stamp, signature = (request.headers.get(name, "") for name in (STAMP, SIGNATURE))
    try:
        body = await request.body()
        await run_in_threadpool(_receive, house, source, stamp, signature, body)
    except ClientDisconnect:
        return Response(status_code=400)
    except Refused as refused:
        return said(request, refused)
    except DBAPIError:
        words = _("The store does not answer. Try again in a moment.")
        return JSONResponse({"detail": words}, 503, {"Retry-After": AGAIN_SECONDS})
    return Response(status_code=202)


def _receive(house: House, source: str, stamp: str, signature: str, body: bytes) -> None:
    receive(house.engine, house.hooks.get(source), stamp, signature, body, now=house.clock())

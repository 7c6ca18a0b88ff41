"""POST /reveal: who reported a case, whole, for a reason; never kept by a browser or on the way."""

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from actions.reveal import reveal
from api.answers import noted, sentence
from api.objects import asked_of
from domain.refusal import Refused

NOT_KEPT = {"Cache-Control": "no-store"}

router = APIRouter()


@router.post("/reveal")
async def post_reveal(request: Request) -> JSONResponse:
    """{case, reason} → {contacts: [{name, phone}]}."""
    try:
        asked = await asked_of(request, case=int, reason=str)
        return await run_in_threadpool(_revealed, request, asked)
    except Refused as refused:
        return JSONResponse({"detail": sentence(refused)}, noted(request, refused), NOT_KEPT)


def _revealed(request: Request, asked: dict[str, Any]) -> JSONResponse:
    house, state = request.app.state.house, request.scope["state"]
    found = reveal(house.work, state["actor"], state["access"], asked["case"], asked["reason"], now=house.clock())
    return JSONResponse({"contacts": [asdict(each) for each in found]}, headers=NOT_KEPT)

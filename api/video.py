"""/video: pictures and streams of cameras, below addresses that serve one session for ten minutes.

/video/sign/{camera}                        {"at": the address, "until": epoch seconds}
/video/{mark}/{camera}/picture.jpg          ?wide=1 for a larger one; 410 for a mark that has ended or is not this session's
/video/{mark}/{camera}/index.m3u8           the stream as HLS; what it names lies beside it
POST /video/{camera}/evidence               {"case": number}: a fresh picture is attached to a case

A mark lies in the path, so that what a playlist names relatively carries it too. Every request is held against the session
and the scope of who asks: a revoked session and a changed scope end it at once.
"""

import asyncio
from concurrent.futures import Future
from datetime import datetime
from email.utils import formatdate
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from actions.keep_snapshot import keep_snapshot
from actions.move import Moved
from api.answers import said
from api.objects import asked_of
from components.words import _
from datasources.errors import SourceError
from datasources.video.relay import FullError
from domain.refusal import Refused
from domain.videomarks import VALID_SECONDS, mark, until_of
from store.cameras import StoredCamera, read_camera
from store.engine import read
from views.stills import FAILED_SECONDS, TILE_PX, WIDE_PX, reduced
from views.streams import Piece

NO_STORE = {"Cache-Control": "no-store"}
PATIENCE_SECONDS, AGAIN_SECONDS = 10.0, 3.0
"""How long one waits for a piece of a stream; when it is to be asked for again unless the source says."""

router = APIRouter()


def _seen(request: Request, camera_id: str) -> StoredCamera:
    """The camera, for a session that sees its area; the same 404 for a foreign one and for none."""
    house, state = request.app.state.house, request.scope["state"]
    number = int(camera_id) if camera_id.isascii() and camera_id.isdigit() and len(camera_id) < 16 else 0
    with read(house.engine) as connection:
        camera = read_camera(connection, number)
    known = camera is not None and house.site.areas.sees(state["access"], camera.position)
    if camera is None or not known or state["session"] is None:
        raise HTTPException(404, _("There is no such camera in your areas."))
    return camera


@router.get("/video/sign/{camera_id}")
async def sign(request: Request, camera_id: str) -> Response:
    """An address for this session and this camera."""
    house, session = request.app.state.house, request.scope["state"]["session"]
    camera = await run_in_threadpool(_seen, request, camera_id)
    until = house.clock() + VALID_SECONDS
    at = f"/video/{mark(house.secret, session, camera.id, until)}/{camera.id}"
    return JSONResponse({"at": at, "until": until}, headers=NO_STORE)


async def _marked(request: Request, mark: str, camera_id: str) -> StoredCamera:
    """The camera, for a mark that lets this session see it now."""
    house, session = request.app.state.house, request.scope["state"]["session"]
    camera = await run_in_threadpool(_seen, request, camera_id)
    if until_of(house.secret, session, camera.id, mark, house.clock()) is None:
        raise HTTPException(410, _("This address has ended. Ask for it again."), headers=NO_STORE)
    return camera


@router.get("/video/{mark}/{camera_id}/picture.jpg")
async def picture(request: Request, mark: str, camera_id: str) -> Response:
    """A fresh picture; 503 for a camera that does not answer."""
    camera = await _marked(request, mark, camera_id)
    wide = WIDE_PX if request.query_params.get("wide") else TILE_PX
    return await run_in_threadpool(_drawn, request.app.state.house, camera, wide)


@router.get("/video/{mark}/{camera_id}/index.m3u8")
async def index(request: Request, mark: str, camera_id: str) -> Response:
    """The playlist; 404 for a camera that has only pictures, 503 for one that does not play (yet)."""
    camera = await _marked(request, mark, camera_id)
    return await _piece(request.app.state.house.streams.index(camera))


@router.get("/video/{mark}/{camera_id}/{name}")
async def piece(request: Request, mark: str, camera_id: str, name: str) -> Response:
    """What the playlist names."""
    camera = await _marked(request, mark, camera_id)
    return await _piece(request.app.state.house.streams.piece(camera, name, request.headers.get("range", "")))


async def _piece(asked: "Future[Piece | None]") -> Response:
    try:
        found = await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(asked)), PATIENCE_SECONDS)
    except (SourceError, TimeoutError) as error:
        wait = getattr(error, "retry_after_seconds", None) or AGAIN_SECONDS
        raise _silent(wait, error) from error
    if found is None:
        raise HTTPException(404, _("This camera gives pictures only"), headers=NO_STORE)
    if found.content_range:
        headers = {**NO_STORE, "Content-Range": found.content_range}
        return Response(found.body, 206, media_type=found.media_type, headers=headers)
    return Response(found.body, media_type=found.media_type, headers=NO_STORE)


def _silent(wait: float, error: Exception) -> HTTPException:
    if isinstance(error, FullError):
        said = _("As many cameras are shown as this machine may relay. Close one, then ask again.")
    else:
        said = _("The camera does not answer.")
    headers = {**NO_STORE, "Retry-After": str(max(1, round(wait)))}
    return HTTPException(503, said, headers=headers)


def _drawn(house: Any, camera: StoredCamera, width: int) -> Response:
    try:
        found = house.stills.of(camera)
        body = reduced(found, width)
    except SourceError as error:
        raise _silent(FAILED_SECONDS, error) from error
    taken = formatdate(found.taken_at, usegmt=True)
    return Response(body, media_type="image/jpeg", headers={**NO_STORE, "Last-Modified": taken})


@router.post("/video/{camera_id}/evidence")
async def evidence(request: Request, camera_id: str) -> Response:
    """Attach a fresh picture to a case of one's own areas; {"case", "version"}. Who may: who may add a note to it."""
    camera = await run_in_threadpool(_seen, request, camera_id)
    try:
        asked = await asked_of(request, case=int)
        moved = await run_in_threadpool(_kept, request, camera, asked["case"])
    except Refused as refused:
        return said(request, refused)
    return JSONResponse({"case": moved.case_id, "version": moved.version}, 201)


def _kept(request: Request, camera: StoredCamera, case_id: int) -> Moved:
    house, actor = request.app.state.house, request.scope["state"]["actor"]
    try:
        found = house.stills.of(camera)
    except SourceError as error:
        raise _silent(FAILED_SECONDS, error) from error
    taken = datetime.fromtimestamp(found.taken_at, ZoneInfo(house.zone.name)).strftime("%Y-%m-%d %H:%M:%S")

    def text(digest: str) -> str:
        return _("Picture of {camera}, {time}. SHA-256 {digest}", camera=camera.name, time=taken, digest=digest)

    return keep_snapshot(house.work, actor, case_id, found.body, text, now=house.clock())

"""POST /photos keeps a picture until a step takes it; GET /photos/{id} shows it to who may see its case."""

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import FileResponse, JSONResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from actions.photos import keep_photo
from api.answers import said
from components.words import _
from domain.measures import N_
from domain.photos import MOST_BYTES
from domain.refusal import Refused
from views.photos import seen

KEEP = {"Cache-Control": "private, max-age=3600"}
"""An id names one picture for ever; who may see it may change."""

router = APIRouter()


@router.post("/photos")
async def upload(request: Request) -> Response:
    """Keep the field `photo` of a form; {"id": …} to be named by a step."""
    house, actor = request.app.state.house, request.scope["state"]["actor"]
    if actor.account_id is None or not actor.areas:
        return said(request, Refused("forbidden", N_("This is for another role.")))
    try:
        async with request.form(max_files=1, max_fields=10) as form:
            data = await picture(form)
        number = await run_in_threadpool(keep_photo, house.work, actor, data, now=house.clock())
    except Refused as refused:
        return said(request, refused)
    return JSONResponse({"id": number}, 201)


@router.get("/photos/{photo_id}")
async def show(request: Request, photo_id: str) -> Response:
    """The picture, for who may see its case; the same 404 for a foreign one and for none."""
    house, state = request.app.state.house, request.scope["state"]
    if not (photo_id.isascii() and photo_id.isdigit() and len(photo_id) < 16):
        raise HTTPException(404, _("There is no such photo in your areas."))
    path = await run_in_threadpool(seen, house.work, state["actor"], state["access"], int(photo_id))
    if path is None or not path.is_file():
        raise HTTPException(404, _("There is no such photo in your areas."))
    return FileResponse(path, media_type="image/jpeg", headers=KEEP)


async def picture(form: FormData) -> bytes:
    """The bytes of the field `photo`. Raises Refused when there are none, or too many."""
    file = form.get("photo")
    if not isinstance(file, UploadFile) or not file.size:
        raise Refused("missing", N_("Add a photo."))
    if file.size > MOST_BYTES:
        raise Refused("limit", N_("The photo is larger than {n} MB; send a smaller one."), n=MOST_BYTES // 1_000_000)
    return await file.read()

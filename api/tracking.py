"""GET /track, POST /track, GET /track/<code>: how a report stands; POST /rate: how satisfied its reporter is.

Unknown and expired codes, and what is none, are answered alike: the same status, the same body, the same query.
"""

from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from actions.rate import rate
from api.answers import noted, sentence
from api.forms import text_of
from api.public import UNSEEN
from components.plain import render
from components.publictimes import short_time
from components.words import _
from domain.actor import PUBLIC
from domain.measures import N_
from domain.refusal import Refused
from domain.tracking import cleaned, grouped
from views.photos import marked
from views.tracked import Tracked, tracked

FACES = {"satisfied": "M10 20q6 5 12 0", "basically": "M11 21h10", "dissatisfied": "M10 23q6 -5 12 0"}
LABELS = {"satisfied": N_("Satisfied"), "basically": N_("Basically satisfied"), "dissatisfied": N_("Dissatisfied")}
KEEP = {"Cache-Control": "private, max-age=86400", "X-Robots-Tag": "noindex"}
AGAIN, ONCE = "again", "once"
"""What /track/<code>?thanks= says after an answer: it was taken up once more, or was put on record."""

router = APIRouter()


@router.get("/track")
async def ask(_request: Request) -> Response:
    """The field for a code."""
    return await _asked(_request)


@router.post("/track")
async def look_up(request: Request) -> Response:
    """On to what the code shows."""
    async with request.form(max_files=0, max_fields=5) as form:
        code = cleaned(text_of(form, "code"))
    found = await _found(request, code)
    return await _asked(request, unknown=True) if found is None else RedirectResponse(f"/track/{code}", 303, UNSEEN)


@router.get("/track/{code}")
async def show(request: Request, code: str) -> Response:
    """How the report of a code stands."""
    return await _shown(request, cleaned(code))


@router.post("/rate")
async def answer(request: Request) -> Response:
    """Put an answer on record; a low one soon after the end takes the case up once more."""
    house = request.app.state.house
    async with request.form(max_files=0, max_fields=10) as form:
        code, level, comment = cleaned(text_of(form, "code")), text_of(form, "level"), text_of(form, "comment")
    found = await _found(request, code)
    if found is None:
        return await _asked(request, unknown=True)
    try:
        again = await run_in_threadpool(
            rate, house.work, PUBLIC, found.case_id, level, comment.replace("\r\n", "\n"), now=house.clock()
        )
    except Refused as refused:
        return await _shown(request, code, refused)
    return RedirectResponse(f"/track/{code}?thanks={AGAIN if again else ONCE}", 303, UNSEEN)


@router.get("/public/photos/{name}")
async def photo(request: Request, name: str) -> Response:
    """A photo by the name that a page gave it."""
    path = await run_in_threadpool(marked, request.app.state.house.work, name)
    if path is None or not path.is_file():
        raise HTTPException(404)
    return FileResponse(path, media_type="image/jpeg", headers=KEEP)


async def _found(request: Request, code: str) -> Tracked | None:
    house = request.app.state.house
    return await run_in_threadpool(tracked, house.work, code, now=house.clock())


async def _asked(request: Request, *, unknown: bool = False) -> Response:
    site = request.app.state.house.settings.site.name
    return HTMLResponse(render("track_ask.html", site=site, unknown=unknown), 404 if unknown else 200, UNSEEN)


async def _shown(request: Request, code: str, refused: Refused | None = None) -> Response:
    found = await _found(request, code)
    if found is None:
        return await _asked(request, unknown=True)
    status = noted(request, refused) if refused else 200
    words = _words(request.app.state.house, found)
    asked = request.query_params
    thanks = {ONCE: _("Thank you for the answer."), AGAIN: _("Thank you. It is taken up once more.")}
    text = render(
        "track.html", site=request.app.state.house.settings.site.name, code=grouped(code), told=found, fresh="new" in asked,
        thanks=thanks.get(asked.get("thanks", ""), ""), problem=sentence(refused) if refused else "", **words,
    )  # fmt: skip
    return HTMLResponse(text, status, UNSEEN)


def _words(house: Any, found: Tracked) -> dict[str, Any]:
    """What the page says of the report, in the reader's language and time."""
    zone, now = ZoneInfo(house.zone.name), house.clock()

    def at(moment: int) -> str:
        return short_time(moment, now, zone)

    before, after = _("Before the work"), _("After the work")
    pairs = ((before, found.before[:1]), (after, found.after), (before, found.before[1:]))
    return {
        "steps": [(_(s.label, department=s.department or _("a department")), at(s.at)) for s in found.steps],
        "photos": [(words, name, at(moment)) for words, names in pairs for name, moment in names],
        "levels": [(value, _(label), FACES[value]) for value, label in LABELS.items()],
        "rated": _(LABELS[found.level]) if found.level else "",
        "due": at(found.due_at) if found.due_at and found.due_at > now else "",
    }

"""/places: the places with a QR code of their own; make them, revoke them, print them as a sheet."""

from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from actions.places import NewPlace, make_places, revoke_place
from api.answers import page
from api.forms import text_of
from components.code_sheet import code_sheet
from components.publictimes import short_time
from components.typesetting import TypesettingError
from components.words import _
from domain.actor import Actor
from domain.contacts import coordinate
from domain.measures import N_
from domain.refusal import Refused
from domain.scope import SITE, Scope
from store.engine import read
from store.public_places import Place, places_in
from views.area_names import full_name
from views.public_places import each_below, sheet_cards

LEVELS = (("", N_("one place")), ("community", N_("one for each community")), ("grid", N_("one for each grid")))

router = APIRouter()


@router.get("/places")
async def show(request: Request) -> Response:
    """The places of the reader's areas, and the form for new ones."""
    return await _list(request)


@router.post("/places")
async def make(request: Request) -> Response:
    """Make a place, or one for each area of a level below."""
    house, actor = request.app.state.house, request.scope["state"]["actor"]
    async with request.form(max_files=0, max_fields=20) as form:
        given = {name: text_of(form, name) for name in ("area", "each", "name", "longitude", "latitude")}
    try:
        wanted = _wanted(house.site.areas, given)
        await run_in_threadpool(make_places, house.site, actor, wanted, now=house.clock())
    except Refused as refused:
        return await _list(request, refused, given)
    return RedirectResponse("/places?" + urlencode({"area": given["area"]}), 303)


@router.post("/places/{place_id}/revoke")
async def revoke(request: Request, place_id: str) -> Response:
    """End the code of a place."""
    house, actor = request.app.state.house, request.scope["state"]["actor"]
    try:
        await run_in_threadpool(revoke_place, house.site, actor, place_id, now=house.clock())
    except Refused as refused:
        return await _list(request, refused)
    return RedirectResponse("/places?" + urlencode({"area": request.query_params.get("area", SITE)}), 303)


@router.get("/places/sheet.pdf")
async def sheet(request: Request) -> Response:
    """The valid codes of ?area=, or those of ?place= (again for more), as a PDF to print and cut."""
    house = request.app.state.house
    wanted = set(request.query_params.getlist("place"))

    def printed() -> bytes:
        found = [p for p in _places(house, *_asked(request)) if not wanted or p.id in wanted]
        cards = sheet_cards(house.site.areas, found, house.settings.site.public_url)
        return code_sheet(cards, site=house.settings.site.name, moment=house.clock())

    try:
        content = await run_in_threadpool(printed)
    except Refused as refused:
        return await _list(request, refused)
    except TypesettingError:
        return await _list(request, Refused("limit", N_("The sheet cannot be printed now; choose a smaller area.")))
    head = {"Content-Disposition": 'inline; filename="codes.pdf"', "Cache-Control": "no-store"}
    return Response(content, media_type="application/pdf", headers=head)


def _wanted(areas: Any, given: dict[str, str]) -> list[NewPlace]:
    if not given["each"]:
        at = coordinate(given["longitude"]), coordinate(given["latitude"])
        return [NewPlace(given["name"], given["area"], *(at if None not in at else (None, None)))]
    found = each_below(areas, given["area"], given["each"])
    if not found:
        raise Refused("absent", N_("There are no such areas below the chosen one."))
    return [NewPlace(f"{name} {given['name']}".strip(), code) for code, name in found]


def _asked(request: Request) -> tuple[Actor, str]:
    return request.scope["state"]["actor"], request.query_params.get("area", SITE)


def _places(house: Any, actor: Actor, area: str) -> list[Place]:
    """Places of an area, as far as they lie in those of the actor."""
    with read(house.engine) as connection:
        return places_in(connection, house.site.areas.ranges(Scope(actor.areas, actor.role), area))


async def _list(request: Request, refused: Refused | None = None, given: dict[str, str] | None = None) -> Response:
    house, (actor, area) = request.app.state.house, _asked(request)
    areas, zone, now = house.site.areas, ZoneInfo(house.zone.name), house.clock()
    found = await run_in_threadpool(_places, house, actor, area)
    ranges = areas.ranges(Scope(actor.areas, actor.role))
    return page(
        request, "places.html", refused, places=found, area=area, given=given or {"area": area, "each": "", "name": ""},
        public_url=house.settings.site.public_url, levels=[(level, _(label)) for level, label in LEVELS],
        areas=[(areas.code[p], areas.depth[p], full_name(areas, areas.code[p])) for low, high in ranges for p in range(low, high)],
        area_name={p.id: full_name(areas, p.area_code) for p in found},
        made={p.id: short_time(p.made_at, now, zone) for p in found},
    )  # fmt: skip

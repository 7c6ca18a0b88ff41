"""The channel for residents: GET and POST /report, /p/<place> from a QR code, photos of the form, names of places.

Everything works without scripts; assets/plain-report.js makes it easier. No sign-in, no cookie.
"""

import secrets
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

import numpy as np
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from actions.report_publicly import MOST_PHOTOS, Told, code_made_by, keep_public_photo, report_publicly, require_form
from actions.site import Site
from api.answers import noted, said, sentence
from api.forms import text_of, texts_of
from api.photos import picture
from components.plain import render
from components.words import _
from domain.cases import HERE
from domain.contacts import MOST_SPOT, MOST_WORDS, coordinate
from domain.measures import N_
from domain.refusal import Refused
from domain.tracking import CHANCE_BYTES, new_form
from store.areas import AreaIndex
from store.engine import read
from store.public_places import Place, open_place
from views.photos import mark
from views.public_places import area_choices, area_words

UNSEEN = {"X-Robots-Tag": "noindex, nofollow", "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
"""No search engine, no cache and no other site hears of a form or of what a code shows."""

MOST_FILES, MOST_PART = 20, 100_000
"""Beyond these a form is not read at all; what is too much within them is refused with all that was written kept."""

_TEXTS = ("group", "text", "spot", "place", "longitude", "latitude", "area", "phone")

router = APIRouter()


@router.get("/report")
async def ask(request: Request) -> Response:
    """The form, without a place."""
    return await _form(request, Told(""))


@router.get("/p/{place_id}")
async def scanned(request: Request, place_id: str) -> Response:
    """The form for the place of a QR code; a revoked or unknown one opens the form without a place and says so."""
    return await _form(request, Told("", place=place_id))


@router.post("/report")
async def take(request: Request) -> Response:
    """Take the report: on to its tracking code, or the form again with why not and all that was written."""
    house, client = request.app.state.house, request.scope["state"]["client"]
    try:
        form = await request.form(max_files=MOST_FILES, max_fields=60, max_part_size=MOST_PART)
    except HTTPException:
        return await _again(request, Told(""), Refused("invalid", N_("The form could not be read; open it anew.")))
    async with AsyncExitStack() as held:
        held.push_async_callback(form.close)
        told = _told(form)
        try:
            known = await run_in_threadpool(code_made_by, house.work, told.form)
            if known is None:
                told = await _with_photos(request, form, told)
            code = known or await run_in_threadpool(
                report_publicly, house.work, house.settings.public, told, client=client, now=house.clock()
            )
        except Refused as refused:
            return await _again(request, told, refused)
    onward = f"/track/{code}?new"
    return (
        JSONResponse({"to": onward}, headers=UNSEEN) if _by_script(request) else RedirectResponse(onward, 303, UNSEEN)
    )


@router.post("/report/photos")
async def take_photo(request: Request) -> Response:
    """Keep a photo of a form until it is sent: {"id"}."""
    house, client = request.app.state.house, request.scope["state"]["client"]
    try:
        async with request.form(max_files=1, max_fields=10) as form:
            data, token = await picture(form), text_of(form, "form")
        number = await run_in_threadpool(
            keep_public_photo, house.work, house.settings.public, token, data, client=client, now=house.clock()
        )
    except Refused as refused:
        return said(request, refused)
    return JSONResponse({"id": number}, 201)


@router.get("/report/where")
async def where(request: Request) -> Response:
    """The name of the area at ?longitude=&latitude=: {"name"}, null beyond the site."""
    house = request.app.state.house
    try:
        point = [coordinate(request.query_params.get(name, "")) for name in ("longitude", "latitude")]
    except Refused as refused:
        return said(request, refused)

    def name() -> str | None:
        x, y = (np.array([np.nan if v is None else v]) for v in point)
        area, placing, _known = house.site.place(x, y, np.array([None], dtype=object), np.zeros(1, dtype=bool))
        areas = house.site.areas
        return area_words(areas, int(areas.position_of_id[area[0]])) if placing[0] == HERE else None

    return JSONResponse({"name": await run_in_threadpool(name)}, headers=UNSEEN)


def _told(form: FormData) -> Told:
    group = text_of(form, "group")
    ids = [int(t) for t in texts_of(form, "kept") if t.isascii() and t.isdigit() and len(t) < 16]
    texts = {name: text_of(form, name) for name in _TEXTS}
    category = next((t.partition("|")[2] for t in texts_of(form, "category") if t.startswith(f"{group}|")), "")
    return Told(text_of(form, "form"), category=category, trap=text_of(form, "website"), photos=ids, **texts)


async def _with_photos(request: Request, form: FormData, told: Told) -> Told:
    """The form with the photos that came along kept."""
    house, client = request.app.state.house, request.scope["state"]["client"]
    files = [file for file in form.getlist("photo") if isinstance(file, UploadFile) and file.size]
    if len(files) + len(told.photos) > MOST_PHOTOS:
        raise Refused("invalid", N_("{n} photos are the most for a report."), n=MOST_PHOTOS)
    require_form(house.work, house.settings.public, told.form, now=house.clock())
    kept = list(told.photos)
    for file in files:
        data = await file.read()
        kept.append(
            await run_in_threadpool(
                keep_public_photo, house.work, house.settings.public, told.form, data, client=client, now=house.clock()
            )
        )
    return replace(told, photos=kept)


def _by_script(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")


async def _again(request: Request, told: Told, refused: Refused) -> Response:
    """Why not. A form that is too old is replaced by a new one; its photos were its own."""
    house = request.app.state.house
    status, text = noted(request, refused), sentence(refused)
    try:
        require_form(house.work, house.settings.public, told.form, now=house.clock())
    except Refused:
        told = replace(told, form="", photos=())
    if told.trap:
        told = Told("", place=told.place)
    if _by_script(request):
        form = told.form or _new_form(house)
        return JSONResponse({"detail": text, "form": form}, status, UNSEEN)
    return await _form(request, told, status=status, problem=text)


def _new_form(house: Any) -> str:
    return new_form(house.secret, secrets.token_bytes(CHANCE_BYTES), house.clock())


async def _form(request: Request, told: Told, *, status: int = 200, problem: str = "") -> Response:
    house = request.app.state.house
    if not house.catalogue.groups():
        text = _("This site takes no reports here. Its [[categories]] name no group for residents.")
        return HTMLResponse(render("refused.html", site=house.settings.site.name, sentence=text), 404, UNSEEN)
    return HTMLResponse(await run_in_threadpool(_drawn, house, told, problem), status, UNSEEN)


def _drawn(house: Any, told: Told, problem: str) -> str:
    with read(house.engine) as connection:
        place = open_place(connection, told.place)
    if place and not problem:
        told = replace(told, spot=place.name)
    given = bool(told.longitude and told.latitude)
    at = (told.longitude, told.latitude) if given else tuple(map(str, _middle(house.site, place)))
    return render(
        "report.html", site=house.settings.site.name, form=told.form or _new_form(house), told=told, problem=problem,
        place=place, lost=bool(told.place) and place is None, at=at, given=given, where=_where(house.site.areas, place, told),
        exact=given or bool(place and place.longitude is not None and not told.area),
        groups=house.catalogue.groups(), areas=area_choices(house.site.areas), most_photos=MOST_PHOTOS,
        most_words=MOST_WORDS, most_spot=MOST_SPOT, photos=[(number, mark(house.work, number)) for number in told.photos],
    )  # fmt: skip


def _middle(site: Site, place: Place | None) -> tuple[float, float]:
    """Where the map begins: at the place, in the middle of its area, or of the site."""
    if place and place.longitude is not None and place.latitude is not None:
        return place.longitude, place.latitude
    west, south, east, north = site.locator.bounds
    return (place and site.locator.middle(place.position)) or ((west + east) / 2, (south + north) / 2)


def _where(areas: AreaIndex, place: Place | None, told: Told) -> str:
    """The place in words, as far as it is known without a map."""
    if told.area and told.area in areas.position:
        return areas.name[areas.position[told.area]]
    if place is None:
        return ""
    area = area_words(areas, place.position)
    return place.name if area in place.name else _("{area}, {spot}", area=area, spot=place.name)

"""POST /moves: one step of one case. POST /reports: a new case from a desk or a grid. POST /duplicates: what looks alike."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from actions.intake import Contact, take_in
from actions.move import move
from actions.report import Report
from api.answers import noted, sentence
from api.objects import asked_of
from components.case_related import similar_text
from components.timeline import step_name
from components.words import _
from domain.measures import N_
from domain.refusal import Refused
from views.duplicates import similar
from views.work import changed_since

KEY = 64
"""A key that makes a form happen once is shorter than this."""
CHANNELS = {"officer": N_("Grid officer"), "intake": N_("Telephone"), "shift_leader": N_("Telephone")}
WORDS = ("category", "text", "title", "order_no", "name", "phone", "area", "channel")
PHOTOS = ("photos", "before", "after")

router = APIRouter()


@router.post("/moves")
async def post_move(request: Request) -> JSONResponse:
    """{case, move, version, seen, fields, once} → {case, version, state}; 409 with `changed` when somebody was quicker."""
    try:
        asked = await asked_of(request, case=int, move=str, version=int, fields=dict, once=str)
    except Refused as error:
        return _no(request, error)
    return await run_in_threadpool(_moved, request, asked)


def _moved(request: Request, asked: dict[str, Any]) -> JSONResponse:
    house, state = request.app.state.house, request.scope["state"]
    try:
        moved = move(
            house.work, state["actor"], asked["case"], asked["move"], asked["fields"], version=asked["version"],
            now=house.clock(), once=asked["once"][:KEY] or None,
        )  # fmt: skip
    except Refused as error:
        return _no(request, error, **(_changed(house, state, asked) if error.kind == "stale" else {}))
    return JSONResponse({"case": moved.case_id, "version": moved.version, "state": moved.state})


def _no(request: Request, error: Refused, **more: Any) -> JSONResponse:
    """A refusal in the reader's language, with what helps to go on."""
    return JSONResponse({"detail": sentence(error), **more}, noted(request, error), {"Cache-Control": "no-store"})


def _changed(house: Any, state: dict[str, Any], asked: dict[str, Any]) -> dict[str, list[str]]:
    """What happened since the page was drawn, a line a step."""
    seen = asked.get("seen")
    zone = ZoneInfo(house.zone.name)
    steps = changed_since(house.reader, state["access"], asked["case"], seen if isinstance(seen, int) else 0)
    lines = [
        " · ".join(
            part
            for part in (datetime.fromtimestamp(s["at"], zone).strftime("%m-%d %H:%M"), step_name(s), s["by"])
            if part
        )
        for s in steps
    ]
    return {"changed": lines}


@router.post("/reports")
async def post_report(request: Request) -> JSONResponse:
    """{fields, self_handled, once} → {case, number}. fields: WORDS, PHOTOS, longitude, latitude, area."""
    try:
        asked = await asked_of(request, fields=dict, once=str)
    except Refused as error:
        return _no(request, error)
    return await run_in_threadpool(_reported, request, asked)


def _reported(request: Request, asked: dict[str, Any]) -> JSONResponse:
    house, actor = request.app.state.house, request.scope["state"]["actor"]
    try:
        what, contact = _report(actor.role, asked)
        made = take_in(house.work, actor, what, contact, now=house.clock())
    except Refused as error:
        return _no(request, error)
    return JSONResponse({"case": made.case_id, "number": made.case_no})


def _report(role: str, asked: dict[str, Any]) -> tuple[Report, Contact]:
    """What a form says. Raises Refused for a value of another kind."""
    fields = asked["fields"]
    words = {name: fields.get(name) or "" for name in WORDS}
    photos = {name: fields.get(name) or [] for name in PHOTOS}
    point = [fields.get(name) for name in ("longitude", "latitude")]
    if (
        not all(isinstance(word, str) for word in words.values())
        or not all(isinstance(ids, list) and all(type(each) is int for each in ids) for ids in photos.values())
        or not all(each is None or type(each) in {int, float} for each in point)
    ):
        raise Refused("invalid", N_("The form holds something that does not fit; fill it in again."))
    what = Report(
        category=words["category"], text=words["text"], channel=words["channel"] or _(CHANNELS.get(role, CHANNELS["intake"])),
        longitude=point[0], latitude=point[1], area_code=words["area"] or None, title=words["title"] or None,
        order_no=words["order_no"] or None, photos=photos["photos"], before=photos["before"], after=photos["after"],
        self_handled=asked.get("self_handled") is True, once=asked["once"][:KEY] or None,
    )  # fmt: skip
    return what, Contact(words["name"], words["phone"])


@router.post("/duplicates")
async def post_duplicates(request: Request) -> JSONResponse:
    """{category, longitude, latitude} → {cases: [{id, number, text}]} near it in place and time, within the reader's areas."""
    try:
        asked = await asked_of(request, category=str, longitude=float, latitude=float)
    except Refused as error:
        return _no(request, error)
    return await run_in_threadpool(_duplicates, request, asked)


def _duplicates(request: Request, asked: dict[str, Any]) -> JSONResponse:
    house, access, now = request.app.state.house, request.scope["state"]["access"], request.app.state.house.clock()
    near = similar(
        house.reader, house.work, access, asked["category"], float(asked["longitude"]), float(asked["latitude"]), now
    )
    cases = [{"id": c["id"], "number": c["number"], "text": similar_text({"reported_at": now}, c)} for c in near]
    return JSONResponse({"cases": cases}, headers={"Cache-Control": "no-store"})

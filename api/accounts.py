"""/accounts: the security administrator keeps them, the system administrator reads them."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from actions import accounts as acts
from actions.people import People
from api.answers import page
from api.forms import text_of, texts_of
from components.roles import ROLE_NAMES
from components.words import _
from domain.actor import ADMINISTRATORS, Actor
from domain.measures import N_
from domain.refusal import Refused
from store import accounts
from store.engine import read

router = APIRouter()

WITHOUT_FIELDS: dict[str, Callable[..., None]] = {
    "disable": acts.disable, "enable": acts.enable, "unlock": acts.unlock,
}  # fmt: skip


@router.get("/accounts")
async def show(request: Request) -> Response:
    """All accounts, and the form for a new one."""
    return await _list(request)


@router.get("/accounts/{number}")
async def show_one(request: Request, number: int) -> Response:
    """One account with what may be done to it."""
    return await _one(request, number)


@router.post("/accounts")
async def add(request: Request) -> Response:
    """A new account; its first password is shown this once."""
    form = await request.form()
    new = acts.New(
        text_of(form, "login"), text_of(form, "role"), text_of(form, "name"), text_of(form, "department"),
        _areas(texts_of(form, "area")),
    )  # fmt: skip

    def work(people: People, actor: Actor, now: int) -> tuple[int, str]:
        return acts.add_account(people, actor, new, now=now)

    try:
        number, told = await _acting(request, work)
    except Refused as refused:
        return await _list(request, refused, given=new)
    return await _one(request, number, told=told)


@router.post("/accounts/{number}/{what}")
async def change(request: Request, number: int, what: str) -> Response:
    """Another role, other areas, a new password; disable, enable, unlock."""
    form = await request.form()

    def work(people: People, actor: Actor, now: int) -> str:
        if what in WITHOUT_FIELDS:
            WITHOUT_FIELDS[what](people, actor, number, now=now)
        elif what == "role":
            acts.set_role(people, actor, number, text_of(form, "role"), now=now, department=text_of(form, "department"))
        elif what == "areas":
            acts.set_areas(people, actor, number, _areas(texts_of(form, "area")), now=now)
        elif what == "password":
            return acts.reset_password(people, actor, number, now=now)
        else:
            raise Refused("absent", N_("There is no such account."))
        return ""

    try:
        told = await _acting(request, work)
    except Refused as refused:
        return await _one(request, number, refused)
    return await _one(request, number, told=told) if told else RedirectResponse(f"/accounts/{number}", 303)


WHOLE_SITE = "*"
"""How a form says the whole site: an empty text would be one that was not chosen."""


def _areas(chosen: list[str]) -> list[str]:
    return ["" if code == WHOLE_SITE else code for code in chosen if code]


async def _acting(request: Request, work: Callable[[People, Actor, int], Any]) -> Any:
    house = request.app.state.house
    return await run_in_threadpool(work, house.people, request.scope["state"]["actor"], house.clock())


async def _list(request: Request, refused: Refused | None = None, given: acts.New | None = None) -> Response:
    house = request.app.state.house

    def work() -> list[accounts.Account]:
        with read(house.engine) as connection:
            return accounts.every(connection)

    found = await run_in_threadpool(work)
    given = given or acts.New("", "")
    return page(request, "accounts.html", refused, accounts=found, given=given, **_around(request))


async def _one(request: Request, number: int, refused: Refused | None = None, told: str = "") -> Response:
    house = request.app.state.house

    def work() -> accounts.Account | None:
        with read(house.engine) as connection:
            return accounts.by_id(connection, number)

    account = await run_in_threadpool(work)
    if account is None:
        absent = Refused("absent", N_("There is no such account."))
        return page(request, "refused.html", absent, sentence=_(absent.message))
    return page(request, "account_of.html", refused, account=account, told=told, **_around(request))


def _around(request: Request) -> dict[str, Any]:
    """What both pages need: names of roles and areas, who asks, what time it is."""
    house, actor = request.app.state.house, request.scope["state"]["actor"]
    areas = house.site.areas
    named = [
        (areas.code[n] or WHOLE_SITE, areas.name[n], int(areas.depth[n]), areas.code[n]) for n in range(len(areas))
    ]
    return {
        "roles": {role: _(name) for role, name in ROLE_NAMES.items()}, "areas": named, "actor": actor,
        "names": {code: name for _value, name, _depth, code in named}, "may": acts.may_manage(actor),
        "administrators": ADMINISTRATORS, "now": house.clock(),
    }  # fmt: skip

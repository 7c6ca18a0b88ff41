"""Sign in, sign out, and the beacon that tells that someone is there."""

from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from actions import sign_in
from actions.sign_in import Entered
from api.answers import page
from api.callers import COOKIE
from api.forms import text_of
from api.turnstile import Turnstile
from domain.measures import N_
from domain.refusal import Refused
from domain.ways import KEEPS_ALIVE, is_own_path
from store import accounts
from store.engine import read

TRIES, TRY_SECONDS = 30, 300
"""So often a client may try to sign in, whatever the names it gives."""
TOO_OFTEN = N_("Too many attempts from this address. Wait some minutes.")

router = APIRouter()


def _require_turn(request: Request) -> None:
    """Raises Refused for a client that tries too often."""
    state, house = request.app.state, request.app.state.house
    if not hasattr(state, "sign_in_turnstile"):
        state.sign_in_turnstile = Turnstile(TRIES, TRY_SECONDS)
    if not state.sign_in_turnstile.lets(request.scope["state"]["client"], house.clock()):
        raise Refused("limit", TOO_OFTEN)


@router.get("/login")
async def ask(request: Request) -> Response:
    """The form; for a session that awaits its second factor, the form of the code."""
    return await _form(request, request.query_params.get("next", "/"))


@router.post("/login")
async def enter(request: Request) -> Response:
    """Login and password: in, or to the code, or the form again with why not."""
    form = await request.form()
    house, client, onward = request.app.state.house, request.scope["state"]["client"], text_of(form, "next")
    try:
        _require_turn(request)
        entered = await run_in_threadpool(
            sign_in.sign_in, house.people, text_of(form, "login"), text_of(form, "password"), client=client,
            now=house.clock(),
        )  # fmt: skip
    except Refused as refused:
        return await _form(request, onward, refused)
    if entered.awaits_code:
        return _let_in(request, entered, f"/login?{urlencode({'next': onward})}")
    return _let_in(request, entered, onward)


@router.post("/login/code")
async def give_code(request: Request) -> Response:
    """The code of the second factor."""
    form = await request.form()
    state, house, onward = request.scope["state"], request.app.state.house, text_of(form, "next")
    try:
        _require_turn(request)
        entered = await run_in_threadpool(
            sign_in.give_code, house.people, state["session"] or "", text_of(form, "code"), client=state["client"],
            now=house.clock(),
        )  # fmt: skip
    except Refused as refused:
        return await _form(request, onward, refused)
    return _let_in(request, entered, onward)


@router.post("/logout")
async def leave(request: Request) -> Response:
    """End the session of this browser."""
    state, house = request.scope["state"], request.app.state.house

    def work() -> None:
        with read(house.engine) as connection:
            session = accounts.session(connection, state["session"] or "")
            account = accounts.by_id(connection, session.account_id) if session else None
        if session and account:
            sign_in.sign_out(house.people, account, session.id, now=house.clock())

    await run_in_threadpool(work)
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")
    return answer


@router.post(KEEPS_ALIVE)
async def alive() -> Response:
    """Someone is there (assets/alive.js); the gate has noted it."""
    return Response(status_code=204)


@router.get("/session")
async def session() -> Response:
    """Whether one is still signed in: 204, or the gate's 401. It keeps nothing alive."""
    return Response(status_code=204)


HOME = {"security_admin": "/accounts", "system_admin": "/accounts", "auditor": "/audit"}
"""Where those begin who see no case."""


def _let_in(request: Request, entered: Entered, onward: str) -> Response:
    settings: Any = request.app.state.house.settings
    home = HOME.get(entered.account.role, "/")
    answer = RedirectResponse(onward if is_own_path(onward) and onward != "/" else home, 303)
    answer.set_cookie(
        COOKIE, entered.cookie, path="/", httponly=True, samesite="lax",
        secure=settings.site.public_url.startswith("https://"), max_age=settings.security.longest_seconds,
    )  # fmt: skip
    return answer


async def _form(request: Request, onward: str, refused: Refused | None = None) -> Response:
    house, state = request.app.state.house, request.scope["state"]

    def there_is_someone() -> bool:
        with read(house.engine) as connection:
            return accounts.any_account(connection)

    known = state["actor"]
    return page(
        request, "login.html", refused, onward=onward if is_own_path(onward) else "/",
        awaits_code=state["unfinished"] == "code" and (refused is None or refused.message != sign_in.WRONG),
        empty=not await run_in_threadpool(there_is_someone), known=known.name if known.account_id else "",
    )  # fmt: skip

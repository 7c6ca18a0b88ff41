"""/account: one's own password, second factor, sessions and keys."""

from typing import Any
from zoneinfo import ZoneInfo

import segno
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from actions import accounts as acts
from actions import keys, second_factor, sign_in
from api.answers import page
from api.forms import text_of
from components.caselines import moment_text
from components.roles import ROLE_NAMES
from components.words import _
from domain.measures import N_
from domain.refusal import Refused
from store import accounts
from store.accounts import Account
from store.engine import read

router = APIRouter()


@router.get("/account")
async def show(request: Request) -> Response:
    """All of it, or the one thing that is still to be done first."""
    return await _page(request)


@router.post("/account/password")
async def change_password(request: Request) -> Response:
    """Another password, given the present one."""
    form, state = await request.form(), request.scope["state"]
    if text_of(form, "new") != text_of(form, "again"):
        return await _page(request, Refused("invalid", N_("The two new passwords are not the same.")))
    return await _done(
        request,
        lambda house, account: acts.change_password(
            house.people, account, text_of(form, "old"), text_of(form, "new"), session_id=state["session"],
            now=house.clock(),
        ),
    )  # fmt: skip


@router.post("/account/factor")
async def enrol(request: Request) -> Response:
    """Turn on the second factor with a first code of it."""
    form = await request.form()

    def work(house: Any, account: Account) -> None:
        totp = second_factor.unseal(house.people.secret, text_of(form, "sealed"))
        if totp is None or account.totp_secret:
            raise Refused("stale", N_("This form has been used. Open the page again."))
        acts.enrol(house.people, account, totp, text_of(form, "code"), now=house.clock())

    return await _done(request, work)


@router.post("/account/sessions/end")
async def end_session(request: Request) -> Response:
    """End one of one's sessions, wherever it is open."""
    form = await request.form()
    return await _done(
        request,
        lambda house, account: acts.end_session(house.people, account, text_of(form, "session"), now=house.clock()),
    )


@router.post("/account/keys")
async def add_key(request: Request) -> Response:
    """A key; it is shown this once."""
    form = await request.form()

    def work(house: Any, account: Account) -> str:
        return keys.add_key(house.people, account.actor(), account.id, text_of(form, "label"), now=house.clock())

    try:
        made = await run_in_threadpool(_as_owner, request, work)
    except Refused as refused:
        return await _page(request, refused)
    return await _page(request, key=made)


@router.post("/account/keys/revoke")
async def revoke_key(request: Request) -> Response:
    """End a key."""
    form = await request.form()
    number = text_of(form, "key")
    return await _done(
        request,
        lambda house, account: keys.revoke_key(
            house.people, account.actor(), account.id, int(number) if number.isdecimal() else 0, now=house.clock()
        ),
    )


async def _done(request: Request, work: Any) -> Response:
    """Do it and show the page anew, or show why not."""
    try:
        await run_in_threadpool(_as_owner, request, work)
    except Refused as refused:
        return await _page(request, refused)
    return RedirectResponse("/account", 303)


def _as_owner(request: Request, work: Any) -> Any:
    house = request.app.state.house
    return work(house, _owner(request)[0])


def _owner(request: Request) -> tuple[Account, str]:
    """The account of this session, and the session. A key has no account page."""
    house, session = request.app.state.house, request.scope["state"]["session"] or ""
    found = sign_in.caller(house.people, session, now=house.clock())
    if found is None:
        raise Refused("forbidden", N_("Sign in first."))
    return found[0], session


async def _page(request: Request, refused: Refused | None = None, key: str = "") -> Response:
    try:
        values = await run_in_threadpool(_values, request)
    except Refused as outside:
        return page(request, "refused.html", outside, sentence=_(outside.message))
    return page(request, "account.html", refused, key=key, **values)


def _values(request: Request) -> dict[str, Any]:
    house = request.app.state.house
    account, session = _owner(request)
    with read(house.engine) as connection:
        sessions = accounts.sessions_of(connection, account.id)
        found = accounts.keys_of(connection, account.id)
    now, site = house.clock(), house.settings.site.name
    totp = second_factor.new_secret() if not account.totp_secret else ""
    picture = segno.make(second_factor.address(totp, account.login, site)).svg_data_uri(scale=4) if totp else ""
    return {
        "account": account, "role": _(ROLE_NAMES[account.role]), "unfinished": request.scope["state"]["unfinished"],
        "sessions": [(s, s.id == session) for s in sessions if not house.people.span.is_over(s.made_at, s.seen_at, now)],
        "keys": found, "totp": totp, "sealed": second_factor.seal(house.people.secret, totp) if totp else "",
        "picture": picture, "at": lambda moment: moment_text(moment, ZoneInfo(house.zone.name), "%Y-%m-%d %H:%M"),
    }  # fmt: skip

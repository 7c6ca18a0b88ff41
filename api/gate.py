"""The outermost layer: who is asking and what they may see, what is refused, and what every answer says to the browser."""

import asyncio
import contextlib
from typing import Any
from urllib.parse import quote, urlsplit

from sqlalchemy.exc import DBAPIError
from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api.bodies import TooLargeError, limited
from api.callers import COOKIE, NOBODY, Caller, Callers
from api.headers import guarded
from components.plain import render
from components.words import _
from config import Site
from domain.clients import client_address, is_this_machine, without_port
from domain.ways import KEEPS_ALIVE, SAFE_METHODS, is_open, is_open_here, lies_below, may_open

STREAMS = ("/live",)
"""They end within moments of the session that opened them."""
WATCH_SECONDS = 2.0
UNFINISHED = ("/account", "/logout")
"""What is open to one who has still to change a password or to set up the second factor."""
ABOUT_ACCOUNTS = ("/login", "/logout", "/account", "/accounts")


class Gate:
    """Puts into scope["state"]: actor, access, session (hash), local, client. Nobody passes a path that asks for sign-in."""

    def __init__(self, app: ASGIApp, callers: Callers, site: Site) -> None:
        self._app, self._callers, self._site = app, callers, site
        self._origin = _origin(site.public_url)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or answer it here."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return  # no websocket is served: an unanswered one is closed
        headers, path = Headers(scope=scope), scope["path"]
        send = guarded(send, path, secure=self._site.public_url.startswith("https://"))
        cookie = cookie_parser(headers.get("cookie", "")).get(COOKIE, "")
        caller = await self._who(headers, cookie, path)
        proven = scope["method"] in SAFE_METHODS or "authorization" in headers or self._is_our_page(headers)
        if is_open(path) and not proven:
            caller = NOBODY  # anyone may send this, but not in the name of whoever is signed in
        self._tell(scope, headers, caller or NOBODY)
        refusal = self._refusal(scope, headers, caller, forged=not proven and bool(cookie))
        if refusal is None:
            try:
                receive = await limited(scope, receive)
            except TooLargeError:
                refusal = _answer(headers, 413, _("This is too large to be taken."), self._site.name)
        if refusal is not None:
            await refusal(scope, receive, send)
        elif caller is not None:
            await self._let_in(caller, scope, receive, send)

    async def _who(self, headers: Headers, cookie: str, path: str) -> Caller | None:
        """The caller; None while the store does not answer and the path asks for one."""
        try:
            return await self._callers.who(headers, cookie)
        except DBAPIError:
            return NOBODY if is_open(path) else None

    async def _let_in(self, caller: Caller, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if path == KEEPS_ALIVE or _wants_page(Headers(scope=scope)):
            await self._callers.was_there(caller)
        if caller.session and any(lies_below(path, way) for way in STREAMS):
            await self._while_signed_in(caller.session, scope, receive, send)
            return
        await self._app(scope, receive, send)
        if scope["method"] not in SAFE_METHODS and any(lies_below(path, way) for way in ABOUT_ACCOUNTS):
            self._callers.forget()

    def _tell(self, scope: Scope, headers: Headers, caller: Caller) -> None:
        peer = (scope.get("client") or ("", 0))[0]
        client = client_address(peer, headers.get("x-forwarded-for", ""), self._site.trusted_proxies)
        state: dict[str, Any] = scope.setdefault("state", {})
        known = caller if caller.is_in else NOBODY
        state.update({
            "actor": known.actor, "access": known.access, "session": caller.session, "unfinished": caller.unfinished,
            "client": client, "local": is_this_machine(client) and is_this_machine(without_port(headers.get("host", ""))),
        })  # fmt: skip

    def _refusal(self, scope: Scope, headers: Headers, caller: Caller | None, *, forged: bool) -> Response | None:
        """Why a request goes no further; None when it does."""
        path, method = scope["path"], scope["method"]
        if caller is None:
            return _answer(headers, 503, _("The store does not answer. Try again in a moment."), self._site.name)
        signs_in = lies_below(path, "/login") and method not in SAFE_METHODS and not self._is_our_page(headers)
        if signs_in or (forged and not is_open(path)):
            return _answer(headers, 403, _("This was sent from another site, so nothing was done."), self._site.name)
        finishing = caller.unfinished in {"password", "factor"} and any(lies_below(path, way) for way in UNFINISHED)
        if finishing or is_open(path) or (scope["state"]["local"] and is_open_here(path)):
            return None
        if not caller.is_in:
            return self._to_sign_in(scope, headers, caller)
        if not may_open(caller.actor.role, path, method):
            return _answer(headers, 403, _("Your role has no way to this page."), self._site.name)
        return None

    def _to_sign_in(self, scope: Scope, headers: Headers, caller: Caller) -> Response:
        if not (_wants_page(headers) and scope["method"] in SAFE_METHODS):
            return JSONResponse({"detail": _("Sign in first.")}, 401, {"WWW-Authenticate": "Bearer"})
        if caller.unfinished in {"password", "factor"}:
            return RedirectResponse("/account", 303)
        query = scope["query_string"].decode("latin-1")
        here = scope["path"] + (f"?{query}" if query else "")
        return RedirectResponse(f"/login?next={quote(here, safe='/')}", 303)

    def _is_our_page(self, headers: Headers) -> bool:
        """Whether a browser says that a page of this site sent this. The form of a page that tells nobody its address
        (no-referrer) comes from "null"; then Sec-Fetch-Site alone says it, which no page can forge.
        """
        origin = headers.get("origin", "null")
        if origin == "null":
            return headers.get("sec-fetch-site") == "same-origin"
        return _origin(origin) in {self._origin, headers.get("host", "").casefold()} - {""}

    async def _while_signed_in(self, session: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer until the session ends."""
        begun = False

        async def sending(message: Any) -> None:
            nonlocal begun
            begun = True
            await send(message)

        answering = asyncio.ensure_future(self._app(scope, receive, sending))
        try:
            while not (await asyncio.wait({answering}, timeout=WATCH_SECONDS))[0]:
                if not (await self._callers.of_session(session)).is_in:
                    break
        finally:
            if not answering.done():
                answering.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await answering
        if answering.cancelled() and begun:
            await send({"type": "http.response.body", "body": b"", "more_body": False})


def _origin(address: str) -> str:
    """host[:port] of an origin."""
    return urlsplit(address).netloc.casefold()


def _wants_page(headers: Headers) -> bool:
    return "text/html" in headers.get("accept", "")


def _answer(headers: Headers, status: int, sentence: str, site: str) -> Response:
    if _wants_page(headers):
        return HTMLResponse(render("refused.html", site=site, sentence=sentence), status)
    return JSONResponse({"detail": sentence}, status)

"""Signing in, for tests: accounts with a quick hash, and one cookie that every test server takes for its viewer."""

import time
from collections.abc import Iterable

import sqlalchemy as sa
from argon2 import PasswordHasher

from actions.people import digest
from api.callers import COOKIE
from domain.scope import Scope
from store import accounts
from store.accounts import Account, Session
from store.engine import open_engine, read, write

PASSWORD = "a-password-4-tests"
HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
QUICK = HASHER.hash(PASSWORD)
"""A hash that is made at once; it proves nothing about ours."""
TOKEN = "the-viewer-of-every-test-server"
COOKIES = [{"name": COOKIE, "value": TOKEN, "domain": "127.0.0.1", "path": "/", "httpOnly": True, "sameSite": "Lax"}]
HEADERS = {"Cookie": f"{COOKIE}={TOKEN}"}
"""What a browser and what a client of HTTP shows a server that `seed` has prepared."""
FAR = 10 * 86_400


def add(engine: sa.Engine, login: str, role: str, areas: Iterable[str] = ("",), **values) -> Account:
    """An account with PASSWORD; areas are not looked up."""
    usual = {"name": login, "department": "", "password_hash": QUICK, "must_change": False, "created_at": 1}
    with write(engine) as connection:
        number = accounts.add(connection, areas, login=login, role=role, **usual | values)
    with read(engine) as connection:
        found = accounts.by_id(connection, number)
    assert found is not None
    return found


def enter(engine: sa.Engine, account: Account, token: str, now: int | None = None) -> dict[str, str]:
    """A session under this cookie that does not end during a test; the headers that show it."""
    at = int(time.time()) if now is None else now
    with write(engine) as connection:
        session = Session(digest(token), account.id, "in", "127.0.0.1", at, at + FAR, None)
        accounts.open_session(connection, session)
    return {"Cookie": f"{COOKIE}={token}"}


def seed(url: str) -> None:
    """Give a store its viewer of the whole site, signed in with TOKEN (once; a second time changes nothing)."""
    engine = open_engine(url)
    try:
        with read(engine) as connection:
            known = accounts.session(connection, digest(TOKEN))
        if known is None:
            enter(engine, add(engine, "tester", "viewer"), TOKEN)
    finally:
        engine.dispose()


class Open:
    """A stand-in for the gate: lets everyone in as one who sees these areas."""

    def __init__(self, app, areas: Iterable[str] = ("",), role: str = "viewer") -> None:
        self.app, self.access = app, Scope(frozenset(areas), role)

    async def __call__(self, scope, receive, send):
        scope.setdefault("state", {})["access"] = self.access
        await self.app(scope, receive, send)

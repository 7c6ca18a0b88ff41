"""Who is asking: an account by its cookie or its key, remembered for a moment so that tiles cost no query."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers

from actions import keys, sign_in
from actions.people import People, digest
from domain.actor import ADMINISTRATORS, PUBLIC, Actor
from domain.scope import Scope
from store import accounts
from store.engine import write

COOKIE = "gridhall"
REMEMBERED_SECONDS = 2.0
"""What another process revokes ends here within this time; what this process revokes, at once (`forget`)."""
SEEN_SECONDS = 30
MOST_REMEMBERED = 4_096
UNBOUND = "nobody"


@dataclass(frozen=True)
class Caller:
    """session: hash of the cookie. unfinished: why nothing but sign-in is open yet (code | password | factor | "")."""

    actor: Actor
    session: str | None = None
    unfinished: str = ""
    seen_at: int = 0

    @property
    def is_in(self) -> bool:
        """Whether this is an account that has signed in wholly."""
        return self.actor.account_id is not None and not self.unfinished

    @property
    def access(self) -> Scope:
        """What the caller may see: the areas of the account; nothing for administrators and nobody."""
        if not self.is_in or self.actor.role in ADMINISTRATORS:
            return Scope(frozenset(), self.actor.role if self.is_in else UNBOUND)
        return Scope(self.actor.areas, self.actor.role)


NOBODY = Caller(PUBLIC)


class Callers:
    """Finds out who asks."""

    def __init__(self, people: People, clock: Callable[[], int]) -> None:
        self.people, self.clock = people, clock
        self._known: dict[str, tuple[float, Caller]] = {}

    def forget(self) -> None:
        """Look everyone up anew: something about accounts was written here."""
        self._known.clear()

    async def who(self, headers: Headers, cookie: str) -> Caller:
        """The caller of a request. A key counts alone: beside it no cookie does."""
        kind, _space, key = headers.get("authorization", "").partition(" ")
        if kind.casefold() == "bearer":
            return await self._remembered(f"key {key.strip()}", lambda: self._by_key(key.strip()))
        return await self.of_session(digest(cookie)) if cookie else NOBODY

    async def of_session(self, session: str) -> Caller:
        """Whose session this is (hash of its cookie); nobody when it has ended."""
        return await self._remembered(f"session {session}", lambda: self._by_session(session))

    async def was_there(self, caller: Caller) -> None:
        """Its owner pressed a key or opened a page; written down now and then."""
        now = self.clock()
        if caller.session and now >= caller.seen_at + SEEN_SECONDS:
            await run_in_threadpool(self._seen, caller.session, now)
            self._known.pop(f"session {caller.session}", None)

    async def _remembered(self, name: str, look: Callable[[], Caller]) -> Caller:
        at, caller = self._known.get(name, (0.0, NOBODY))
        moment = time.monotonic()
        if moment >= at:
            caller = await run_in_threadpool(look)
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            self._known[name] = moment + REMEMBERED_SECONDS, caller
        return caller

    def _by_key(self, key: str) -> Caller:
        actor = keys.key_holder(self.people, key)
        return Caller(actor) if actor else NOBODY

    def _by_session(self, session: str) -> Caller:
        found = sign_in.caller(self.people, session, now=self.clock())
        if found is None:
            return NOBODY
        account, row = found
        caller = Caller(account.actor(), session, seen_at=row.seen_at)
        if row.stage == "code":
            return replace(caller, unfinished="code")
        if account.must_change:
            return replace(caller, unfinished="password")
        if account.role in self.people.rules.two_factor and not account.totp_secret:
            return replace(caller, unfinished="factor")
        return caller

    def _seen(self, session: str, now: int) -> None:
        with write(self.people.engine) as connection:
            accounts.seen(connection, session, now)

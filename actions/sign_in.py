"""Sign in and out. An unknown login costs the same work and gets the same answer as a wrong password."""

import secrets
import threading
from dataclasses import dataclass
from functools import cache

import sqlalchemy as sa
from argon2.exceptions import InvalidHashError, VerificationError

from actions.people import HASHER, People, digest
from actions.second_factor import step_of, unseal
from domain.actor import PUBLIC
from domain.measures import N_
from domain.refusal import Refused
from store import accounts, audit
from store.accounts import Account, Session
from store.engine import read, write

AT_ONCE = threading.Semaphore(4)
"""So many passwords are held against their hashes at a time: each takes 64 MiB."""

WRONG = N_(
    "The name or the password is not right. After {attempts} failures an account is locked for {minutes} minutes."
)
WRONG_CODE = N_("This code is not right, or it was used before. Wait for the next one.")


@dataclass(frozen=True)
class Entered:
    """cookie: what the browser keeps. awaits_code: the second factor is still to be given."""

    cookie: str
    account: Account
    awaits_code: bool


def sign_in(people: People, login: str, password: str, *, client: str, now: int) -> Entered:
    """Open a session for the right password. Raises Refused.

    The attempt is counted before the password is looked at, so that guesses sent at the same time are counted too.
    """
    login = login.strip().casefold()[:200]
    with write(people.engine) as connection:
        account = accounts.by_login(connection, login, hold=True)
        open_ = account is not None and not account.disabled and account.locked_until <= now
        if account is not None and open_:
            _count(people, connection, account, now)
    right = is_right(account.password_hash if account else _nobodys(), password) and open_
    if account is None or not right:
        with write(people.engine) as connection:
            subject = f"account:{account.id}" if account else "account:unknown"
            audit.append(connection, PUBLIC, "session.open", subject, now=now, result="refused")
        raise _wrong(people)
    cookie = secrets.token_urlsafe(32)
    awaits_code = bool(account.totp_secret)
    session = Session(digest(cookie), account.id, "code" if awaits_code else "in", client, now, now, None)
    with write(people.engine) as connection:
        if not awaits_code:
            accounts.change(connection, account.id, failures=0, locked_until=0)
        if HASHER.check_needs_rehash(account.password_hash):
            accounts.change(connection, account.id, password_hash=HASHER.hash(password))
        accounts.open_session(connection, session)
        if not awaits_code:
            audit.append(connection, account.actor(), "session.open", f"account:{account.id}", now=now)
    return Entered(cookie, account, awaits_code)


def give_code(people: People, session_id: str, code: str, *, client: str, now: int) -> Entered:
    """The second factor of a session that awaits it; it goes on under a new cookie. Raises Refused."""
    with write(people.engine) as connection:
        session = accounts.session(connection, session_id)
        account = accounts.by_id(connection, session.account_id, hold=True) if session else None
        waits = session is not None and session.stage == "code" and session.revoked_at is None
        if account is None or not waits or account.disabled or account.locked_until > now:
            refused = _wrong(people)
        else:
            totp = unseal(people.secret, account.totp_secret)
            step = step_of(totp, code, used=account.totp_used, now=now) if totp else None
            if step is not None:
                cookie = secrets.token_urlsafe(32)
                accounts.change(connection, account.id, totp_used=step, failures=0, locked_until=0)
                accounts.end_sessions(connection, account.id, now=now, only=session_id)
                accounts.open_session(connection, Session(digest(cookie), account.id, "in", client, now, now, None))
                audit.append(connection, account.actor(), "session.open", f"account:{account.id}", now=now)
                return Entered(cookie, account, awaits_code=False)
            _count(people, connection, account, now)
            audit.append(connection, PUBLIC, "session.code", f"account:{account.id}", now=now, result="refused")
            refused = Refused("invalid", WRONG_CODE)
    raise refused


def sign_out(people: People, account: Account, session_id: str, *, now: int) -> None:
    """End a session of an account."""
    with write(people.engine) as connection:
        if accounts.end_sessions(connection, account.id, now=now, only=session_id):
            audit.append(connection, account.actor(), "session.end", f"account:{account.id}", now=now)


def caller(people: People, session_id: str, *, now: int) -> tuple[Account, Session] | None:
    """Whose session this is; None when it has ended, by itself or by someone."""
    with read(people.engine) as connection:
        session = accounts.session(connection, session_id)
        if session is None or session.revoked_at is not None:
            return None
        account = accounts.by_id(connection, session.account_id)
    if account is None or account.disabled or people.span.is_over(session.made_at, session.seen_at, now):
        return None
    return account, session


def is_right(password_hash: str, password: str) -> bool:
    """Whether a password is that of a hash."""
    with AT_ONCE:
        try:
            return HASHER.verify(password_hash, password.encode("utf-8", "surrogatepass"))
        except (VerificationError, InvalidHashError):
            return False


@cache
def _nobodys() -> str:
    return HASHER.hash(secrets.token_urlsafe(32))


def _count(people: People, connection: sa.Connection, account: Account, now: int) -> None:
    failures = account.failures + 1
    locked = failures >= people.rules.attempts
    until = now + people.rules.lock_seconds if locked else account.locked_until
    accounts.change(connection, account.id, failures=0 if locked else failures, locked_until=until)


def _wrong(people: People) -> Refused:
    return Refused("invalid", WRONG, attempts=people.rules.attempts, minutes=people.rules.lock_seconds // 60)

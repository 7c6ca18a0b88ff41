"""Add and change accounts. Who may: the security administrator, and the command line; nobody their own role or areas."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from actions.people import HASHER, People
from actions.second_factor import seal, step_of
from actions.sign_in import WRONG_CODE, is_right
from domain.actor import ADMINISTRATORS, ROLES, Actor
from domain.measures import N_
from domain.passwords import is_good, made
from domain.refusal import Refused
from store import accounts, audit
from store.accounts import Account
from store.engine import write

LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
LONGEST_NAME = 80

WEAK = N_(
    "A password has at least 10 characters of two kinds (small and capital letters, figures, others), and not the login in it."
)


def may_manage(actor: Actor) -> bool:
    """Whether someone may change accounts."""
    return actor.role == "security_admin" or actor.via == "command"


@dataclass(frozen=True)
class New:
    """An account to be. areas: codes, empty for the whole site. department: of a handler."""

    login: str
    role: str
    name: str = ""
    department: str = ""
    areas: Iterable[str] = ()


def add_account(
    people: People, actor: Actor, new: New, *, now: int, password: str | None = None, password_hash: str | None = None,
    must_change: bool = True,
) -> tuple[int, str]:  # fmt: skip
    """A new account; its number and, when no password was given, the one made for it. Raises Refused."""
    _require_manager(actor)
    login = new.login.strip().casefold()
    if not LOGIN.fullmatch(login):
        raise Refused("invalid", N_("A login has 2 to 40 small letters, figures, points, hyphens or underscores."))
    _require_role(new.role)
    areas = _known(people, new.role, new.areas)
    told = made() if password is None and password_hash is None else ""
    if password is not None and not is_good(password, login):
        raise Refused("invalid", WEAK)
    kept = password_hash or HASHER.hash(password or told)
    values = {
        "login": login, "name": new.name.strip()[:LONGEST_NAME] or login, "role": new.role,
        "department": new.department.strip()[:LONGEST_NAME], "password_hash": kept, "must_change": must_change,
    }  # fmt: skip
    with write(people.engine) as connection:
        if accounts.by_login(connection, login):
            raise Refused("invalid", N_("There is an account with the login {login}."), login=login)
        number = accounts.add(connection, areas, created_at=now, **values)
        detail = {"role": new.role, "areas": sorted(areas)}
        audit.append(connection, actor, "account.add", f"account:{number}", now=now, detail=detail)
    return number, told


def set_role(people: People, actor: Actor, account_id: int, role: str, *, now: int, department: str = "") -> None:
    """Give an account another role; its sessions and keys end. Raises Refused."""
    _require_role(role)

    def work(connection: sa.Connection, account: Account) -> dict[str, Any]:
        values = {"role": role, "department": department.strip()[:LONGEST_NAME] or account.department}
        accounts.change(connection, account.id, **values)
        if role in ADMINISTRATORS:
            accounts.set_areas(connection, account.id, ())
        if role != account.role:
            _end_all(connection, account, now)
        return {"role": role, "before": account.role}

    _changed(people, actor, account_id, "account.role", now, work)


def set_areas(people: People, actor: Actor, account_id: int, areas: Iterable[str], *, now: int) -> None:
    """Bind an account to areas (codes; empty for the whole site). Raises Refused."""
    areas = list(areas)

    def work(connection: sa.Connection, account: Account) -> dict[str, Any]:
        known = _known(people, account.role, areas)
        accounts.set_areas(connection, account.id, known)
        return {"areas": sorted(known), "before": sorted(account.areas)}

    _changed(people, actor, account_id, "account.areas", now, work)


def disable(people: People, actor: Actor, account_id: int, *, now: int) -> None:
    """Shut an account; its sessions and keys end. Raises Refused."""

    def work(connection: sa.Connection, account: Account) -> dict[str, Any]:
        accounts.change(connection, account.id, disabled=True)
        _end_all(connection, account, now)
        return {}

    _changed(people, actor, account_id, "account.disable", now, work)


def enable(people: People, actor: Actor, account_id: int, *, now: int) -> None:
    """Open an account that was shut. Raises Refused."""

    def work(connection: sa.Connection, account: Account) -> dict[str, Any]:
        accounts.change(connection, account.id, disabled=False, failures=0, locked_until=0)
        return {}

    _changed(people, actor, account_id, "account.enable", now, work)


def unlock(people: People, actor: Actor, account_id: int, *, now: int) -> None:
    """End the lock that failures brought. Raises Refused."""

    def work(connection: sa.Connection, account: Account) -> dict[str, Any]:
        accounts.change(connection, account.id, failures=0, locked_until=0)
        return {}

    _changed(people, actor, account_id, "account.unlock", now, work)


def reset_password(people: People, actor: Actor, account_id: int, *, now: int, password: str | None = None) -> str:
    """A password that is used once, told this once; the second factor is set up anew too. Raises Refused."""
    told = made() if password is None else ""

    def work(connection: sa.Connection, account: Account) -> dict[str, Any]:
        if password is not None and not is_good(password, account.login):
            raise Refused("invalid", WEAK)
        values = {"must_change": True, "failures": 0, "locked_until": 0, "totp_secret": "", "totp_used": 0}
        accounts.change(connection, account.id, password_hash=HASHER.hash(password or told), **values)
        _end_all(connection, account, now)
        return {}

    _changed(people, actor, account_id, "account.password", now, work)
    return told


def change_password(people: People, account: Account, old: str, new: str, *, session_id: str, now: int) -> None:
    """One's own password; all other sessions end. Raises Refused."""
    if not is_right(account.password_hash, old):
        with write(people.engine) as connection:
            audit.append(
                connection, account.actor(), "password.change", f"account:{account.id}", now=now, result="refused"
            )
        raise Refused("invalid", N_("The present password is not right."))
    if not is_good(new, account.login) or new == old:
        raise Refused("invalid", WEAK)
    kept = HASHER.hash(new)
    with write(people.engine) as connection:
        accounts.change(connection, account.id, password_hash=kept, must_change=False)
        accounts.end_sessions(connection, account.id, now=now, but=session_id)
        audit.append(connection, account.actor(), "password.change", f"account:{account.id}", now=now)


def enrol(people: People, account: Account, totp: str, code: str, *, now: int) -> None:
    """Turn on the second factor with a code that shows the authenticator has it. Raises Refused."""
    step = step_of(totp, code, used=account.totp_used, now=now)
    if step is None:
        raise Refused("invalid", WRONG_CODE)
    with write(people.engine) as connection:
        accounts.change(connection, account.id, totp_secret=seal(people.secret, totp), totp_used=step)
        audit.append(connection, account.actor(), "factor.add", f"account:{account.id}", now=now)


def end_session(people: People, account: Account, session_id: str, *, now: int) -> None:
    """End one of one's own sessions. Raises Refused when there is none."""
    with write(people.engine) as connection:
        if not accounts.end_sessions(connection, account.id, now=now, only=session_id):
            raise Refused("absent", N_("This session has ended already."))
        audit.append(connection, account.actor(), "session.end", f"account:{account.id}", now=now)


def _changed(
    people: People, actor: Actor, account_id: int, action: str, now: int,
    work: Callable[[sa.Connection, Account], dict[str, Any]],
) -> None:  # fmt: skip
    """The frame of every change by another: who may, whom, and what goes on record, in one transaction."""
    _require_manager(actor)
    if actor.account_id == account_id:
        raise Refused("forbidden", N_("Nobody changes their own account here; another administrator does."))
    with write(people.engine) as connection:
        account = accounts.by_id(connection, account_id, hold=True)
        if account is None:
            raise Refused("absent", N_("There is no such account."))
        detail = work(connection, account)
        audit.append(connection, actor, action, f"account:{account_id}", now=now, detail=detail)


def _require_manager(actor: Actor) -> None:
    if not may_manage(actor):
        raise Refused("forbidden", N_("Only the security administrator changes accounts."))


def _require_role(role: str) -> None:
    if role not in ROLES:
        raise Refused("invalid", N_("There is no role {role}."), role=role)


def _known(people: People, role: str, areas: Iterable[str]) -> frozenset[str]:
    """Areas that an account of a role may have: administrators none, so that they see no case."""
    chosen = frozenset(areas)
    unknown = sorted(chosen - people.areas - {""})
    if unknown:
        raise Refused("invalid", N_("There is no area {code}."), code=unknown[0])
    if chosen and role in ADMINISTRATORS:
        raise Refused("invalid", N_("Administrators are bound to no area: they see no case."))
    return chosen


def _end_all(connection: sa.Connection, account: Account, now: int) -> None:
    accounts.end_sessions(connection, account.id, now=now)
    accounts.end_keys(connection, account.id, now=now)

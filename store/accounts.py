"""Accounts, sessions and keys in the store; every function works in its caller's transaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from domain.actor import Actor
from store.schema_people import account_areas, accounts, api_keys, sessions


@dataclass(frozen=True)
class Account:
    """A row of accounts, with its areas."""

    id: int
    login: str
    name: str
    role: str
    department: str
    password_hash: str
    totp_secret: str
    totp_used: int
    failures: int
    locked_until: int
    disabled: bool
    must_change: bool
    created_at: int
    areas: frozenset[str]

    def actor(self, via: str = "web") -> Actor:
        """The account as one who does something."""
        return Actor(self.login, self.name, self.role, self.areas, self.department, self.id, via)


@dataclass(frozen=True)
class Session:
    """A row of sessions."""

    id: str
    account_id: int
    stage: str
    client: str
    made_at: int
    seen_at: int
    revoked_at: int | None


@dataclass(frozen=True)
class Key:
    """A row of api_keys, without its hash."""

    id: int
    account_id: int
    label: str
    made_at: int
    revoked_at: int | None


def any_account(connection: sa.Connection) -> bool:
    """Whether there is an account at all."""
    return connection.execute(sa.select(accounts.c.id).limit(1)).first() is not None


def every(connection: sa.Connection) -> list[Account]:
    """All accounts by login."""
    return _accounts(connection, sa.select(accounts).order_by(accounts.c.login))


def by_login(connection: sa.Connection, login: str, *, hold: bool = False) -> Account | None:
    """The account of a login. hold: nobody else holds it until the transaction ends."""
    return _one(connection, accounts.c.login == login, hold=hold)


def by_id(connection: sa.Connection, account_id: int, *, hold: bool = False) -> Account | None:
    """The account of a number. hold: nobody else holds it until the transaction ends."""
    return _one(connection, accounts.c.id == account_id, hold=hold)


def _one(connection: sa.Connection, condition: sa.ColumnElement[bool], *, hold: bool) -> Account | None:
    query = sa.select(accounts).where(condition)
    return next(iter(_accounts(connection, query.with_for_update() if hold else query)), None)


def _accounts(connection: sa.Connection, query: sa.Select[Any]) -> list[Account]:
    rows = connection.execute(query).mappings().all()
    areas: dict[int, set[str]] = {row["id"]: set() for row in rows}
    found = connection.execute(sa.select(account_areas).where(account_areas.c.account_id.in_(list(areas))))
    for account_id, code in found:
        areas[account_id].add(code)
    return [Account(**row, areas=frozenset(areas[row["id"]])) for row in rows]


def add(connection: sa.Connection, areas: Iterable[str], **values: Any) -> int:
    """A new account (login, name, role, department, password_hash, must_change, created_at); its number."""
    usual = {"totp_secret": "", "totp_used": 0, "failures": 0, "locked_until": 0, "disabled": False}
    inserted = sa.insert(accounts).values(usual | values).returning(accounts.c.id)
    account_id: int = connection.execute(inserted).scalar_one()
    set_areas(connection, account_id, areas)
    return account_id


def change(connection: sa.Connection, account_id: int, **values: Any) -> None:
    """Write columns of an account."""
    connection.execute(sa.update(accounts).where(accounts.c.id == account_id).values(**values))


def set_areas(connection: sa.Connection, account_id: int, areas: Iterable[str]) -> None:
    """Bind an account to these areas and no others."""
    connection.execute(sa.delete(account_areas).where(account_areas.c.account_id == account_id))
    rows = [{"account_id": account_id, "area_code": code} for code in sorted(set(areas))]
    if rows:
        connection.execute(sa.insert(account_areas), rows)


def open_session(connection: sa.Connection, session: Session) -> None:
    """Put a session on record."""
    connection.execute(sa.insert(sessions).values(**vars(session)))


def session(connection: sa.Connection, session_id: str) -> Session | None:
    """The session of a hash."""
    row = connection.execute(sa.select(sessions).where(sessions.c.id == session_id)).mappings().first()
    return Session(**row) if row else None


def sessions_of(connection: sa.Connection, account_id: int) -> list[Session]:
    """The sessions of an account that nobody ended, the last seen first."""
    mine = (sessions.c.account_id == account_id) & sessions.c.revoked_at.is_(None)
    found = connection.execute(sa.select(sessions).where(mine).order_by(sessions.c.seen_at.desc())).mappings()
    return [Session(**row) for row in found]


def seen(connection: sa.Connection, session_id: str, now: int) -> None:
    """Its owner was there."""
    connection.execute(sa.update(sessions).where(sessions.c.id == session_id).values(seen_at=now))


def end_sessions(
    connection: sa.Connection, account_id: int, *, now: int, only: str | None = None, but: str | None = None
) -> int:
    """Revoke the sessions of an account (only: this one; but: all except this one); how many."""
    mine = (sessions.c.account_id == account_id) & sessions.c.revoked_at.is_(None)
    if only is not None:
        mine &= sessions.c.id == only
    if but is not None:
        mine &= sessions.c.id != but
    return connection.execute(sa.update(sessions).where(mine).values(revoked_at=now)).rowcount


def add_key(connection: sa.Connection, account_id: int, digest: str, label: str, now: int) -> int:
    """Put the hash of a key on record; its number."""
    row = {"account_id": account_id, "hash": digest, "label": label, "made_at": now}
    number: int = connection.execute(sa.insert(api_keys).values(**row).returning(api_keys.c.id)).scalar_one()
    return number


def keys_of(connection: sa.Connection, account_id: int) -> list[Key]:
    """The keys of an account that nobody revoked, the newest first."""
    mine = (api_keys.c.account_id == account_id) & api_keys.c.revoked_at.is_(None)
    columns = [column for column in api_keys.c if column.name != "hash"]
    found = connection.execute(sa.select(*columns).where(mine).order_by(api_keys.c.id.desc())).mappings()
    return [Key(**row) for row in found]


def end_keys(connection: sa.Connection, account_id: int, *, now: int, only: int | None = None) -> int:
    """Revoke the keys of an account, or the one of this number; how many."""
    mine = (api_keys.c.account_id == account_id) & api_keys.c.revoked_at.is_(None)
    if only is not None:
        mine &= api_keys.c.id == only
    return connection.execute(sa.update(api_keys).where(mine).values(revoked_at=now)).rowcount


def by_key(connection: sa.Connection, digest: str) -> Account | None:
    """The account that holds the key of this hash."""
    held = sa.select(api_keys.c.account_id).where((api_keys.c.hash == digest) & api_keys.c.revoked_at.is_(None))
    account_id = connection.execute(held).scalar()
    return None if account_id is None else by_id(connection, account_id)

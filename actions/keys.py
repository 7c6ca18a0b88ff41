"""Keys of machines: they stand for the account that made them, with its role and areas."""

import secrets

import sqlalchemy as sa

from actions.people import People, digest
from domain.actor import Actor
from domain.measures import N_
from domain.refusal import Refused
from store import accounts, audit
from store.engine import read, write

MARK = "gh_"
"""What every key starts with, so that one that was published by mistake is found."""
LONGEST_LABEL = 80


def add_key(people: People, actor: Actor, account_id: int, label: str, *, now: int) -> str:
    """A key for an account; it is told this once and kept as a hash. Raises Refused for a label that says nothing."""
    label = label.strip()[:LONGEST_LABEL]
    if not label:
        raise Refused("missing", N_("Say what the key is for."))
    key = MARK + secrets.token_urlsafe(32)
    with write(people.engine) as connection:
        number = accounts.add_key(connection, account_id, digest(key), label, now)
        audit.append(connection, actor, "key.add", f"account:{account_id}", now=now, detail={"key": number})
    return key


def revoke_key(people: People, actor: Actor, account_id: int, number: int, *, now: int) -> None:
    """End a key of an account. Raises Refused when it has none of this number."""
    with write(people.engine) as connection:
        if not accounts.end_keys(connection, account_id, now=now, only=number):
            raise Refused("absent", N_("There is no such key."))
        audit.append(connection, actor, "key.revoke", f"account:{account_id}", now=now, detail={"key": number})


def holder(connection: sa.Connection, key: str) -> Actor | None:
    """Who acts with a key; None for one that nobody made or that was revoked, and for one of a disabled account."""
    account = accounts.by_key(connection, digest(key)) if key.startswith(MARK) else None
    return None if account is None or account.disabled or account.must_change else account.actor("key")


def key_holder(people: People, key: str) -> Actor | None:
    """The same in a transaction of its own."""
    with read(people.engine) as connection:
        return holder(connection, key)

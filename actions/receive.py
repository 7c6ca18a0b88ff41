"""Take what is pushed to /hooks: proven, on the disk, and only then confirmed. The worker makes records of it later."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import sqlalchemy as sa

from domain import deliveries as rules
from domain.measures import N_
from domain.refusal import Refused
from store import deliveries
from store.engine import write, write_through

NOT_PROVEN = N_("This delivery does not prove who sent it.")
NOT_NOW = N_("The time of this delivery is more than five minutes off; set the sender's clock.")
NOBODYS = b"of a source that is not there"


@dataclass(frozen=True)
class Hook:
    """A source that others push to: its number, what they sign with, how long a delivery is kept once it was taken."""

    source_id: int
    secret: bytes = field(repr=False)
    keep_seconds: int


def receive(engine: sa.Engine, hook: Hook | None, stamp: str, signature: str, body: bytes, *, now: int) -> None:
    """Keep a delivery; a replay is kept once. Raises Refused, the same for a source that is not there (None).

    Only who knows the secret hears that a clock is wrong.
    """
    if not rules.proves(hook.secret if hook else NOBODYS, stamp, body, signature) or hook is None:
        raise Refused("unsigned", NOT_PROVEN)
    if not rules.is_fresh(stamp, now):
        raise Refused("unsigned", NOT_NOW)
    with write_through(engine) as connection:
        deliveries.keep(connection, hook.source_id, rules.digest(stamp, body), body, now)


def forget_deliveries(engine: sa.Engine, hooks: Iterable[Hook], *, now: int) -> int:
    """Remove deliveries that were taken long ago; how many. Safe to run in several processes."""
    before = {hook.source_id: now - hook.keep_seconds for hook in hooks}
    if not before:
        return 0
    with write(engine) as connection:
        return deliveries.forget(connection, before)

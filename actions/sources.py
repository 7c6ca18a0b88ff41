"""Pausing a source and letting it go on: the system administrator's, with a reason, on record."""

import sqlalchemy as sa

from actions.site import Site
from domain.actor import Actor
from domain.measures import N_
from domain.refusal import Refused
from store import audit, history
from store.doorbell import ring
from store.engine import write
from store.schema import sources

MAY = frozenset({"system_admin", "system"})
"""Who pauses sources, tries them and takes rows again: the system administrator, and whoever has the machine."""
LONGEST_REASON = 200
"""The reason is kept with the change of state; the audit record names its row."""


def pause(site: Site, actor: Actor, name: str, reason: str, *, now: int) -> bool:
    """Keep a source from being read until somebody lets it go on; False when it is paused already. Raises Refused.

    What it holds stays where it is; the worker ends a fetch that is under way after its batch.
    """
    _require(actor, reason)
    with write(site.engine) as connection:
        source_id, paused_at = _known(connection, name)
        if paused_at is not None:
            return False
        number = history.note_decision(connection, source_id, history.PAUSED, reason.strip(), now)
        _change(connection, source_id, paused_at=now)
        audit.append(connection, actor, "source.pause", f"source:{name}", now=now, detail={"change": number})
    return True


def resume(site: Site, actor: Actor, name: str, reason: str, *, now: int) -> bool:
    """Let a source be read again from where it was; False when nobody paused it. Raises Refused."""
    _require(actor, reason)
    with write(site.engine) as connection:
        source_id, paused_at = _known(connection, name)
        if paused_at is None:
            return False
        number = history.note_decision(connection, source_id, history.RESUMED, reason.strip(), now)
        _change(connection, source_id, paused_at=None)
        detail = {"change": number, "paused_seconds": now - paused_at}
        audit.append(connection, actor, "source.resume", f"source:{name}", now=now, detail=detail)
    return True


def pause_or_resume(site: Site, actor: Actor, name: str, reason: str, *, now: int) -> str:
    """Let a paused source go on, or pause one that is read: resumed | paused. Raises Refused."""
    if resume(site, actor, name, reason, now=now):
        return history.RESUMED
    pause(site, actor, name, reason, now=now)
    return history.PAUSED


def require_may(actor: Actor) -> None:
    """Raises Refused for one who may not work on sources."""
    if actor.role not in MAY:
        raise Refused("forbidden", N_("Only the system administrator works on services."))


def _require(actor: Actor, reason: str) -> None:
    require_may(actor)
    if not reason.strip():
        raise Refused("missing", N_("Say why; it is kept with the history of the service."))
    if len(reason) > LONGEST_REASON or not reason.strip().isprintable():
        raise Refused("invalid", N_("A reason is one line of at most {most} characters."), most=LONGEST_REASON)


def _known(connection: sa.Connection, name: str) -> tuple[int, int | None]:
    wanted = sa.select(sources.c.id, sources.c.paused_at).where(sources.c.name == name, sources.c.removed.is_(False))
    row = connection.execute(wanted.with_for_update()).one_or_none()
    if row is None:
        raise Refused("unknown", N_("There is no service '{name}'."), name=name)
    return row.id, row.paused_at


def _change(connection: sa.Connection, source_id: int, *, paused_at: int | None) -> None:
    connection.execute(sa.update(sources).where(sources.c.id == source_id).values(paused_at=paused_at))
    ring(connection)

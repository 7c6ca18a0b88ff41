"""Deadlines of open cases follow the calendar: after a change of days, of office hours, or of the notices known."""

from typing import Any

import sqlalchemy as sa

from actions.deadlines import recompute
from actions.work import Work
from domain import workyear
from domain.lifecycle import OPEN
from store import doorbell
from store.engine import read, write
from store.locks import lock_recalendar
from store.schema import site
from store.schema_work import casework
from store.schema_workdays import recalendar as passes
from store.workdays import state

BATCH = 20
"""Cases a transaction: people who move cases on SQLite wait for it a quarter of a second."""
SETTLED_SECONDS = 60
"""A pass that began sooner after the change is made once more: a report that read the old calendar may have ended after it."""

BASIS = "workdays"
"""Key in the table `site` of what deadlines were last made with beside the changes that people made."""


def recalendar(work: Work, *, now: int) -> int:
    """Set the deadlines of open cases anew if the calendar has changed since; how many became another.

    Batch by batch, each a transaction that notes how far it came: what was broken off goes on there, and doing it
    again changes nothing. Old and new stand in a step of each case.
    """
    if not _is_due(work, now):
        return 0
    moved = 0
    while (done := _some(work, now)) is not None:
        moved += done
    return moved


def _is_due(work: Work, now: int) -> bool:
    with read(work.site.engine) as connection:
        return _going(connection, work, now) is not None


def _going(connection: sa.Connection, work: Work, now: int) -> dict[str, Any] | None:
    """The pass that is to go on, a new one where it has to begin; None when deadlines follow the calendar."""
    (change, changed_at), basis = state(connection), _basis(work)
    row = connection.execute(sa.select(passes)).mappings().first()
    known = connection.execute(sa.select(site.c.value).where(site.c.key == BASIS)).scalar()
    if row is None or row["change_id"] != change or known != basis:
        return _begun(connection, change, now)
    if row["finished_at"] is None:
        return dict(row)
    settled = row["started_at"] >= changed_at + SETTLED_SECONDS or now < changed_at + SETTLED_SECONDS
    return None if settled or not change else _begun(connection, change, now) | {"moved": row["moved"]}


def _begun(connection: sa.Connection, change: int, now: int) -> dict[str, Any]:
    total = connection.execute(
        sa.select(sa.func.count()).select_from(casework).where(casework.c.state.in_(sorted(OPEN)))
    ).scalar_one()
    return {
        "key": 1, "change_id": change, "started_at": now, "last_case_id": 0, "seen": 0, "moved": 0, "total": total,
        "finished_at": None,
    }  # fmt: skip


def _open_cases(connection: sa.Connection, after: int) -> list[int]:
    """The next open cases that are worked here, by id."""
    c = casework.c
    query = sa.select(c.case_id).where(c.case_id > after, c.state.in_(sorted(OPEN)))
    return list(connection.execute(query.order_by(c.case_id).limit(BATCH)).scalars())


def _some(work: Work, now: int) -> int | None:
    """One batch; None when nothing was left to do."""
    with write(work.site.engine) as connection:
        lock_recalendar(connection)
        going = _going(connection, work, now)
        if going is None:
            return None
        ids = _open_cases(connection, going["last_case_id"])
        moved = recompute(work, connection, ids, now)
        going |= {"seen": going["seen"] + len(ids), "moved": going["moved"] + moved}
        going |= {"last_case_id": ids[-1]} if ids else {"finished_at": now}
        connection.execute(sa.delete(passes))
        connection.execute(sa.insert(passes).values(going))
        connection.execute(sa.delete(site).where(site.c.key == BASIS))
        connection.execute(sa.insert(site).values(key=BASIS, value=_basis(work)))
        doorbell.ring(connection)
    work.ring()
    return moved


def _basis(work: Work) -> str:
    return f"{workyear.LAST_YEAR} {work.rules.office_seconds}"

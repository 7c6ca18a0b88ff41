"""What the clock does to cases by itself: the yellow mark, the ladder to the next level, the end of a hold."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from actions.move import move_in
from actions.moving import deadlines_of
from actions.work import Work
from domain.actor import SYSTEM
from domain.lifecycle import OPEN
from store import audit, casework, doorbell
from store.engine import read, write
from store.schema_work import casework as sheets

BATCH = 200
LADDER = ("community", "street", "district", "city")
"""社区→街道→区→市: who hears of a case that stays overdue, a level up with each step."""

Act = Callable[[sa.Connection, Work, dict[str, Any], dict[str, Any], int], None]


def keep_time(work: Work, *, now: int) -> int:
    """Warn, escalate and end holds whose time has come; how many steps were made. Safe to run in several processes."""
    made = 0
    for column, act in _ACTS.items():
        while found := _some(work, column, act, now):
            made += found
    if made:
        work.ring()
    return made


def _some(work: Work, column: str, act: Act, now: int) -> int:
    due = sheets.c[column] <= now
    if column == "held_to":
        due = sa.and_(due, sheets.c.state == "suspended")
    wanted = sa.select(sheets.c.case_id).where(due, sheets.c.state.in_(OPEN)).order_by(sheets.c.case_id).limit(BATCH)
    with read(work.site.engine) as connection:
        ids = connection.execute(wanted).scalars().all()
    if not ids:
        return 0
    made = 0
    with write(work.site.engine) as connection:
        for case_id in ids:
            case = casework.locked(connection, case_id)
            if case is None:
                continue
            sheet = casework.sheet_of(connection, case)
            if sheet[column] is not None and sheet[column] <= now and sheet["state"] in OPEN:
                act(connection, work, case, sheet, now)
                made += 1
        doorbell.ring(connection)
    return made


def _tell(
    connection: sa.Connection, move: str, case: dict[str, Any], changed: dict[str, Any], detail: dict[str, Any], now: int
) -> None:  # fmt: skip
    """Append a step of the schedule and write the sheet with it."""
    casework.write_sheet(connection, changed)
    step = {
        "case_id": case["id"],
        "at": now,
        "move": move,
        "status": case["status"],
        "actor": SYSTEM.login,
        "note": None,
    }
    casework.append_step(connection, step, detail)
    audit.append(connection, SYSTEM, f"case.{move}", f"case:{case['id']}", now=now, detail=detail)


def _warn(connection: sa.Connection, _work: Work, case: dict[str, Any], sheet: dict[str, Any], now: int) -> None:
    """预警: 20 % of the limit is left."""
    _tell(connection, "warn", case, sheet | {"warn_at": None}, {"due": case["due_at"]}, now)


def _escalate(connection: sa.Connection, work: Work, case: dict[str, Any], sheet: dict[str, Any], now: int) -> None:
    """The next level hears, with the reason: how many times the limit has passed."""
    step = sheet["escalation"]
    times = work.rules.escalate_at[step]
    changed = sheet | {"escalation": step + 1}
    changed["escalate_at"] = deadlines_of(work, connection, changed)["escalate_at"]
    level = LADDER[min(step + 1, len(LADDER) - 1)]
    _tell(connection, "escalate", case, changed, {"level": level, "times": times, "due": case["due_at"]}, now)


def _resume(connection: sa.Connection, work: Work, case: dict[str, Any], _sheet: dict[str, Any], now: int) -> None:
    """The hold has come to its end."""
    move_in(connection, work, SYSTEM, case["id"], "resume", {}, version=None, now=now)


_ACTS: dict[str, Act] = {"held_to": _resume, "warn_at": _warn, "escalate_at": _escalate}

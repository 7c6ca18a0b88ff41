"""Set deadlines anew when the calendar has changed: old and new stand in a step."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from actions.moving import deadlines_of, overdue, recount, stage_due
from actions.work import Work
from domain.actor import SYSTEM
from domain.lifecycle import OPEN
from store import audit, casework, doorbell

MOVE = "recalendar"


def recompute(work: Work, connection: sa.Connection, case_ids: Iterable[int], now: int) -> int:
    """Bring the deadlines of these cases in line with the calendar in the caller's transaction; how many changed.

    A deadline that a feed gave stays as it was told. Ids in ascending order, so that two never wait for each other.
    """
    moved = 0
    for case_id in case_ids:
        case = casework.locked(connection, case_id)
        if case is None:
            continue
        sheet = casework.sheet_of(connection, case)
        if sheet["version"] and sheet["state"] in OPEN:
            moved += _recomputed(work, connection, case, sheet, now)
    if moved:
        doorbell.ring(connection)
    return moved


def _recomputed(work: Work, connection: sa.Connection, case: dict[str, Any], sheet: dict[str, Any], now: int) -> bool:
    detail: dict[str, Any] = {}
    found = deadlines_of(work, connection, sheet)
    stage = stage_due(work, connection, sheet["state"], sheet["since"])
    new_sheet = {**sheet, "warn_at": sheet["warn_at"] and found["warn_at"], "escalate_at": found["escalate_at"]}
    if stage is not None and stage != sheet["stage_due_at"]:
        new_sheet["stage_due_at"] = stage
        detail |= {"stage_from": sheet["stage_due_at"], "stage_to": stage}
    new = dict(case)
    if sheet["amount"] is not None and sheet["state"] != "suspended" and found["due_at"] != case["due_at"]:
        detail |= {"due_from": case["due_at"], "due_to": found["due_at"]}
        new["due_at"] = found["due_at"]
        new["overdue"] = overdue(new, now)
    if not detail:
        return False
    casework.write_case(connection, case["id"], {name: new[name] for name in ("due_at", "overdue")})
    casework.write_sheet(connection, new_sheet)
    step = {
        "case_id": case["id"],
        "at": now,
        "move": MOVE,
        "status": case["status"],
        "actor": SYSTEM.login,
        "note": None,
    }
    casework.append_step(connection, step, detail)
    recount(connection, work, case, new, now=now)
    audit.append(connection, SYSTEM, "case.recalendar", f"case:{case['id']}", now=now)
    return True

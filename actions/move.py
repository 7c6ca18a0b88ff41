"""Move a case: the one guarded way. Load, let the rules decide, append, count, commit, then ring."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from actions.effects import EFFECTS, Change
from actions.keep_rating import keep_rating
from actions.moving import facts, overdue, recount, stage_due
from actions.photos import attach_in
from actions.work import Work
from domain.actor import Actor
from domain.fields import FIELDS, cleaned
from domain.guards import WRONG_ROLE, is_known, permission
from domain.lifecycle import MOVES, STATUS_OF
from domain.measures import N_
from domain.refusal import Refused
from store import audit, casework, doorbell
from store.engine import write
from store.locks import lock_merging

NOTES = ("reason", "result", "text", "note", "close_condition")
"""Fields of free text: they become the note of the step, and nothing else keeps them."""

PHOTOS = {"photos": "evidence", "before": "before", "after": "after"}


@dataclass(frozen=True)
class Moved:
    """The case with its version and state after the move."""

    case_id: int
    version: int
    state: str


def move(
    work: Work, actor: Actor, case_id: int, name: str, fields: Mapping[str, Any], *, version: int | None, now: int,
    once: str | None = None,
) -> Moved:  # fmt: skip
    """Make a move. version: of the case as the actor saw it; None for what fits any. once: key of the form; a repeated form makes no second step.

    Raises Refused, nothing changed: absent (no such case in the actor's areas), stale (somebody was quicker), illegal,
    forbidden, missing, invalid. A refusal by the rules is on record.
    """
    try:
        with write(work.site.engine) as connection:
            moved = move_in(connection, work, actor, case_id, name, fields, version=version, now=now, once=once)
    except Refused as refused:
        if refused.kind in {"absent", "forbidden", "illegal"}:
            with write(work.site.engine) as connection:
                detail = {"move": name} if is_known(name) else {}
                audit.append(
                    connection, actor, "case.move", f"case:{case_id}", now=now, result="refused", detail=detail
                )
        raise
    work.ring()
    return moved


def move_in(  # noqa: PLR0913  a move of one case in a transaction of the caller's
    connection: sa.Connection, work: Work, actor: Actor, case_id: int, name: str, fields: Mapping[str, Any], *,
    version: int | None, now: int, once: str | None = None,
) -> Moved:  # fmt: skip
    """The same in the caller's transaction, who rings the bell after it. version None: whatever it is (the schedule)."""
    if not is_known(name):
        raise Refused("illegal", N_("There is no such step."))
    if name == "merge":
        lock_merging(connection)
    case = casework.locked(connection, case_id)
    if case is None or not work.may_see(actor, case["area_id"]):
        raise Refused("absent", N_("There is no such case in your areas."))
    sheet = casework.sheet_of(connection, case)
    once = once and f"{case_id}:{once}"
    if once and casework.made_before(connection, case_id, once):
        return Moved(case_id, sheet["version"], sheet["state"])
    if version is not None and version != sheet["version"]:
        raise Refused("stale", N_("Somebody else has moved this case meanwhile; look at it again."))
    chosen = MOVES[name]
    known = facts(case, sheet, casework.tasks_of(connection, case_id), work.rules.most_returns, now)
    allowed = permission(chosen, known, actor)
    if not allowed.allowed:
        raise Refused("forbidden" if allowed.why == WRONG_ROLE else "illegal", allowed.why)
    change = Change(connection, work, actor, chosen, dict(case), dict(sheet), cleaned(chosen, fields), now)
    _apply(change)
    _keep(change, case, once)
    return Moved(case_id, change.sheet["version"], change.sheet["state"])


def _apply(change: Change) -> None:
    """Let the move have its effect on case and sheet."""
    state = change.move.to or change.sheet["state"]
    before = change.sheet["state"]
    change.sheet["state"] = state
    if effect := EFFECTS.get(change.move.name):
        effect(change)
    if state != before:
        change.sheet |= {
            "since": change.now,
            "stage_due_at": stage_due(change.work, change.connection, state, change.now),
        }
        change.case["status"] = STATUS_OF[state]
    change.sheet["version"] += 1
    change.case["updated_at"] = change.now
    change.case["overdue"] = overdue(change.case, change.now) and not change.sheet["not_timed"]


def _keep(change: Change, before: Mapping[str, Any], once: str | None) -> None:
    """Write case, sheet, step, photos, counts and record."""
    connection, case_id, fields = change.connection, change.case["id"], change.fields
    changed = {key: value for key, value in change.case.items() if value != before[key] and key != "category"}
    casework.write_case(connection, case_id, changed)
    casework.write_sheet(connection, change.sheet)
    words = {k: v for k, v in fields.items() if k not in NOTES and FIELDS[k].kind in {"choice", "condition", "number"}}
    step = {
        "case_id": case_id, "at": change.now, "move": change.move.name, "status": change.case["status"],
        "actor": change.actor.login, "note": next((fields[name] for name in NOTES if name in fields), None),
    }  # fmt: skip
    step_id = casework.append_step(connection, step, words | change.detail, once)
    for name, kind in PHOTOS.items():
        attach_in(
            connection, fields.get(name, ()), case_id=case_id, step_id=step_id, kind=kind, owner=change.actor.login
        )
    recount(connection, change.work, before, change.case, now=change.now)
    for level in change.ratings:
        keep_rating(connection, change.work.site, change.case, level, "", by="return_visitor", now=change.now)
    detail = {"move": change.move.name, "version": change.sheet["version"]}
    audit.append(connection, change.actor, "case.move", f"case:{case_id}", now=change.now, detail=detail)
    doorbell.ring(connection)

"""Rate a closed case: the last valid rating counts; a low one soon after closing opens the case again, once."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from actions.keep_rating import keep_rating
from actions.move import move_in
from actions.work import Work
from domain.actor import SYSTEM, Actor
from domain.cases import CLOSED, LEVELS
from domain.measures import N_
from domain.refusal import Refused
from store import audit, casework, doorbell
from store.engine import write

MOST_COMMENT = 500
LOW = "dissatisfied"


def rate(work: Work, actor: Actor, case_id: int, level: str, comment: str | None, *, now: int) -> bool:
    """Rate a case in a transaction of its own; whether it was opened again by that. Raises Refused."""
    with write(work.site.engine) as connection:
        reopened = rate_in(connection, work, actor, case_id, level, comment, now=now)
    work.ring()
    return reopened


def rate_in(
    connection: sa.Connection, work: Work, actor: Actor, case_id: int, level: str, comment: str | None, *, now: int
) -> bool:
    """Rate a case in the caller's transaction, who has checked that the actor may. comment: up to 500 characters.

    A merged child keeps its rating on its own record and counts in no figure. Raises Refused: invalid, illegal (not closed).
    """
    if level not in LEVELS:
        raise Refused("invalid", N_("Choose one of the three answers."))
    said = (comment or "").strip()
    if len(said) > MOST_COMMENT or any((ord(c) < 32 and c not in "\r\n\t") or "\ud800" <= c <= "\udfff" for c in said):
        raise Refused("invalid", N_("The text has characters that cannot be kept, or more than {n}."), n=MOST_COMMENT)
    case = casework.locked(connection, case_id)
    if case is None:
        raise Refused("absent", N_("There is no such case in your areas."))
    sheet = casework.sheet_of(connection, case)
    if case["status"] not in CLOSED and not _main_is_closed(connection, sheet["main_id"]):
        raise Refused("illegal", N_("It can be rated when it is closed."))
    keep_rating(connection, work.site, case, LEVELS.index(level), said, by=actor.role, now=now)
    audit.append(connection, actor, "case.rate", f"case:{case_id}", now=now, detail={"level": level})
    doorbell.ring(connection)
    if not _opens_again(work, case, sheet, level, now):
        return False
    casework.write_sheet(connection, sheet | {"low_reopened": True})
    move_in(connection, work, SYSTEM, case_id, "reopen", {"reason": level}, version=None, now=now)
    return True


def _opens_again(work: Work, case: Mapping[str, Any], sheet: Mapping[str, Any], level: str, now: int) -> bool:
    """不满意 within the days of the rule, once in the life of a case."""
    soon = case["closed_at"] is not None and now <= case["closed_at"] + work.rules.reopen_days * 86_400
    return level == LOW and soon and sheet["state"] in {"closed", "archived"} and not sheet["low_reopened"]


def _main_is_closed(connection: sa.Connection, main_id: int | None) -> bool:
    """Whether the case that this one was merged into is closed: its reporter may rate then too."""
    main = None if main_id is None else casework.locked(connection, main_id)
    return main is not None and main["status"] in CLOSED

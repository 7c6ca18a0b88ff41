"""What every step of a case shares: its limits, its counts, and the facts that the rules ask for."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from actions.work import Work
from domain import deadlines
from domain.cases import CLOSED
from domain.contributions import Deltas, contributions, late
from domain.deadlines import Timing
from domain.guards import Facts
from domain.workclock import add
from store import cases
from store.counts.batches import append


def stage_due(work: Work, connection: sa.Connection, state: str, now: int) -> int | None:
    """When a stage that begins now should be over; None for handling, which has the deadline of the case, and for ends."""
    limit = work.rules.stages.get(state)  # type: ignore[call-overload]
    return None if limit is None else add(work.calendar(connection), now, limit.amount, limit.unit)


def timing(sheet: Mapping[str, Any]) -> Timing | None:
    """The limit of handling of a sheet; None where none was set here. A hold from before a reopening takes none of it."""
    if sheet["amount"] is None or sheet["timed_from"] is None:
        return None
    over = sheet["state"] != "suspended" and sheet["held_from"] is not None
    counts = over and sheet["held_from"] >= sheet["timed_from"]
    hold = (sheet["held_from"], sheet["held_to"]) if counts else (None, None)
    return Timing(sheet["amount"], sheet["unit"], sheet["timed_from"], sheet["extensions"], *hold)


def deadlines_of(work: Work, connection: sa.Connection, sheet: Mapping[str, Any]) -> dict[str, int | None]:
    """due_at, warn_at and escalate_at of a sheet as the calendar stands; nothing runs while it is on hold."""
    limit = timing(sheet)
    if limit is None or sheet["state"] == "suspended":
        return {"due_at": None, "warn_at": None, "escalate_at": None}
    calendar = work.calendar(connection)
    return {
        "due_at": deadlines.due(calendar, limit),
        "warn_at": deadlines.warning(calendar, limit, work.rules.warn_at),
        "escalate_at": deadlines.escalation(calendar, limit, work.rules.escalate_at, sheet["escalation"]),
    }


def recount(
    connection: sa.Connection, work: Work, old: Mapping[str, Any] | None, new: Mapping[str, Any], *, now: int
) -> None:
    """Append what a change of one case row changes in the figures; old None: the case is new."""
    frames = [cases.frame([[row[name] for name in cases.COUNTED]]) for row in (new, old) if row is not None]
    found = [contributions(cases.columns_of(frame), work.site.zone) for frame in frames]
    append(connection, Deltas.joined([found[0], *(-each for each in found[1:])]), known_at=now, backfill=False)


def overdue(case: Mapping[str, Any], now: int) -> bool:
    """Whether a case row is past its deadline (domain.contributions.late)."""
    counted = cases.columns_of(cases.frame([[case[name] for name in cases.COUNTED]]))
    return bool(late(counted.status, counted.due_at, counted.closed_at, now)[0])


def facts(
    case: Mapping[str, Any], sheet: Mapping[str, Any], tasks: Sequence[Mapping[str, Any]], most_returns: int, now: int
) -> Facts:
    """What the rules need to know of a case (columns of cases), its sheet and the tasks of summoned departments."""
    ended = case["status"] in CLOSED and case["closed_at"] is not None
    return Facts(
        state=sheet["state"], department=sheet["department"] or "", handler=sheet["handler"] or "",
        returns=sheet["returns"], most_returns=most_returns, returned_by=sheet["returned_by"] or "", bound=sheet["bound"],
        asked=sheet["asked"] or "", passed=sheet["passed"], held=sheet["held_from"] is not None,
        extensions=sheet["extensions"], limited=timing(sheet) is not None,
        overdue=case["due_at"] is not None and now > case["due_at"] and not ended,
        closed_late=ended and case["due_at"] is not None and case["closed_at"] > case["due_at"],
        appealed=sheet["appealed"], supervised=sheet["supervised"],
        tasks=tuple((t["department"], t["arrived_at"] is not None) for t in tasks if t["done_at"] is None),
        unscored=sum(t["done_at"] is not None and t["score"] is None for t in tasks),
    )  # fmt: skip

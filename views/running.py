"""The time limit that runs on a case now, on the calendar: what is left of it, and when it stands still."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from actions.moving import timing
from actions.work import Work
from domain import deadlines
from domain.workclock import add, closed, remaining


@dataclass(frozen=True)
class Running:
    """amount of a unit of domain.workclock, extensions included. warn, due: when it turns yellow and red. left: so much of the unit until `due`, negative
    when over. breaks: the times from its start to `due` or now in which it does not run. Epoch seconds.
    """

    amount: float
    unit: str
    warn: int
    due: int
    left: float
    breaks: tuple[tuple[int, int], ...]


def running(
    work: Work, connection: sa.Connection, case: Mapping[str, Any], sheet: Mapping[str, Any], now: int
) -> Running | None:
    """That of the stage before or after handling, else that of handling; None where none was set here or all is over."""
    calendar = work.calendar(connection)
    hold: tuple[tuple[int, int], ...] = ()
    stage = work.rules.stages.get(sheet["state"])
    if sheet["stage_due_at"] is not None and stage is not None:
        amount, unit, start, due = stage.amount, stage.unit, sheet["since"], sheet["stage_due_at"]
        warn = add(calendar, start, amount * (1 - work.rules.warn_at), unit)
    else:
        limit = timing(sheet)
        if limit is None or case["due_at"] is None or case["ended_at"] is not None:
            return None
        amount, unit, start, due = limit.whole, limit.unit, limit.start, case["due_at"]
        warn = deadlines.warning(calendar, limit, work.rules.warn_at)
        hold = ((limit.held_from, limit.held_to),) if limit.held_from and limit.held_to else ()
    still = (*closed(calendar, start, max(due, now), unit), *hold)
    return Running(amount, unit, warn, due, remaining(calendar, now, due, unit), still)

"""Cases as work: whose turn it is, what a person has handled, what stands in a stage. Cases that a feed brought and that
nobody works here yet are in the lists too, in the state that their status stands for.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from domain.cases import DETECTED, NOT_COUNTED
from domain.lifecycle import OPEN, STATE_OF, STATUS_OF
from store.schema import areas, case_steps, cases, categories
from store.schema_work import casework, tasks

c, w = cases.c, casework.c
Condition = sa.ColumnElement[bool]

_OTHERWISE = {status: fine for status, fine in STATE_OF.items() if status != fine}
state = sa.func.coalesce(w.state, sa.case(_OTHERWISE, value=c.status, else_=c.status))
responsible = sa.case((w.case_id.is_(None), c.department), else_=w.department)
due = sa.func.coalesce(w.stage_due_at, c.due_at)
since = sa.case((w.stage_due_at.isnot(None), w.since), else_=sa.func.coalesce(w.timed_from, c.reported_at))
_ASKED = sa.func.coalesce(w.asked, "")
_IS_OPEN = sa.and_(c.ended_at.is_(None), c.status.in_(sorted({STATUS_OF[state] for state in OPEN} | {"accepted"})))

_DETECTED = sa.and_(c.ended_at.is_(None), c.status == DETECTED)
"""Waits for whoever may confirm it, and is no open case of anybody's."""

WARNED = 0.2
warn_from = sa.case(
    (sa.and_(w.amount.isnot(None), w.stage_due_at.is_(None)), sa.func.coalesce(w.warn_at, 0)),
    else_=due - WARNED * (due - since),
)
"""When the warning stretch (预警段) begins. A limit that was set here has it from the calendar of workdays, and none any more
once the schedule has warned; of a feed's deadline and of a stage it is the last fifth of the time.
"""


@dataclass(frozen=True)
class Worker:
    """Whose list it is: login, role, department; most_returns: of [cases]."""

    login: str
    role: str
    department: str
    most_returns: int


@dataclass(frozen=True)
class Work:
    """Which rows: conditions, in ranges of area positions (none = no rows), with a text in number, title or words."""

    conditions: Sequence[Condition]
    ranges: tuple[tuple[int, int], ...]
    text: str = ""
    newest_first: bool = False


def _in(*states: str) -> Condition:
    return sa.and_(_IS_OPEN, state.in_(states))


def _open_and(*some: Condition) -> Condition:
    """Open, and one of these; what is open stands in an index of its own, so it is said once, for all of them."""
    return sa.and_(_IS_OPEN, sa.or_(*some))


def _worked_and(*some: Condition) -> Condition:
    """Worked here, and one of these."""
    return sa.and_(w.case_id.isnot(None), sa.or_(*some))


def _detected_or(duty: Condition) -> Condition:
    """The duties of those who confirm what a machine has seen."""
    return sa.or_(duty, _DETECTED)


def _summoned(worker: Worker) -> Condition:
    mine = (tasks.c.case_id == c.id, tasks.c.department == worker.department, tasks.c.done_at.is_(None))
    return sa.exists(sa.select(tasks.c.id).where(*mine).correlate(cases))


DUTIES: dict[str, Callable[[Worker], Condition]] = {
    "officer": lambda _m: _in("checking"),
    "intake": lambda _m: _detected_or(
        _open_and(state == "reported", sa.and_(state == "verifying", w.passed.isnot(None)))
    ),
    "shift_leader": lambda m: _detected_or(_worked_and(
        sa.and_(_in("registered"), w.returns >= m.most_returns), sa.and_(_in("handling"), _ASKED == "supported"),
        sa.and_(w.state == "closed", _ASKED == "appeal"),
    )),
    "dispatcher": lambda m: _detected_or(_open_and(
        sa.and_(state == "registered", sa.func.coalesce(w.returns, 0) < m.most_returns),
        sa.and_(state == "handling", _ASKED.in_(("hold", "extension"))),
    )),
    "handler": lambda m: _open_and(
        sa.and_(state.in_(("dispatched", "handling")), responsible == m.department, _ASKED == ""), _summoned(m)
    ),
    "verifier": lambda _m: _open_and(state == "checking", sa.and_(state == "verifying", w.passed.is_(None))),
    "return_visitor": lambda _m: sa.and_(w.state == "closed", _ASKED == ""),
    "leader": lambda _m: _open_and(w.supervised.is_(True), w.escalation > 0),
}  # fmt: skip
"""Role → what waits for it. A role that is not here has nothing to do."""

SEES_ALL = frozenset({"leader", "shift_leader", "dispatcher"})
"""Roles whose list of what falls due holds every open case of their areas."""


def todo(worker: Worker) -> Condition:
    """What waits for a person."""
    return DUTIES[worker.role](worker) if worker.role in DUTIES else sa.false()


def touched(worker: Worker) -> Condition:
    """What a person has moved here."""
    mine = (case_steps.c.case_id == c.id, case_steps.c.actor == worker.login)
    return sa.and_(w.case_id.isnot(None), sa.exists(sa.select(case_steps.c.id).where(*mine).correlate(cases)))


def is_open() -> Condition:
    """Whether it is still to be handled."""
    return _IS_OPEN


def falls_due(now: int) -> Condition:
    """Whether the time is over, or in its last fifth."""
    return sa.and_(_IS_OPEN, c.status != "suspended", due.isnot(None), warn_from <= now)


def in_states(states: Sequence[str]) -> Condition:
    """Whether an open case stands in one of these states."""
    return _in(*states)


def ended_since(start: int) -> Condition:
    """Whether it came to an end in figures since then (epoch seconds)."""
    return sa.and_(c.closed_at >= start, c.ended_at.isnot(None), c.status.not_in(sorted(NOT_COUNTED)))


def of_department(name: str) -> Condition:
    """Whether this department is responsible."""
    found: Condition = responsible == name
    return found


_JOINED = (
    cases.join(areas, areas.c.id == c.area_id)
    .join(categories, categories.c.id == c.category_id)
    .outerjoin(casework, w.case_id == c.id)
)

_SHOWN = (
    c.id, sa.func.coalesce(w.case_no, c.external_id).label("number"), categories.c.name.label("category"), c.title,
    state.label("state"), c.status, responsible.label("department"), areas.c.code.label("area_code"),
    due.label("due_at"), since.label("reported_at"), warn_from.label("warn_from"), c.ended_at, w.urgent, w.supervised, w.not_timed,
    w.whistled, w.asked, w.passed,
)  # fmt: skip


def _conditions(work: Work) -> list[Condition]:
    inside = sa.or_(sa.false(), *(sa.and_(areas.c.position >= low, areas.c.position < end) for low, end in work.ranges))
    found = [*work.conditions, inside]
    if work.text:
        searched = (w.case_no, c.external_id, c.order_no, c.title, c.text, categories.c.name)
        found.append(sa.or_(*(column.contains(work.text, autoescape=True) for column in searched)))
    return found


def count(connection: sa.Connection, work: Work) -> int:
    """How many rows there are."""
    query = sa.select(sa.func.count()).select_from(_JOINED).where(*_conditions(work))
    return int(connection.execute(query).scalar_one())


def rows(connection: sa.Connection, work: Work, *, offset: int, limit: int) -> Sequence[sa.RowMapping]:
    """Some of the rows, what is due first; of ended ones the newest first. Equal ones by id, so that pages never overlap."""
    order = (c.closed_at.desc(), c.id.desc()) if work.newest_first else (due.asc().nulls_last(), c.reported_at, c.id)
    query = sa.select(*_SHOWN).select_from(_JOINED).where(*_conditions(work)).order_by(*order)
    return connection.execute(query.offset(offset).limit(limit)).mappings().all()


def by_state(connection: sa.Connection, work: Work, now: int) -> dict[str, tuple[int, int]]:
    """State → (how many, how many of them are overdue as of `now`)."""
    late = sa.func.sum(sa.case((sa.and_(now > due, c.status != "suspended"), 1), else_=0))
    query = sa.select(state, sa.func.count(), late).select_from(_JOINED).where(*_conditions(work)).group_by(state)
    return {state: (int(n), int(over)) for state, n, over in connection.execute(query)}


def departments(connection: sa.Connection, ranges: tuple[tuple[int, int], ...]) -> list[str]:
    """The departments that open cases of these ranges name, in order."""
    query = sa.select(responsible).select_from(_JOINED).where(*_conditions(Work((_IS_OPEN,), ranges))).distinct()
    return sorted(name for (name,) in connection.execute(query) if name)

"""Cases wander at random, on both stores: whatever people do, history, deadlines and figures stay one."""

from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from actions.keep_time import keep_time
from actions.mark_overdue import mark_overdue
from actions.move import move
from actions.moving import facts
from actions.rate import rate
from domain.actor import PUBLIC
from domain.cases import ENDED, LEVELS
from domain.guards import permissions
from domain.lifecycle import MOVES, NEW, OPEN, STATUS_OF
from domain.refusal import Refused
from store import casework
from store.engine import read
from tests.desk import CLEANING, DAY, HOUR, PARKS, POLICE, Desk, person

STEPS = 10
BY_ITSELF = {"warn", "escalate"}
WORKERS = ("officer", "intake", "shift_leader", "dispatcher", "handler", "verifier", "return_visitor", "leader")
CHANGES = ("note", "supervise")
"""Moves that are possible nearly always; a walk that took them as often as all others would not get far."""


@pytest.fixture
def desk(town, tmp_path) -> Desk:
    return Desk(town, tmp_path)


def possible(desk: Desk, case_id: int) -> list[tuple[str, str, str]]:
    """(move, role, department of the actor) that the rules allow now."""
    row, sheet = desk.case(case_id), desk.sheet(case_id)
    with read(desk.town.engine) as connection:
        known = facts(row, sheet, casework.tasks_of(connection, case_id), 2, desk.town.now)
    found = []
    for role in WORKERS:
        for department in (CLEANING, PARKS, POLICE) if role == "handler" else ("",):
            allowed = [p.move.name for p in permissions(known, person(role, department)) if p.allowed]
            found += [(name, role, department) for name in allowed]
    return sorted(found, key=lambda each: (each[0] in CHANGES, each))


def take_a_step(desk: Desk, case_id: int, data: st.DataObject) -> None:
    """Something happens to the case: mostly what may, at times what may not, or nothing but time."""
    desk.town.now += data.draw(st.sampled_from((0, 600, 3 * HOUR, 2 * DAY)), "time")
    what = data.draw(st.sampled_from(("move",) * 8 + ("odd", "schedule", "rate")), "what")
    ways = possible(desk, case_id)
    if what == "move" and ways:
        name, role, department = data.draw(st.sampled_from(ways), "way")
        chosen = (
            {"department": data.draw(st.sampled_from((CLEANING, PARKS)))} if "department" in MOVES[name].asks else {}
        )
        desk_do(desk, case_id, name, role, department, **chosen)
    elif what == "odd":
        name = data.draw(st.sampled_from(sorted(MOVES)), "odd move")
        desk_do(desk, case_id, name, data.draw(st.sampled_from(WORKERS)), CLEANING)
    elif what == "schedule":
        mark_overdue(desk.town.site, now=desk.town.now)
        keep_time(desk.work, now=desk.town.now)
    elif what == "rate":
        level = data.draw(st.sampled_from(LEVELS))
        try:
            rate(desk.work, PUBLIC, case_id, level, None, now=desk.town.now)
        except Refused as error:
            assert error.kind == "illegal"  # noqa: PT017  the other ways to go on are no failure


def desk_do(desk: Desk, case_id: int, name: str, role: str, of: str, **fields: Any) -> None:
    """Try a move; what is refused must have changed nothing."""
    actor, before = person(role, of or CLEANING), (desk.case(case_id), desk.sheet(case_id), desk.steps(case_id))
    given_fields = desk.fields(name, actor, case_id) | fields
    try:
        move(desk.work, actor, case_id, name, given_fields, version=before[1]["version"], now=desk.town.now)
    except Refused:
        assert (desk.case(case_id), desk.sheet(case_id), desk.steps(case_id)) == before


def assert_one(desk: Desk, case_id: int) -> None:
    """The case, its sheet and its steps tell the same story."""
    row, sheet = desk.case(case_id), desk.sheet(case_id)
    steps = desk.town.rows("SELECT move, at, status FROM case_steps WHERE case_id = :id ORDER BY id", id=case_id)
    state, version = NEW, 0
    for name, _at, status in steps:
        if name not in BY_ITSELF:
            assert state in MOVES[name].states, (name, state)
            state, version = MOVES[name].to or state, version + 1
        assert status == STATUS_OF[state]
    assert (sheet["state"], sheet["version"], row["status"]) == (state, version, STATUS_OF[state])
    assert [at for _name, at, _status in steps] == sorted(at for _name, at, _status in steps)
    assert (row["closed_at"] is not None) == (row["ended_at"] is not None) == (row["status"] in ENDED)
    responses = [at for name, at, _status in steps if name in {"answer_check", "accept", "arrive"}]
    assert row["first_response_at"] == min(responses, default=None)
    if state in OPEN and state != "suspended":
        assert row["due_at"] == _due(sheet), "four hours, and the same again each time, less the hold"


def _due(sheet: dict[str, Any]) -> Any:
    """The deadline by plain arithmetic: hours of 紧急工作时 run day and night."""
    if sheet["timed_from"] is None:
        return None
    due = sheet["timed_from"] + 4 * HOUR * (1 + sheet["extensions"])
    if sheet["held_from"] is None or sheet["held_from"] < sheet["timed_from"] or due <= sheet["held_from"]:
        return due
    return due + sheet["held_to"] - sheet["held_from"]


@settings(
    max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)  # fmt: skip
@given(data=st.data())
def test_a_case_that_wanders_stays_one(desk, data):
    begun = data.draw(st.sampled_from(("reported", "handling", "verifying", "closed")), "begun")
    case_id = desk.walk(desk.report(), begun)
    for _ in range(STEPS):
        take_a_step(desk, case_id, data)
        assert_one(desk, case_id)

"""The clock warns, escalates and ends holds by itself; a feed undoes no work; another calendar moves deadlines on record."""

import json

import pytest
import sqlalchemy as sa

from actions.deadlines import recompute
from actions.keep_time import keep_time
from actions.mark_overdue import mark_overdue
from actions.move import move
from actions.report import Report, report
from actions.work import Work
from config_cases import Cases
from domain.actor import Actor
from domain.catalogue import Catalogue, Category, Condition, Limit
from store.engine import read, write
from store.schema_workdays import workday_override
from tests.factories import IN_A1, NOW

HOUR, DAY = 3_600, 86_400
URGENT = Condition("burst", Limit(10, "urgent_hours"))
USUAL = Condition("usual", Limit(2, "work_days"))
CATALOGUE = Catalogue((Category("Litter", department="Cleaners", conditions=(USUAL, URGENT)),), USUAL)


def who(role: str, department: str = "") -> Actor:
    return Actor(role, role, role, frozenset({""}), department)


@pytest.fixture
def work(town, tmp_path):
    return Work(town.site, CATALOGUE, Cases(), tmp_path / "uploads", b"secret")


def handled(work, condition: str = "burst") -> int:
    """A case in handling since NOW."""
    what = Report("Litter", "a pile", "patrol", *IN_A1)
    made = report(work, who("officer"), what, now=NOW)
    for version, (role, name, fields) in enumerate(
        [
            ("intake", "register", {"condition": condition}), ("dispatcher", "dispatch", {"department": "Cleaners"}),
            ("handler", "accept", {"handler": "ann"}),
        ], start=1,
    ):  # fmt: skip
        move(work, who(role, "Cleaners"), made.case_id, name, fields, version=version, now=NOW)
    return made.case_id


def steps(town, case_id: int, name: str) -> list[dict]:
    rows = town.rows(
        "SELECT d.detail FROM case_steps s LEFT JOIN step_details d ON d.step_id = s.id "
        "WHERE s.case_id = :c AND s.move = :m ORDER BY s.id", c=case_id, m=name,
    )  # fmt: skip
    return [json.loads(row[0] or "{}") for row in rows]


def test_a_case_turns_yellow_once_when_a_fifth_of_its_limit_is_left(town, work):
    case = handled(work)
    assert keep_time(work, now=NOW + 8 * HOUR - 1) == 0
    assert keep_time(work, now=NOW + 8 * HOUR) == 1
    assert keep_time(work, now=NOW + 9 * HOUR) == 0
    assert steps(town, case, "warn") == [{"due": NOW + 10 * HOUR}]


def test_the_next_level_hears_at_twice_and_thrice_the_limit(town, work):
    case = handled(work)
    keep_time(work, now=NOW + 20 * HOUR - 1)
    assert steps(town, case, "escalate") == []
    for hours in (20, 21, 30, 40):
        keep_time(work, now=NOW + hours * HOUR)
    assert [(s["level"], s["times"]) for s in steps(town, case, "escalate")] == [("street", 2), ("district", 3)]


def test_nothing_runs_while_a_case_is_on_hold_and_the_hold_ends_by_itself(town, work):
    case = handled(work)
    until = NOW + 3 * DAY
    fields = {"until": until, "reason": "waits for parts"}
    move(work, who("handler", "Cleaners"), case, "suspend_ask", fields, version=4, now=NOW + 2 * HOUR)
    move(work, who("dispatcher"), case, "suspend_approve", {}, version=5, now=NOW + 2 * HOUR)
    assert keep_time(work, now=until - 1) == 0
    assert mark_overdue(work.site, now=until - 1) == 0
    keep_time(work, now=until)
    assert town.rows("SELECT status, due_at FROM cases") == [("handling", until + 8 * HOUR)]


def test_a_feed_does_not_undo_what_was_done_here(town, work):
    town.take({"external_id": "7", "status": "reported", "updated_at": NOW - 100})
    [(case,)] = town.rows("SELECT id FROM cases")
    move(work, who("intake"), case, "register", {"condition": "usual"}, version=0, now=NOW)
    assert town.take({"external_id": "7", "status": "closed", "closed_at": NOW + 5, "updated_at": NOW + 9}) == (0, 1, 0)
    assert town.rows("SELECT status, closed_at FROM cases") == [("registered", None)]
    assert town.take({"external_id": "7", "status": "closed", "closed_at": NOW + 5, "updated_at": NOW + 9}) == (0, 1, 0)
    assert steps(town, case, "told") == [{"status": "closed"}]


def test_another_calendar_moves_deadlines_old_and_new_in_a_step(town, work):
    case = handled(work, "usual")  # a Tuesday noon: due on Thursday at the same time
    [(old,)] = town.rows("SELECT due_at FROM cases")
    with write(town.engine) as connection:
        day = town.site.zone.day(NOW) + 1
        row = {"day": day, "is_workday": False, "note": "a day off", "by": "admin", "at": NOW}
        connection.execute(sa.insert(workday_override).values(row))
        assert recompute(work, connection, [case], NOW + 1) == 1
        assert recompute(work, connection, [case], NOW + 2) == 0
    [(new,)] = town.rows("SELECT due_at FROM cases")
    assert new == old + DAY
    assert steps(town, case, "recalendar") == [{"due_from": old, "due_to": new}]
    with read(town.engine) as connection:
        assert work.calendar(connection).is_workday(day) is False

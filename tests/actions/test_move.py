"""Moves on both stores: what each leaves behind, what is refused and then changes nothing."""

import itertools
from typing import Any

import pytest
import sqlalchemy as sa

from actions.move import move, move_in
from actions.rate import rate
from actions.report import Report, report
from domain.actor import PUBLIC
from domain.lifecycle import MOVES, NEW, STATES, STATUS_OF
from domain.refusal import Refused
from store.engine import read
from tests.desk import CLEANING, DAY, EVERYONE, HOUR, PARKS, PATH, Desk, person
from tests.factories import IN_B1


@pytest.fixture
def desk(town, tmp_path) -> Desk:
    return Desk(town, tmp_path)


def refused(kind: str):
    return pytest.raises(Refused, check=lambda error: error.kind == kind)


def test_the_straight_way_from_report_to_archive(desk, town):
    case = desk.report()
    for name, role in PATH:
        town.now += HOUR // 4
        desk.do(case, name, role)
    row, sheet = desk.case(case), desk.sheet(case)
    assert desk.steps(case) == ["report", *(name for name, _role in PATH)]
    assert (sheet["state"], row["status"], sheet["version"]) == ("archived", "closed", 1 + len(PATH))
    reported = row["reported_at"]
    assert row["first_response_at"] == reported + 3 * HOUR // 4, "the first to respond is who accepts"
    assert row["due_at"] == reported + HOUR // 4 + 4 * HOUR, "four hours, day and night, from registration"
    assert row["closed_at"] == row["ended_at"] == reported + 6 * HOUR // 4
    assert (row["online"], row["overdue"]) == (True, False)
    assert town.rows("SELECT action, result FROM audit WHERE subject = :s ORDER BY id", s=f"case:{case}") == [
        ("case.report", "done"), *[("case.move", "done")] * len(PATH),
    ]  # fmt: skip


def test_a_case_number_is_division_day_and_serial_and_never_comes_twice(desk):
    numbers = [desk.sheet(desk.report())["case_no"] for _ in range(3)]
    assert [number.split("-")[1:] for number in numbers] == [["20261124", f"{n:05d}"] for n in (1, 2, 3)]


def test_every_state_move_and_role_is_tried_and_what_is_refused_leaves_no_trace(desk, town):
    """Each triple in a transaction that is taken back, so that all of them start from the same case."""
    if town.engine.dialect.name != "sqlite":
        pytest.skip("the rules do not know the store; one store is enough for some six thousand tries")
    ways = {
        "checking": [("ask_check", "intake")], "refused": [("refuse", "intake")], "void": [("void", "shift_leader")],
        "merged": [("merge", "intake")],
        "suspended": [*PATH[:3], ("suspend_ask", "handler"), ("suspend_approve", "dispatcher")],
    }  # fmt: skip
    for state in STATES:
        if state == "self_handled":
            officer = person("officer")
            before, after = desk.photo(officer), desk.photo(officer)
            case = desk.report(self_handled=True, before=before, after=after)
        elif state == "detected":
            case = desk.detected()
        else:
            case = desk.report()
            for name, role in ways.get(state, []):
                desk.do(case, name, role)
            if state not in ways:
                desk.walk(case, state)
        sheet, steps = desk.sheet(case), len(desk.steps(case))
        assert sheet["state"] == state
        for name, role in itertools.product(MOVES, EVERYONE):
            _try(desk, case, name, role, sheet, steps)


def _try(desk: Desk, case: int, name: str, role: str, sheet: dict[str, Any], steps: int) -> None:
    chosen, actor = MOVES[name], person(role)
    given = desk.fields(name, actor, case) if role in chosen.roles else {}
    with desk.town.engine.connect().execution_options(gridhall_write=True) as connection, connection.begin() as going:
        try:
            moved = move_in(
                connection, desk.work, actor, case, name, given, version=sheet["version"], now=desk.town.now
            )
        except Refused as error:
            moved, why = None, error.kind
            unchanged = sa.text("SELECT count(*) FROM case_steps WHERE case_id = :id")
            assert connection.execute(unchanged, {"id": case}).scalar_one() == steps
        going.rollback()
    if moved is None:
        assert why in {"illegal", "forbidden", "absent", "invalid"}, (sheet["state"], name, role)
        return
    assert sheet["state"] in chosen.states and chosen.states != (NEW,) and role in chosen.roles
    assert moved.state == (chosen.to or sheet["state"]), (name, role)


def test_who_was_slower_is_told_and_changes_nothing(desk):
    case = desk.report()
    seen = desk.sheet(case)["version"]
    desk.do(case, "ask_check", "intake")
    with refused("stale"):
        move(desk.work, person("intake"), case, "register", {"condition": "heap"}, version=seen, now=desk.town.now)
    assert desk.steps(case) == ["report", "ask_check"]


def test_a_form_sent_twice_makes_one_step(desk):
    case = desk.report()
    one = {"version": 1, "now": desk.town.now, "once": "form-1"}
    first = move(desk.work, person("intake"), case, "register", {"condition": "heap"}, **one)
    assert move(desk.work, person("intake"), case, "register", {"condition": "heap"}, **one) == first
    assert desk.steps(case) == ["report", "register"]


def test_a_report_sent_twice_makes_one_case(desk):
    what = Report("Litter", "a heap", "walk", area_code="A1", once="form-2")
    first = report(desk.work, person("officer"), what, now=desk.town.now)
    assert report(desk.work, person("officer"), what, now=desk.town.now + 5) == first
    assert desk.town.rows("SELECT count(*) FROM cases") == [(1,)]


def test_no_one_moves_or_finds_a_case_outside_their_areas(desk):
    case = desk.report()
    elsewhere = person("intake", areas=("B",))
    with refused("absent"):
        move(desk.work, elsewhere, case, "register", {"condition": "heap"}, version=1, now=desk.town.now)
    with refused("absent"):
        move(desk.work, elsewhere, 10**9, "register", {"condition": "heap"}, version=1, now=desk.town.now)


def test_what_is_missing_or_odd_is_named_and_nothing_is_kept(desk):
    case = desk.report()
    intake, at = person("intake"), {"version": 1, "now": desk.town.now}
    for kind, fields in (
        ("missing", {}), ("missing", {"condition": "  "}), ("invalid", {"condition": "no such"}),
        ("invalid", {"condition": "heap", "extra": 1}), ("invalid", {"condition": 7}),
    ):  # fmt: skip
        with refused(kind):
            move(desk.work, intake, case, "register", fields, **at)
    assert desk.steps(case) == ["report"]


def test_a_photo_of_somebody_else_cannot_be_taken(desk):
    case = desk.walk(desk.report(), "handling")
    theirs = desk.photo(person("officer"))
    with refused("invalid"):
        desk.do(case, "finish", "handler", after=theirs)
    assert desk.sheet(case)["state"] == "handling"
    assert desk.town.rows("SELECT count(*) FROM photos WHERE case_id IS NOT NULL") == [(0,)]


def test_twice_returned_the_shift_leader_decides_and_then_it_stays(desk):
    case = desk.walk(desk.report(), "dispatched")
    desk.do(case, "return", "handler")
    with refused("illegal"):
        desk.do(case, "dispatch", "dispatcher", department=CLEANING)
    desk.do(case, "dispatch", "dispatcher", department=PARKS)
    desk.do(case, "return", "handler", PARKS)
    with refused("illegal"):
        desk.do(case, "dispatch", "dispatcher", department=CLEANING)
    due = desk.case(case)["due_at"]
    desk.do(case, "arbitrate", "shift_leader", department=CLEANING)
    with refused("illegal"):
        desk.do(case, "return", "handler")
    desk.do(case, "accept", "handler")
    assert desk.case(case)["due_at"] == due, "no return starts the clock again"


def test_nothing_is_given_to_a_department_that_nobody_belongs_to(desk):
    case = desk.walk(desk.report(), "registered")
    with refused("invalid"):
        desk.do(case, "dispatch", "dispatcher", department="Nobody")
    with refused("invalid"):
        desk.do(case, "whistle", "leader", departments=[PARKS, "Nobody"])
    assert desk.town.rows("SELECT count(*) FROM tasks") == [(0,)]


def test_rework_is_counted_and_keeps_the_evidence(desk):
    case = desk.walk(desk.report(), "verifying")
    desk.do(case, "check", "verifier", passed="no")
    with refused("illegal"):
        desk.do(case, "close", "intake")
    desk.do(case, "rework", "intake")
    desk.do(case, "finish", "handler")
    sheet = desk.sheet(case)
    assert (sheet["reworks"], sheet["passed"], sheet["state"]) == (1, None, "verifying")
    assert desk.town.rows("SELECT count(*) FROM photos WHERE case_id = :id", id=case) == [(2,)]


def test_who_handled_it_cannot_verify_it(desk):
    case = desk.walk(desk.report(), "dispatched")
    desk.do(case, "accept", "handler", handler="verifier")
    desk.do(case, "finish", "handler")
    with refused("illegal"):
        desk.do(case, "check", "verifier")


def test_a_hold_stops_the_clock_once(desk, town):
    case = desk.walk(desk.report(), "handling")
    due = desk.case(case)["due_at"]
    town.now += HOUR
    desk.do(case, "suspend_ask", "handler", until=town.now + 10 * DAY)
    desk.do(case, "suspend_approve", "dispatcher")
    assert (desk.case(case)["status"], desk.case(case)["due_at"]) == ("suspended", None)
    town.now += 3 * DAY
    desk.do(case, "resume", "handler")
    assert desk.case(case)["due_at"] == due + 3 * DAY
    with refused("illegal"):
        desk.do(case, "suspend_ask", "handler")


def test_a_case_that_is_opened_again_has_its_whole_limit_and_no_more_for_the_hold_of_before(desk, town):
    case = desk.walk(desk.report(), "handling")
    desk.do(case, "suspend_ask", "handler", until=town.now + 10 * DAY)
    desk.do(case, "suspend_approve", "dispatcher")
    town.now += 3 * DAY
    desk.do(case, "resume", "handler")
    desk.walk(case, "closed")
    town.now += DAY
    desk.do(case, "reopen", "return_visitor")
    assert desk.case(case)["due_at"] == town.now + 4 * HOUR
    desk.walk(case, "handling")
    with refused("illegal"):
        desk.do(case, "suspend_ask", "handler")


@pytest.mark.parametrize("days", [0, 367])
def test_a_hold_ends_within_a_year(desk, town, days):
    case = desk.walk(desk.report(), "handling")
    with refused("invalid"):
        desk.do(case, "suspend_ask", "handler", until=town.now + days * DAY)


def test_more_time_is_one_limit_more_each_and_two_at_most(desk, town):
    case = desk.walk(desk.report(), "handling")
    due = desk.case(case)["due_at"]
    for n in (1, 2):
        desk.do(case, "extend_ask", "handler")
        desk.do(case, "extend_refuse", "dispatcher")
        desk.do(case, "extend_ask", "handler")
        with refused("illegal"):
            desk.do(case, "extend_approve", "shift_leader")
        desk.do(case, "extend_support", "dispatcher")
        desk.do(case, "extend_approve", "shift_leader")
        assert desk.case(case)["due_at"] == due + n * 4 * HOUR
    with refused("illegal"):
        desk.do(case, "extend_ask", "handler")


def test_nobody_asks_for_more_time_when_it_is_over(desk, town):
    case = desk.walk(desk.report(), "handling")
    town.now += 5 * HOUR
    with refused("illegal"):
        desk.do(case, "extend_ask", "handler")


def test_an_appeal_granted_counts_nothing_as_late_and_hides_nothing(desk, town):
    case = desk.walk(desk.report(), "handling")
    town.now += 5 * HOUR
    desk.do(case, "finish", "handler")
    desk.walk(case, "closed")
    assert desk.case(case)["overdue"]
    desk.do(case, "appeal", "handler")
    desk.do(case, "appeal_grant", "shift_leader")
    row = desk.case(case)
    assert (desk.sheet(case)["not_timed"], bool(row["overdue"])) == (True, False)
    assert row["closed_at"] > row["due_at"], "the raw fact stays"
    with refused("illegal"):
        desk.do(case, "appeal", "handler")


def test_a_case_closed_in_time_has_nothing_to_appeal_against(desk):
    case = desk.walk(desk.report(), "closed")
    with refused("illegal"):
        desk.do(case, "appeal", "handler")


def test_summoned_departments_come_finish_and_are_scored_before_all_of_it_ends(desk, town):
    case = desk.walk(desk.report(), "handling")
    desk.do(case, "whistle", "leader", departments=[PARKS, "Police"])
    with refused("illegal"):
        desk.do(case, "whistle", "leader", departments=[PARKS])
    with refused("illegal"):
        desk.do(case, "finish", "handler")
    with refused("illegal"):
        desk.do(case, "task_done", "handler", PARKS)
    for department in (PARKS, "Police"):
        desk.do(case, "arrive", "handler", department)
        desk.do(case, "task_done", "handler", department)
    desk.do(case, "finish", "handler")
    desk.walk(case, "closed")
    for _ in range(2):
        desk.do(case, "score", "leader")
    with refused("illegal"):
        desk.do(case, "score", "leader", task=1)
    assert desk.town.rows("SELECT count(*) FROM tasks WHERE score = 4 AND due_at > made_at") == [(2,)]


def test_a_merged_case_counts_in_no_figure_and_its_rating_stays_its_own(desk, town):
    main, child = desk.walk(desk.report(), "handling"), desk.report()
    desk.do(child, "merge", "intake", main=desk.sheet(main)["case_no"])
    assert desk.sheet(child)["main_id"] == main
    with refused("illegal"):
        rate(desk.work, PUBLIC, child, "satisfied", None, now=town.now)
    desk.walk(main, "closed")
    rate(desk.work, PUBLIC, main, "basically", None, now=town.now)
    assert not rate(desk.work, PUBLIC, child, "dissatisfied", "still there", now=town.now)
    assert desk.case(main)["level"] == 1
    assert (desk.case(child)["level"], desk.case(child)["status"]) == (2, "merged")


def test_what_was_merged_into_a_case_follows_it_into_another(desk, town):
    child, first, main = desk.report(), desk.report(), desk.report()
    desk.do(child, "merge", "intake", main=desk.sheet(first)["case_no"])
    desk.do(first, "merge", "intake", main=desk.sheet(main)["case_no"])
    assert [desk.sheet(case)["main_id"] for case in (child, first)] == [main, main]
    desk.walk(main, "closed")
    rate(desk.work, PUBLIC, child, "basically", None, now=town.now)
    assert desk.case(child)["level"] == 1


def test_a_case_is_merged_into_no_case_that_was_ended_without_handling_nor_into_one_out_of_sight(desk):
    here, there = desk.report(), desk.report(longitude=IN_B1[0], latitude=IN_B1[1])
    number = desk.sheet(there)["case_no"]
    with refused("invalid"):
        move(
            desk.work, person("intake", areas=("A",)), here, "merge", {"main": number}, version=1, now=desk.town.now
        )  # fmt: skip
    with refused("invalid"):
        desk.do(here, "merge", "intake", main=desk.sheet(here)["case_no"])
    desk.do(there, "refuse", "intake")
    with refused("illegal"):
        desk.do(here, "merge", "intake", main=number)


def test_a_low_rating_soon_after_closing_opens_the_case_again_once(desk, town):
    case = desk.walk(desk.report(), "closed")
    first = desk.case(case)["first_response_at"]
    town.now += DAY
    assert rate(desk.work, PUBLIC, case, "dissatisfied", None, now=town.now)
    row = desk.case(case)
    assert (desk.sheet(case)["state"], row["closed_at"], row["first_response_at"]) == ("registered", None, first)
    desk.walk(case, "closed")
    assert desk.case(case)["first_response_at"] == first, "only the first cycle counts"
    assert not rate(desk.work, PUBLIC, case, "dissatisfied", None, now=town.now + HOUR)
    assert desk.sheet(case)["state"] == "closed"


def test_a_low_rating_opens_a_case_that_was_archived_meanwhile_and_a_visitor_does_not(desk, town):
    case = desk.walk(desk.report(), "archived")
    with refused("illegal"):
        desk.do(case, "reopen", "return_visitor")
    assert rate(desk.work, PUBLIC, case, "dissatisfied", None, now=town.now + DAY)
    assert desk.sheet(case)["state"] == "registered"


def test_a_low_rating_ends_an_appeal_that_still_waits(desk, town):
    case = desk.walk(desk.report(), "handling")
    town.now += 5 * HOUR
    desk.walk(case, "closed")
    desk.do(case, "appeal", "handler")
    assert rate(desk.work, PUBLIC, case, "dissatisfied", None, now=town.now + HOUR)
    assert (desk.sheet(case)["asked"], desk.sheet(case)["appealed"]) == (None, False)


def test_the_deadline_of_a_feed_waits_for_the_end_of_a_hold_and_begins_anew_with_a_reopening(desk, town):
    begun = town.now - HOUR
    town.take({"status": "handling", "department": CLEANING, "reported_at": begun, "due_at": town.now + 3 * HOUR})
    ((case,),) = town.rows("SELECT id FROM cases")
    desk.do(case, "suspend_ask", "handler", until=town.now + 10 * DAY)
    desk.do(case, "suspend_approve", "dispatcher")
    assert desk.case(case)["due_at"] is None
    town.now += 3 * DAY
    desk.do(case, "resume", "handler")
    assert desk.case(case)["due_at"] == begun + 4 * HOUR + 3 * DAY
    desk.walk(case, "closed")
    desk.do(case, "reopen", "return_visitor")
    assert desk.case(case)["due_at"] == town.now + 4 * HOUR + 3 * DAY


def test_a_low_rating_late_or_a_good_one_opens_nothing(desk, town):
    case = desk.walk(desk.report(), "closed")
    assert not rate(desk.work, PUBLIC, case, "satisfied", None, now=town.now)
    assert not rate(desk.work, PUBLIC, case, "dissatisfied", None, now=town.now + 8 * DAY)


def test_an_imported_case_is_taken_into_work_from_where_it_stands(desk, town):
    town.take({"status": "accepted", "department": CLEANING, "first_response_at": town.now - HOUR})
    ((case,),) = town.rows("SELECT id FROM cases")
    desk.do(case, "finish", "handler")
    assert (desk.sheet(case)["state"], desk.case(case)["status"]) == ("verifying", "verifying")
    assert desk.sheet(case)["version"] == 1


def test_states_and_statuses_stay_one(desk):
    case = desk.report()
    desk.do(case, "ask_check", "intake")
    assert desk.case(case)["status"] == STATUS_OF["checking"] == "reported"
    with read(desk.town.engine) as connection:
        steps = connection.execute(sa.text("SELECT status FROM case_steps WHERE case_id = :id"), {"id": case}).scalars()
        assert set(steps) == {"reported"}

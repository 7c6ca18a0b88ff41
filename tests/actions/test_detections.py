"""What a machine has seen: in no figure until a person confirms it, then from when it was seen."""

from dataclasses import replace

import pytest

from actions.fold_responses import fold_responses
from domain.actor import ROLES
from domain.filters import Filter
from domain.lifecycle import MOVES
from domain.measures import KPIS
from domain.periods import Period, date_of, month_name
from domain.refusal import Refused
from domain.scope import Scope
from store.counts.reader import Counts
from store.engine import read
from store.listings import count
from tests.desk import DAY, HOUR, Desk, person
from views import figures
from views.inbox import WorkQuery, inbox, stages, worker
from views.reader import Reader

WHOLE = Scope.site("test")
CONFIRMERS = {"intake", "shift_leader", "dispatcher"}


@pytest.fixture
def desk(town, tmp_path) -> Desk:
    return Desk(town, tmp_path)


@pytest.fixture
def reader(town, tmp_path) -> Reader:
    counts = Counts(town.engine, town.site.areas, tmp_path / "c")
    return Reader(town.engine, counts, town.site.areas, town.site.zone, lambda: town.now)


def rows_behind(reader: Reader, desk: Desk, days: int = 3) -> dict[str, int]:
    """How many cases are behind each figure of the last days; the list it opens has as many."""
    today = desk.town.site.zone.day(desk.town.now)
    chosen, moment = Filter(Period(today - days, today)), reader.moment()
    found = {name: figures.figure(reader, moment, WHOLE, chosen, name).rows for name in KPIS}
    with read(desk.town.engine) as connection:
        listed = {name: count(connection, moment.wanted(WHOLE, chosen, kpi)) for name, kpi in KPIS.items()}
    assert found == listed
    return {name: n for name, n in found.items() if n}


def waiting_for(reader: Reader, desk: Desk, case: int) -> set[str]:
    return {
        role
        for role in ROLES
        if case in [r["id"] for r in inbox(reader, worker(person(role), 2), WHOLE, WorkQuery(), desk.town.now).rows]
    }


def test_a_detection_is_in_no_figure_and_its_confirmation_is(desk, reader):
    desk.town.now += DAY
    seen = desk.town.now - DAY
    case = desk.detected(reported_at=seen)
    assert rows_behind(reader, desk) == {}
    desk.do(case, "confirm", "dispatcher", condition="heap")
    assert rows_behind(reader, desk) == {"hazards": 1, "cases": 1, "open": 1}
    day = desk.town.site.zone.day(seen)
    found = figures.figure(reader, reader.moment(), WHOLE, Filter(Period(day, day)), "hazards")
    assert (found.rows, desk.case(case)["reported_at"]) == (1, seen)


def test_a_dismissed_detection_never_was_a_case(desk, reader):
    case = desk.detected()
    with pytest.raises(Refused, match=r"fill in|Reason"):
        desk.do(case, "dismiss", "intake", reason="")
    desk.do(case, "dismiss", "intake", reason="steam of a kitchen")
    assert (desk.case(case)["status"], desk.sheet(case)["state"]) == ("void", "void")
    assert rows_behind(reader, desk) == {}
    assert waiting_for(reader, desk, case) == set()


def test_it_waits_for_those_who_may_confirm_it_and_stands_on_no_board(desk, reader):
    case = desk.detected()
    assert waiting_for(reader, desk, case) == CONFIRMERS == set(MOVES["confirm"].roles) == set(MOVES["dismiss"].roles)
    assert sum(stage.total for stage in stages(reader, WHOLE, WorkQuery(), desk.town.now)) == 0
    nowhere = replace(WHOLE, areas=frozenset({"B"}))
    assert inbox(reader, worker(person("intake"), 2), nowhere, WorkQuery(), desk.town.now).rows == ()
    desk.do(case, "confirm", "shift_leader", condition="heap")
    assert waiting_for(reader, desk, case) == {"dispatcher"}
    assert sum(stage.total for stage in stages(reader, WHOLE, WorkQuery(), desk.town.now)) == 1


def test_a_confirmed_detection_has_its_deadline_and_goes_the_usual_way(desk):
    case = desk.detected()
    desk.do(case, "confirm", "intake", condition="heap")
    assert desk.case(case)["due_at"] == desk.town.now + 4 * HOUR
    desk.walk(case, "closed")
    assert desk.case(case)["status"] == "closed"
    assert desk.case(case)["first_response_at"] is not None


def test_what_the_machine_says_later_makes_no_second_case_and_undoes_no_decision(desk):
    case = desk.detected()
    assert desk.town.rows("SELECT count(*) FROM cases") == [(1,)]
    assert desk.detected(updated_at=desk.town.now) == case
    desk.do(case, "dismiss", "intake", reason="steam")
    assert desk.detected(title="smoke, ended", updated_at=desk.town.now + HOUR) == case
    assert desk.case(case)["status"] == "void"
    assert desk.steps(case)[-1] == "told"
    assert desk.town.rows("SELECT count(*) FROM cases") == [(1,)]


def test_response_times_leave_a_detection_out(desk, reader):
    """The folded times are those of the exact counts, which a detection is not in."""
    at = desk.town.now
    desk.detected(first_response_at=at)
    desk.town.take({"external_id": "known", "reported_at": at - HOUR, "first_response_at": at - HOUR + 60})
    month = month_name(date_of(desk.town.site.zone.day(at)))
    assert fold_responses(desk.town.site, reader.counts, [month]) > 0
    assert set(desk.town.rows("SELECT n, median FROM responses")) == {(1, 60)}

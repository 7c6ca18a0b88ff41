"""What runs on a case now, beside a few cases by hand."""

import pytest

from actions.move import move
from actions.report import Report, report
from domain.actor import Actor
from store import casework
from store.engine import read
from tests.actions.test_recalendar import INTAKE, Desk, at
from tests.factories import IN_A1, NOW, Town
from views.running import running


@pytest.fixture
def desk(tmp_path):
    town = Town(f"sqlite:///{tmp_path}/store.db")
    yield Desk(town, tmp_path)
    town.close()


def run(desk, case_id, now):
    with read(desk.town.engine) as connection:
        case = casework.locked(connection, case_id)
        return running(desk.work, connection, case, casework.sheet_of(connection, case), now)


def test_a_stage_has_its_own_limit_and_stands_still_at_noon(desk):
    case_id = report(desk.work, INTAKE, Report("Litter", "a bag", "walk", *IN_A1), now=NOW).case_id
    found = run(desk, case_id, at("2026-11-24 15:00"))
    assert (found.amount, found.unit, found.left, found.due) == (2, "work_hours", 1, at("2026-11-24 16:00"))
    assert found.warn == at("2026-11-24 15:36")
    assert found.breaks == ((at("2026-11-24 12:00"), at("2026-11-24 14:00")),)


def test_handling_is_counted_in_days_of_work(desk):
    case_id = desk.registered()
    move(
        desk.work,
        Actor("d", "", "dispatcher", frozenset({""})),
        case_id,
        "dispatch",
        {"department": "Cleaning"},
        version=2,
        now=NOW,
    )
    move(
        desk.work,
        Actor("h", "", "handler", frozenset({""}), "Cleaning"),
        case_id,
        "accept",
        {"handler": "h"},
        version=3,
        now=NOW,
    )
    assert run(desk, case_id, at("2026-11-25 14:00")).left == 1
    assert run(desk, case_id, at("2026-11-27 14:00")).left == -1


def test_a_case_that_nobody_works_here_has_no_limit_of_ours(desk):
    desk.town.take({"external_id": "1"})
    assert run(desk, 1, NOW) is None

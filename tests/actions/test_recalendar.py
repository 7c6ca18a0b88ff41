"""After a change of the calendar open deadlines follow it, once, each with old and new in a step."""

import json
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from actions import recalendar as going
from actions.change_workdays import change_workdays
from actions.move import move
from actions.recalendar import recalendar
from actions.report import Report, report
from actions.work import Work
from config_cases import Cases
from domain.actor import Actor
from domain.catalogue import Catalogue, Category, Condition, Limit
from domain.periods import day_of
from tests.factories import IN_A1, NOW, ZONE

ADMIN = Actor("ann", "Ann", "system_admin", frozenset())
INTAKE = Actor("ivy", "Ivy", "intake", frozenset({""}))
WEDNESDAY, THURSDAY = day_of(date(2026, 11, 25)), day_of(date(2026, 11, 26))
BAG = Condition("bag", Limit(2, "work_days"))
CATALOGUE = Catalogue((Category("Litter", department="Cleaning", conditions=(BAG,)),), BAG)


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONE)).timestamp())


class Desk:
    """Cases that are registered on a Tuesday noon: two days of work from 14:00."""

    def __init__(self, town, folder) -> None:
        self.town = town
        self.work = Work(town.site, CATALOGUE, Cases(), folder, b"secret")

    def registered(self) -> int:
        made = report(self.work, INTAKE, Report("Litter", "a bag", "walk", *IN_A1), now=NOW)
        move(self.work, INTAKE, made.case_id, "register", {"condition": "bag"}, version=1, now=NOW)
        return made.case_id

    def due(self, case_id: int) -> int:
        ((due,),) = self.town.rows("SELECT due_at FROM cases WHERE id = :id", id=case_id)
        return due

    def steps(self, case_id: int) -> list[str]:
        return [
            row[0] for row in self.town.rows("SELECT move FROM case_steps WHERE case_id = :id ORDER BY id", id=case_id)
        ]


def change(desk: Desk, *days: int, off: bool = True) -> None:
    town = desk.town
    change_workdays(town.site, ADMIN, days, "Flood", is_workday=False if off else None, now=town.now)


@pytest.fixture
def desk(town, tmp_path) -> Desk:
    """One open case, and deadlines that follow the calendar."""
    desk = Desk(town, tmp_path)
    recalendar(desk.work, now=town.now)
    desk.id = desk.registered()
    return desk


def test_a_day_off_moves_what_is_open_by_a_day_and_says_so(desk):
    assert desk.due(desk.id) == at("2026-11-26 14:00")
    change(desk, WEDNESDAY)
    assert recalendar(desk.work, now=NOW + 5) == 1
    assert desk.due(desk.id) == at("2026-11-27 14:00")
    assert desk.steps(desk.id) == ["report", "register", "recalendar"]
    ((actor, detail),) = desk.town.rows(
        "SELECT s.actor, d.detail FROM case_steps s JOIN step_details d ON d.step_id = s.id WHERE s.move = 'recalendar'"
    )
    told = json.loads(detail)
    assert (actor, told["due_from"], told["due_to"]) == ("system", at("2026-11-26 14:00"), at("2026-11-27 14:00"))


def test_doing_it_again_changes_nothing(desk):
    change(desk, WEDNESDAY)
    assert [recalendar(desk.work, now=NOW + late) for late in (0, 5, 59, 61, 120)] == [1, 0, 0, 0, 0]
    assert desk.steps(desk.id).count("recalendar") == 1
    assert desk.town.rows("SELECT seen, moved, total FROM recalendar") == [(1, 1, 1)]


def test_a_change_taken_back_moves_the_deadline_back(desk):
    change(desk, WEDNESDAY, THURSDAY)
    recalendar(desk.work, now=NOW + 1)
    change(desk, WEDNESDAY, THURSDAY, off=False)
    assert recalendar(desk.work, now=NOW + 2) == 1
    assert desk.due(desk.id) == at("2026-11-26 14:00")


def test_a_case_that_has_ended_keeps_its_times(desk):
    ended = report(desk.work, INTAKE, Report("Litter", "a bag", "walk", *IN_A1), now=NOW).case_id
    move(desk.work, replace(INTAKE, role="shift_leader"), ended, "void", {"reason": "a test"}, version=1, now=NOW)
    change(desk, WEDNESDAY)
    assert recalendar(desk.work, now=NOW + 5) == 1
    assert desk.steps(ended) == ["report", "void"]


def test_other_office_hours_move_deadlines_without_a_change_of_days(desk):
    work = replace(desk.work, rules=Cases(office_hours=("00:00-24:00",)))
    assert recalendar(work, now=NOW + 5) == 1
    assert desk.due(desk.id) == at("2026-11-26 12:00")
    assert recalendar(work, now=NOW + 6) == 0


def test_what_was_broken_off_goes_on_where_it_stopped(desk, monkeypatch):
    others = [desk.registered() for _n in range(4)]
    change(desk, WEDNESDAY)
    monkeypatch.setattr(going, "BATCH", 2)
    whole, seen = going.recompute, []

    def torn(work, connection, ids, now):
        seen.append(list(ids))
        if len(seen) == 2:
            raise OSError("gone")
        return whole(work, connection, ids, now)

    monkeypatch.setattr(going, "recompute", torn)
    with pytest.raises(OSError, match="gone"):
        recalendar(desk.work, now=NOW + 5)
    assert desk.town.rows("SELECT seen, moved, total, finished_at FROM recalendar") == [(2, 2, 5, None)]
    assert recalendar(desk.work, now=NOW + 70) == 3
    assert seen[1] == seen[2]
    assert all(desk.due(each) == at("2026-11-27 14:00") for each in (desk.id, *others))

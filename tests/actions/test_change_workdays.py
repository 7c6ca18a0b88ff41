"""Changing the calendar: who may, what is kept, and that it is on record."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from actions.change_workdays import change_workdays, confirm_year
from domain.actor import Actor
from domain.periods import day_of
from domain.refusal import Refused
from store.engine import read
from store.workdays import CurrentCalendar, read_calendar
from tests.factories import NOW

ADMIN = Actor("ann", "Ann", "system_admin", frozenset())
TUESDAY, SATURDAY = day_of(date(2026, 11, 24)), day_of(date(2026, 11, 28))


def calendar(town):
    with read(town.engine) as connection:
        return read_calendar(connection, town.site.zone)


def change(town, days, is_workday, note="Flood", actor=ADMIN):
    return change_workdays(town.site, actor, days, note, is_workday=is_workday, now=NOW)


def test_a_day_becomes_what_was_asked_and_that_is_on_record(town):
    assert change(town, (TUESDAY,), False) == (TUESDAY,)
    assert not calendar(town).is_workday(TUESDAY)
    assert town.rows("SELECT day, is_workday, note, by, at FROM workday_override") == [
        (TUESDAY, False, "Flood", "ann", NOW)
    ]
    assert town.rows("SELECT day, year, was, now, note FROM workday_changes") == [(TUESDAY, 2026, True, False, "Flood")]
    ((action, login, detail),) = town.rows("SELECT action, actor, detail FROM audit")
    assert (action, login, json.loads(detail)) == ("calendar.change", "ann", {"2026-11-24": False})


def test_only_the_days_that_become_another_are_changed(town):
    days = tuple(range(TUESDAY, SATURDAY + 2))
    assert change(town, days, False) == tuple(range(TUESDAY, SATURDAY))
    assert change(town, days, False) == ()
    assert town.rows("SELECT count(*) FROM audit") == [(1,)]


def test_a_day_that_goes_back_to_the_notice_is_no_longer_an_exception(town):
    change(town, (TUESDAY, SATURDAY), False)
    assert change(town, (TUESDAY, SATURDAY), None, "Water is gone") == (TUESDAY,)
    assert calendar(town).overrides == {}
    assert town.rows("SELECT count(*) FROM workday_changes") == [(2,)]


def test_a_confirmed_year_is_known(town):
    assert confirm_year(town.site, ADMIN, 2027, now=NOW)
    assert not confirm_year(town.site, ADMIN, 2027, now=NOW)
    assert not confirm_year(town.site, ADMIN, 2026, now=NOW)
    assert calendar(town).confirmed == {2027}


@pytest.mark.parametrize(
    ("kind", "days", "note", "role"),
    [
        ("forbidden", (TUESDAY,), "x", "leader"),
        ("forbidden", (TUESDAY,), "x", "security_admin"),
        ("missing", (TUESDAY,), "  ", "system_admin"),
        ("invalid", (TUESDAY,), "x" * 201, "system_admin"),
        ("invalid", (TUESDAY,), "a\ud800", "system_admin"),
        ("invalid", (TUESDAY,), "a\nb", "system_admin"),
        ("invalid", (10**7,), "x", "system_admin"),
        ("invalid", (), "x", "system_admin"),
        ("invalid", tuple(range(TUESDAY, TUESDAY + 367)), "x", "system_admin"),
    ],
)
def test_what_is_not_right_is_refused_and_nothing_is_changed(town, kind, days, note, role):
    with pytest.raises(Refused) as refused:
        change(town, days, False, note, Actor("bob", "Bob", role, frozenset()))
    assert refused.value.kind == kind
    assert town.rows("SELECT count(*) FROM workday_changes") == town.rows("SELECT count(*) FROM audit") == [(0,)]


@pytest.mark.parametrize("year", [0, 1999, 2101, 10**9])
def test_a_year_out_of_reach_is_refused(town, year):
    with pytest.raises(Refused):
        confirm_year(town.site, ADMIN, year, now=NOW)


def test_two_changes_at_once_are_one(town):
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _n: change(town, (TUESDAY,), False), range(4)))
    assert sorted(done) == [(), (), (), (TUESDAY,)]


def test_the_calendar_at_hand_follows_a_change(town):
    current = CurrentCalendar(town.engine, town.site.zone)
    first = current()
    assert current() is first
    change(town, (TUESDAY,), False)
    assert not current().is_workday(TUESDAY)

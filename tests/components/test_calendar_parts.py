"""The calendar as it is drawn: every day is there, its mark says what its colour says."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from components.calendar_parts import calendar_head, changes_list, chosen_day, unknown_year
from components.calendar_warning import calendar_warning
from components.words import set_language
from components.year_calendar import year_calendar
from domain import workyear
from domain.periods import date_of, day_of
from tests.components.trees import found, texts
from views.workdays import Change, Day, Following

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture(autouse=True)
def english():
    set_language("en")
    yield
    set_language("zh_CN")


def day(text: str, *, edited: bool = False) -> Day:
    value = date.fromisoformat(text)
    works = workyear.is_workday(value) != edited
    return Day(day_of(value), value, workyear.kind(value), works, edited, workyear.occasion(value), "Flood", "ann")


def links(tree):
    return [node for node in found(tree) if "gh-day" in str(node.get("className", "")).split() and node.get("href")]


def year(edited: str = ""):
    first = day_of(date(2026, 1, 1))
    days = [str(date_of(first + n)) for n in range(365)]
    return [day(each, edited=each == edited) for each in days]


def test_every_day_of_the_year_is_a_link_with_words():
    drawn = links(year_calendar(year(), chosen=0, today=day_of(date(2026, 11, 24))))
    assert len(drawn) == 365
    words = {node["href"][-10:]: node["aria-label"] for node in drawn}
    assert words["2026-02-14"] == "Saturday, February 14, 2026 · Workday in exchange · Spring Festival"
    assert words["2026-11-28"] == "Saturday, November 28, 2026 · Weekend"
    assert [node["href"][-10:] for node in drawn if node["tabIndex"] == 0] == ["2026-11-24"]


def test_a_changed_day_says_so_by_mark_and_words():
    drawn = links(year_calendar(year("2026-11-24"), chosen=day_of(date(2026, 11, 24)), today=0))
    (changed,) = [node for node in drawn if "is-edited" in node["className"]]
    assert "changed to: Day off" in changed["aria-label"]
    assert texts(changed["children"]) == "24 E"


def test_only_who_may_change_the_calendar_sees_a_form():
    assert "Make it: Day off" in texts(chosen_day(day("2026-11-24"), may_change=True))
    assert "Only the system administrator changes the calendar." in texts(
        chosen_day(day("2026-11-24"), may_change=False)
    )
    assert "Choose a day of the year." in texts(chosen_day(None, may_change=True))
    assert not [n for n in found(unknown_year(2027, may_change=False)) if n.get("type") == "button"]


def test_the_head_says_how_far_deadlines_are():
    going = calendar_head(2026, 248, Following(5, 20, 1, None), SHANGHAI)
    assert "5 of 20" in texts(going)
    done = calendar_head(2026, 248, Following(20, 20, 3, 1_764_000_000), SHANGHAI)
    assert "3 moved" in texts(done)


def test_changes_are_told_newest_first_or_that_there_are_none():
    flood = Change(1_764_000_000, "ann", day_of(date(2026, 11, 24)), 2026, False, "Flood")
    told = texts(changes_list([Change(1_764_000_100, "bob", None, 2027, None, ""), flood], SHANGHAI))
    assert told.index("2027: holidays entered in full") < told.index("2026-11-24 → Day off")
    assert "Nothing was changed yet." in texts(changes_list([], SHANGHAI))


def test_a_deadline_in_an_unknown_year_is_warned_of():
    assert calendar_warning(()) is None
    assert "2027, 2028" in texts(calendar_warning((2027, 2028)))

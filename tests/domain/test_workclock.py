"""Deadlines against a table written by hand from the State Council's notices, and the laws that hold in every zone."""

from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import hypothesis.strategies as st
import pytest
from hypothesis import example, given

from domain.periods import SiteZone
from domain.workcalendar import HOUR, OFFICE_HOURS, WorkCalendar
from domain.workclock import UNITS, add, closed, elapsed, postponed, remaining, unknown_years

SHANGHAI = WorkCalendar(SiteZone("Asia/Shanghai"))

TABLE = [
    # Spring Festival 2023: free from Saturday 21 to Friday 27 January, work on Saturday 28 and Sunday 29
    ("2023-01-20 10:00", 1, "work_days", "2023-01-28 10:00"),
    ("2023-01-20 10:00", 2, "work_days", "2023-01-29 10:00"),
    ("2023-01-20 10:00", 3, "work_days", "2023-01-30 10:00"),
    ("2023-01-20 17:00", 4, "work_hours", "2023-01-28 11:00"),
    ("2023-01-20 17:00", 1, "work_hours", "2023-01-20 18:00"),
    ("2023-01-23 09:00", 2, "work_hours", "2023-01-28 10:00"),
    ("2023-01-23 09:00", 1, "work_days", "2023-01-29 08:00"),
    ("2023-01-23 09:00", 2, "urgent_hours", "2023-01-23 11:00"),
    ("2023-01-20 10:00", 7, "calendar_days", "2023-01-27 10:00"),
    ("2023-01-28 16:00", 8, "work_hours", "2023-01-29 16:00"),
    # Spring Festival 2026: free from Sunday 15 to Monday 23 February, work on Saturdays 14 and 28
    ("2026-02-13 15:30", 1, "work_days", "2026-02-14 15:30"),
    ("2026-02-13 15:30", 2, "work_days", "2026-02-24 15:30"),
    ("2026-02-14 17:30", 1, "work_hours", "2026-02-24 08:30"),
    ("2026-02-14 17:30", 20, "work_hours", "2026-02-26 11:30"),
    ("2026-02-18 00:00", 3, "work_days", "2026-02-27 08:00"),
    ("2026-02-26 10:00", 3, "work_days", "2026-03-02 10:00"),
    ("2026-02-27 17:00", 2, "work_hours", "2026-02-28 09:00"),
    ("2026-02-14 10:00", 15, "calendar_days", "2026-03-01 10:00"),
    # 调休 around National Day 2022: work on Saturday 8 and Sunday 9 October; 2026: work on 20 September and 10 October
    ("2022-09-30 09:00", 1, "work_days", "2022-10-08 09:00"),
    ("2022-10-07 20:00", 4, "work_hours", "2022-10-08 12:00"),
    ("2022-10-08 17:00", 3, "work_hours", "2022-10-09 10:00"),
    ("2022-10-08 09:00", 5, "work_days", "2022-10-13 09:00"),
    ("2026-09-19 12:00", 1, "work_hours", "2026-09-20 09:00"),
    ("2026-09-30 16:00", 2, "work_days", "2026-10-09 16:00"),
    ("2026-10-09 16:00", 1, "work_days", "2026-10-10 16:00"),
    # noon, evening, midnight
    ("2026-11-24 11:30", 1, "work_hours", "2026-11-24 14:30"),
    ("2026-11-24 08:00", 4, "work_hours", "2026-11-24 12:00"),
    ("2026-11-24 12:00", 4, "work_hours", "2026-11-24 18:00"),
    ("2026-11-24 12:30", 1, "work_days", "2026-11-25 14:00"),
    ("2026-11-24 18:00", 1, "work_days", "2026-11-26 08:00"),
    ("2026-11-24 17:59", 1, "work_days", "2026-11-25 17:59"),
    ("2026-11-24 23:59", 1, "work_hours", "2026-11-25 09:00"),
    ("2026-11-25 00:00", 1, "work_hours", "2026-11-25 09:00"),
    ("2026-11-24 23:30", 1, "urgent_hours", "2026-11-25 00:30"),
    ("2026-11-24 00:00", 1, "calendar_days", "2026-11-25 00:00"),
    # the turn to 2027, whose holidays are not known: weekdays alone (1 January 2027 is a Friday)
    ("2026-12-31 17:00", 2, "work_hours", "2027-01-01 09:00"),
    ("2026-12-31 10:00", 1, "work_days", "2027-01-01 10:00"),
    ("2026-12-31 10:00", 2, "work_days", "2027-01-04 10:00"),
    ("2026-12-28 10:00", 5, "work_days", "2027-01-04 10:00"),
    ("2026-12-31 23:00", 2, "urgent_hours", "2027-01-01 01:00"),
    ("2026-12-31 23:00", 1, "calendar_days", "2027-01-01 23:00"),
]
"""Start, limit, unit, end; Asia/Shanghai."""

PAUSES = [
    # 挂账 from Friday afternoon over Spring Festival: due in 3 h of work when it began, so 3 h after it ended
    ("2023-01-20 17:00", "2023-01-28 10:00", "2023-01-30 09:00", "2023-01-30 12:00", "work_hours"),
    ("2026-02-13 10:00", "2026-02-25 10:00", "2026-03-02 16:00", "2026-03-05 16:00", "work_days"),
    ("2026-12-24 15:00", "2026-12-28 15:00", "2026-12-31 15:00", "2027-01-04 15:00", "work_days"),
    ("2026-12-31 22:00", "2026-12-31 23:00", "2027-01-02 03:00", "2027-01-02 04:00", "urgent_hours"),
    ("2026-11-24 10:00", "2026-11-23 10:00", "2026-11-30 10:00", "2026-11-23 10:00", "work_days"),  # was overdue
]
"""Paused from, due, paused to, due then."""

ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Havana", "Pacific/Apia")
ROUND_THE_CLOCK = ((0, 24 * HOUR),)
SMALL_HOURS = ((1 * HOUR, 2 * HOUR + 1_800), (2 * HOUR + 1_800, 4 * HOUR), (22 * HOUR, 24 * HOUR))
calendars = st.builds(
    WorkCalendar,
    st.sampled_from(ZONES).map(SiteZone),
    st.sampled_from([OFFICE_HOURS, ROUND_THE_CLOCK, SMALL_HOURS]),
    st.dictionaries(st.integers(14_000, 21_000), st.booleans(), max_size=8),
)
near_changes = st.builds(
    lambda year, month, day, hour, minute: int(datetime(year, month, day, hour, minute, tzinfo=UTC).timestamp()),
    st.integers(2009, 2027), st.sampled_from([1, 2, 3, 4, 9, 10, 11, 12]), st.integers(1, 28), st.integers(0, 23),
    st.integers(0, 59),
)  # fmt: skip
instants = st.integers(1_200_000_000, 1_830_000_000) | near_changes
units = st.sampled_from(UNITS)
amounts = st.integers(0, 40)


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai")).timestamp())


def on_the_wall(instant: int, zone: str = "Asia/Shanghai") -> str:
    return datetime.fromtimestamp(instant, ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(("start", "amount", "unit", "end"), TABLE)
def test_a_deadline_is_the_one_written_by_hand(start, amount, unit, end):
    assert on_the_wall(add(SHANGHAI, at(start), amount, unit)) == end


@pytest.mark.parametrize(("start", "due", "until", "then", "unit"), PAUSES)
def test_a_suspension_leaves_as_much_time_as_there_was(start, due, until, then, unit):
    assert on_the_wall(postponed(SHANGHAI, at(due), at(start), at(until), unit)) == then


@pytest.mark.parametrize(("start", "amount", "unit", "end"), TABLE)
def test_the_years_that_are_not_known_are_named(start, amount, unit, end):
    assert unknown_years(SHANGHAI, at(start), at(end)) == ((2027,) if end >= "2027" else ())


def test_a_year_that_people_entered_is_known():
    calendar = WorkCalendar(SiteZone("Asia/Shanghai"), confirmed=frozenset({2027}))
    assert unknown_years(calendar, at("2026-12-31 10:00"), at("2028-01-01 10:00")) == (2028,)


def test_what_people_changed_goes_before_the_notice():
    zone = SiteZone("Asia/Shanghai")
    flood, shift = zone.day(at("2026-11-25 00:00")), zone.day(at("2026-11-28 00:00"))
    calendar = WorkCalendar(zone, overrides={flood: False, shift: True})
    assert on_the_wall(add(calendar, at("2026-11-24 10:00"), 1, "work_days")) == "2026-11-26 10:00"
    assert on_the_wall(add(calendar, at("2026-11-27 17:00"), 2, "work_hours")) == "2026-11-28 09:00"


@pytest.mark.parametrize(
    ("start", "amount", "unit", "end"),
    [
        ("2026-03-27 10:00", 1, "work_days", "2026-03-30 10:00"),  # clocks go forward on Sunday 29 March
        ("2026-03-28 12:00", 2, "calendar_days", "2026-03-30 12:00"),
        ("2026-03-28 12:00", 24, "urgent_hours", "2026-03-29 13:00"),
        ("2026-10-23 17:00", 2, "work_hours", "2026-10-26 09:00"),  # and back on Sunday 25 October
        ("2026-10-24 12:00", 24, "urgent_hours", "2026-10-25 11:00"),
    ],
)
def test_clocks_that_change_leave_deadlines_on_their_time(start, amount, unit, end):
    berlin = ZoneInfo("Europe/Berlin")
    begin = int(datetime.fromisoformat(start).replace(tzinfo=berlin).timestamp())
    assert on_the_wall(add(WorkCalendar(SiteZone("Europe/Berlin")), begin, amount, unit), "Europe/Berlin") == end


def test_a_night_shift_neither_gains_nor_loses_the_hour_that_changes():
    calendar = WorkCalendar(SiteZone("Europe/Berlin"), ROUND_THE_CLOCK, {20_541: True, 20_751: True})
    lengths = [sum(last - first for first, last in calendar.openings(day)) // HOUR for day in (20_541, 20_542, 20_751)]
    assert lengths == [23, 24, 25]  # 29 and 30 March, 25 October 2026


@given(calendars, instants, units)
def test_nothing_takes_no_time(calendar, start, unit):
    assert elapsed(calendar, start, add(calendar, start, 0, unit), unit) == 0


@given(calendars, instants, amounts, amounts, units)
@example(WorkCalendar(SiteZone("Asia/Shanghai")), at("2026-11-24 18:00"), 1, 1, "work_days")
def test_limits_add_up(calendar, start, first, second, unit):
    at_once = add(calendar, start, first + second, unit)
    assert abs(add(calendar, add(calendar, start, first, unit), second, unit) - at_once) <= 1


@given(calendars, instants, st.integers(0, 200_000), st.floats(0, 40, allow_nan=False), units)
def test_a_later_start_never_ends_earlier(calendar, start, later, amount, unit):
    assert add(calendar, start, amount, unit) <= add(calendar, start + later, amount, unit)


@given(calendars, instants, st.floats(0, 40, allow_nan=False), st.floats(0, 5, allow_nan=False), units)
def test_a_longer_limit_never_ends_earlier(calendar, start, amount, more, unit):
    assert start <= add(calendar, start, amount, unit) <= add(calendar, start, amount + more, unit)


@given(calendars, instants, st.floats(0, 40, allow_nan=False), units)
def test_as_much_time_lies_before_a_deadline_as_its_limit_says(calendar, start, amount, unit):
    assert elapsed(calendar, start, add(calendar, start, amount, unit), unit) == pytest.approx(amount, abs=0.001)


@given(calendars, instants, st.integers(0, 5_000_000), st.integers(0, 5_000_000), units)
def test_time_that_passed_adds_up_and_turns_round(calendar, start, first, second, unit):
    middle, end = start + first, start + first + second
    parts = elapsed(calendar, start, middle, unit) + elapsed(calendar, middle, end, unit)
    assert elapsed(calendar, start, end, unit) == pytest.approx(parts)
    assert remaining(calendar, end, start, unit) == -elapsed(calendar, start, end, unit)


@given(calendars, instants, st.integers(0, 400_000))
def test_hours_of_work_are_the_seconds_that_the_office_is_open(calendar, start, seconds):
    days = range(calendar.zone.day(start), calendar.zone.day(start + seconds) + 1)
    spans = [span for day in days for span in calendar.openings(day)]
    open_seconds = sum(max(0, min(last, start + seconds) - max(first, start)) for first, last in spans)
    assert elapsed(calendar, start, start + seconds, "work_hours") * HOUR == pytest.approx(open_seconds)


@given(calendars, instants, amounts, st.integers(0, 100_000), st.integers(0, 2_000_000), units)
def test_a_pause_gives_back_what_was_left(calendar, start, amount, later, pause, unit):
    due, began = add(calendar, start, amount, unit), start + later
    then = postponed(calendar, due, began, began + pause, unit)
    left = remaining(calendar, began, due, unit)
    if due > began:
        assert remaining(calendar, began + pause, then, unit) == pytest.approx(left, abs=0.001)
    else:
        assert then == due


def test_less_than_nothing_is_no_limit():
    with pytest.raises(ValueError, match="less than nothing"):
        add(SHANGHAI, 0, -1, "work_days")


def test_the_times_in_which_a_unit_stands_still_are_told():
    night = [(at("2026-11-24 12:00"), at("2026-11-24 14:00")), (at("2026-11-24 18:00"), at("2026-11-25 08:00"))]
    assert closed(SHANGHAI, at("2026-11-24 10:00"), at("2026-11-25 09:00"), "work_hours") == tuple(night)
    assert closed(SHANGHAI, at("2026-11-24 10:00"), at("2026-11-25 09:00"), "urgent_hours") == ()
    weekend = closed(SHANGHAI, at("2026-11-28 10:00"), at("2026-11-29 10:00"), "work_days")
    assert weekend == ((at("2026-11-28 10:00"), at("2026-11-29 10:00")),)


@given(calendars, instants, st.integers(0, 900_000))
def test_open_and_closed_times_are_all_of_the_time(calendar, start, seconds):
    still = closed(calendar, start, start + seconds, "work_hours")
    assert all(first < last for first, last in still)
    assert all(before[1] <= after[0] for before, after in pairwise(still))
    open_hours = elapsed(calendar, start, start + seconds, "work_hours")
    assert sum(last - first for first, last in still) + round(open_hours * HOUR) == seconds

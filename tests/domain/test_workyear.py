"""Days by the notices: some written by hand, all of them against the package's own functions and weekday rules."""

from datetime import date, timedelta

import chinese_calendar
import pytest

from domain import workyear
from domain.daywords import days_of
from domain.periods import SiteZone, day_of
from domain.refusal import Refused
from domain.workcalendar import WorkCalendar


@pytest.mark.parametrize(
    ("day", "kind", "works"),
    [
        ("2022-10-08", "shifted", True),
        ("2023-01-23", "holiday", False),
        ("2023-01-28", "shifted", True),
        ("2026-02-14", "shifted", True),
        ("2026-02-15", "holiday", False),
        ("2026-11-24", "workday", True),
        ("2026-11-28", "weekend", False),
        ("2027-02-08", "workday", True),  # Spring Festival Monday, which nobody has announced here
        ("2027-02-06", "weekend", False),
        ("1999-10-01", "workday", True),
    ],
)
def test_a_day_is_what_the_notice_says(day, kind, works):
    assert (workyear.kind(date.fromisoformat(day)), workyear.is_workday(date.fromisoformat(day))) == (kind, works)


def test_every_known_day_is_as_the_package_says():
    first, last = date(workyear.FIRST_YEAR, 1, 1), date(workyear.LAST_YEAR, 12, 31)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    assert [d for d in days if workyear.is_workday(d) != chinese_calendar.is_workday(d)] == []


def test_the_years_known_end_where_the_package_refuses():
    assert [workyear.is_known(y) for y in (2003, 2004, 2026)] == [False, True, True]
    with pytest.raises(NotImplementedError):
        chinese_calendar.is_workday(date(workyear.LAST_YEAR + 1, 1, 4))


def test_a_day_of_work_opens_twice_and_a_day_off_never():
    calendar = WorkCalendar(SiteZone("Asia/Shanghai"))
    assert [last - first for first, last in calendar.openings(day_of(date(2026, 11, 24)))] == [4 * 3600, 4 * 3600]
    assert calendar.openings(day_of(date(2026, 11, 28))) == ()


def test_a_stretch_of_days_is_read():
    assert days_of("2027-02-05") == (day_of(date(2027, 2, 5)),)
    assert len(days_of("2027-02-05..2027-02-11")) == 7


@pytest.mark.parametrize("text", ["", "2027-02-30", "2027-2-5", "x", "2027-02-11..2027-02-05", "\ud800"])
def test_what_is_no_day_is_refused(text):
    with pytest.raises(Refused):
        days_of(text)

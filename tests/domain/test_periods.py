"""Days and periods against the calendar and zoneinfo, over many zones, clock changes and year ends."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import example, given, settings

from domain.periods import (
    NO_DAY,
    Period,
    SiteZone,
    buckets,
    date_of,
    day_of,
    month,
    month_name,
    parse_period,
)

ZONES = (
    "Asia/Shanghai", "America/New_York", "America/Los_Angeles", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Tehran",
    "America/Havana", "Asia/Beirut", "America/Sao_Paulo", "America/Recife", "Asia/Kathmandu", "Pacific/Kiritimati",
    "Africa/Casablanca", "Antarctica/Troll", "America/Nuuk", "Asia/Gaza", "Africa/Freetown", "Asia/Urumqi", "UTC",
)  # fmt: skip
TWICE = "America/St_Johns"
"""Until 2011 its clocks went back a minute after midnight: the evening came again."""
SKIPPED = (
    ("Pacific/Apia", date(2011, 12, 30)),
    ("Pacific/Kwajalein", date(1993, 8, 21)),
    ("Asia/Manila", date(1844, 12, 31)),
)

zones = st.sampled_from(ZONES)
instants = st.integers(-5_000_000_000, 10_000_000_000)
near_changes = st.builds(
    lambda year, month_, day, hour, shift: int(datetime(year, month_, day, hour, tzinfo=UTC).timestamp()) + shift,
    st.integers(1930, 2090), st.sampled_from([3, 4, 9, 10, 11]), st.integers(1, 30), st.integers(0, 23),
    st.integers(-1, 1),
)  # fmt: skip
days = st.integers(day_of(date(1900, 1, 1)), day_of(date(2999, 12, 31)))
periods = st.tuples(days, st.integers(1, 1_200)).map(
    lambda p: Period(p[0], min(p[0] + p[1] - 1, day_of(date(2999, 12, 31))))
)
months = st.tuples(st.integers(1901, 2999), st.integers(1, 12)).map(lambda m: f"{m[0]}-{m[1]:02}")
TODAY = day_of(date(2026, 11, 24))


def on_the_wall(epoch: int, zone: str) -> date:
    return datetime.fromtimestamp(epoch, ZoneInfo(zone)).date()


@given(zones, instants | near_changes)
def test_the_day_of_an_instant_is_what_the_calendar_on_the_wall_shows(zone, epoch):
    assert date_of(SiteZone(zone).day(epoch)) == on_the_wall(epoch, zone)


@given(zones, st.lists(instants, max_size=20))
def test_many_instants_are_as_each_of_them(zone, epochs):
    assert SiteZone(zone).days(epochs).tolist() == [SiteZone(zone).day(epoch) for epoch in epochs]


def test_no_instant_has_no_day():
    assert SiteZone("UTC").days([np.nan, 0.0]).tolist() == [NO_DAY, 0]


@given(zones | st.just(TWICE), instants | near_changes)
def test_a_day_begins_at_its_start_and_ends_before_the_next(zone, epoch):
    site = SiteZone(zone)
    day = site.day(epoch)
    assert site.start(day) <= epoch < site.start(day + 1)


@given(zones | st.just(TWICE), st.integers(day_of(date(1850, 1, 1)), day_of(date(2250, 1, 1))))
def test_the_second_before_a_day_belongs_to_an_earlier_one(zone, day):
    site = SiteZone(zone)
    assert site.day(site.start(day) - 1) < day <= site.day(site.start(day))


@given(zones, days)
@example("America/Sao_Paulo", day_of(date(2018, 11, 4)))  # midnight was skipped
@example("America/Havana", day_of(date(2022, 11, 6)))  # midnight came twice within the day
def test_a_day_starts_at_its_first_second_on_the_wall(zone, day):
    start = SiteZone(zone).start(day)
    before, after = on_the_wall(start - 1, zone), on_the_wall(start, zone)
    if date(1900, 1, 2) < date_of(day) < date(2299, 12, 30):
        assert before < date_of(day) <= after


@pytest.mark.parametrize("year", range(1988, 2011))
def test_an_evening_that_comes_again_after_midnight_belongs_to_the_new_day(year):
    site, zone = SiteZone(TWICE), ZoneInfo(TWICE)
    autumn = int(datetime(year, 10, 1, tzinfo=UTC).timestamp())
    hours = range(autumn, autumn + 45 * 86_400, 600)
    found = site.days(list(hours))
    assert (np.diff(found) >= 0).all()
    apart = [e for e, day in zip(hours, found, strict=True) if date_of(day) != datetime.fromtimestamp(e, zone).date()]
    assert 0 < len(apart) <= (12 if year == 1988 else 6)  # that year it came again by two hours


@pytest.mark.parametrize(("zone", "skipped"), SKIPPED)
def test_a_day_that_a_zone_skipped_is_empty(zone, skipped):
    site = SiteZone(zone)
    assert site.start(day_of(skipped)) == site.start(day_of(skipped) + 1)


@given(days)
def test_a_date_and_its_number_are_one(day):
    assert day_of(date_of(day)) == day
    assert date_of(day) - date(1970, 1, 1) == timedelta(days=day)


@given(months)
def test_a_month_has_the_days_of_the_calendar(text):
    found = month(text)
    assert {month_name(date_of(day)) for day in range(found.first, found.last + 1)} == {text}
    assert month_name(date_of(found.first - 1)) < text < month_name(date_of(found.last + 1))
    assert found.months() == (text,)
    assert parse_period(text, TODAY) == found


@pytest.mark.parametrize("year", [1, 215, 999, 9999])
def test_the_name_of_a_month_has_four_digits_of_year(year):
    assert month_name(date(year, 2, 1)) == f"{year:04}-02"


@settings(max_examples=40)
@given(months, months)
def test_months_joined_are_all_the_months_between(first, last):
    first, last = sorted((first, last))
    period = parse_period(f"{first}..{last}", TODAY)
    assert period.months()[0] == first and period.months()[-1] == last
    assert sum(len(month(each)) for each in period.months()) == len(period)
    assert all(a < b for a, b in pairwise(period.months()))


@given(periods)
def test_a_period_is_written_by_its_dates(period):
    first, last = period.dates
    assert parse_period(f"{first}..{last}", TODAY) == period
    assert parse_period(f"{first}", TODAY) == Period(period.first, period.first)
    assert len(period) == (last - first).days + 1


@given(st.integers(1, 99_999))
def test_a_rolling_window_ends_today(n):
    period = parse_period(f"{n}d", TODAY)
    assert (len(period), period.last) == (n, TODAY)


@given(periods)
def test_the_previous_period_ends_the_day_before(period):
    before = period.previous()
    assert before.last == period.first - 1
    if not period.months():
        assert len(before) == len(period)


@given(months, st.integers(1, 30))
def test_whole_months_are_compared_with_as_many_whole_months(first, count):
    start = month(first)
    last = start
    for _ in range(count - 1):
        last = month(month_name(date_of(last.last + 1))) if date_of(last.last).year < 2999 else last
    period = Period(start.first, last.last)
    assert len(period.previous().months()) == len(period.months())


def test_january_is_compared_with_december():
    assert month("2023-01").previous() == month("2022-12")
    assert parse_period("2023-01..2023-02", TODAY).previous() == parse_period("2022-11..2022-12", TODAY)


@given(periods)
def test_the_points_of_a_series_partition_the_period(period):
    points = buckets(period)
    assert points[0].first == period.first and points[-1].last == period.last
    assert all(a.last + 1 == b.first for a, b in pairwise(points))
    assert all(len(point) >= 1 for point in points)


@given(periods)
def test_the_points_of_a_series_are_days_then_weeks_then_months(period):
    points = buckets(period)
    if len(period) <= 31:
        assert {len(point) for point in points} == {1}
    elif len(period) <= 26 * 7:
        assert {len(point) for point in points[1:]} == {7} and len(points[0]) <= 7
    else:
        assert len({month_name(date_of(point.first)) for point in points}) == len(points)
        assert all(month_name(date_of(p.first)) == month_name(date_of(p.last)) for p in points)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("2022-13", "is not a month of the calendar; write YYYY-MM"),
        ("2022-00", "is not a month of the calendar"),
        ("2022", "is not a month; write YYYY-MM"),
        ("", "is not a month"),
        ("0d", "is not a month"),
        ("2022-02-30", "is not a date of the calendar; write YYYY-MM-DD"),
        ("2022-08..2022-07", "ends before it begins; write the earlier date first"),
        ("2022-08-02..2022-08-01", "ends before it begins"),
        ("2022-08..", ""),
        ("..2022-08", "is not a month"),
        ("0001-01", "the years from 1900 to 2999 can be asked for"),
        ("9999-12", "the years from 1900 to 2999 can be asked for"),
        ("9999-12-31", "the years from 1900 to 2999 can be asked for"),
        ("2022-08; DROP", "is not a month"),
    ],
)
def test_what_is_no_period_is_refused_with_one_clear_sentence(text, sentence):
    if text == "2022-08..":
        assert parse_period(text, TODAY) == month("2022-08")
        return
    with pytest.raises(ValueError, match=".") as error:  # noqa: RUF043
        parse_period(text, TODAY)
    assert sentence in str(error.value) and "\n" not in str(error.value)


@given(st.text(max_size=25))
def test_any_text_is_a_period_or_refused(text):
    try:
        period = parse_period(text, TODAY)
    except ValueError:
        return
    period.previous()
    assert len(period) >= 1

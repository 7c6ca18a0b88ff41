# ruff: noqa: DTZ001 (local times without a zone are what is read here)
"""Times against an independent reading of each row: datetime and zoneinfo."""

import math
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from datasources.mapping.times import parse

ZONES = ["Asia/Shanghai", "America/New_York", "Europe/Dublin", "Australia/Lord_Howe", "America/St_Johns", "UTC"]
AMPM = "%m/%d/%Y %I:%M:%S %p"
MOMENTS = st.datetimes(datetime(1975, 1, 1), datetime(2036, 12, 31)).map(lambda each: each.replace(microsecond=0))
# Around the changes of New York and Lord Howe, where mistakes live.
EDGES = st.sampled_from(
    [datetime(2015, 3, 8, 2), datetime(2015, 11, 1, 1), datetime(2024, 4, 7, 1, 30), datetime(2024, 10, 6, 2)]
)
NEAR = st.builds(lambda edge, seconds: edge + timedelta(seconds=seconds), EDGES, st.integers(-7200, 7200))
LOCAL = st.one_of(MOMENTS, NEAR)


def texts(*cells):
    return pd.Series(cells, dtype="str")


def epoch(moment: datetime, zone: str, fold: int) -> float:
    return moment.replace(tzinfo=ZoneInfo(zone), fold=fold).timestamp()


def doubled(moment: datetime, zone: str) -> bool:
    """The earlier reading comes back to the same wall time, and so does the later one."""
    here = ZoneInfo(zone)
    first, second = (moment.replace(tzinfo=here, fold=fold) for fold in (0, 1))
    back = [each.astimezone(UTC).astimezone(here).replace(tzinfo=None) == moment for each in (first, second)]
    return all(back) and first.timestamp() != second.timestamp()


@settings(max_examples=150)
@given(st.lists(LOCAL, min_size=1, max_size=30), st.sampled_from(ZONES), st.sampled_from(["first", "second"]))
@example([datetime(2015, 3, 8, 2, 30)], "America/New_York", "second")
def test_local_times_are_read_as_zoneinfo_reads_each(moments, zone, ambiguous):
    found = parse(texts(*(each.strftime(AMPM) for each in moments)), (AMPM,), ZoneInfo(zone), ambiguous)
    fold = {"first": 0, "second": 1}[ambiguous]
    expected = [epoch(each, zone, fold if doubled(each, zone) else 0) for each in moments]
    np.testing.assert_array_equal(found.seconds, expected)
    assert not found.ambiguous.any()


@settings(max_examples=100)
@given(st.lists(LOCAL, min_size=1, max_size=30), st.sampled_from(ZONES))
def test_the_doubled_hour_is_told_apart_when_it_is_to_be_quarantined(moments, zone):
    found = parse(texts(*(each.isoformat() for each in moments)), ("iso",), ZoneInfo(zone), "quarantine")
    assert found.ambiguous.tolist() == [doubled(each, zone) for each in moments]
    for moment, seconds, twice in zip(moments, found.seconds, found.ambiguous, strict=True):
        assert math.isnan(seconds) if twice else seconds == epoch(moment, zone, 0)


@given(st.lists(st.tuples(MOMENTS, st.integers(-14 * 60, 14 * 60)), min_size=1, max_size=20), st.sampled_from(ZONES))
def test_a_zone_in_the_text_wins(rows, zone):
    cells, expected = [], []
    for moment, minutes in rows:
        sign, size = "-" if minutes < 0 else "+", abs(minutes)
        cells.append(f"{moment.isoformat()}{sign}{size // 60:02}:{size % 60:02}")
        expected.append((moment - timedelta(minutes=minutes)).replace(tzinfo=UTC).timestamp())
    np.testing.assert_array_equal(parse(texts(*cells), ("iso",), ZoneInfo(zone), "first").seconds, expected)


def test_a_time_in_the_skipped_hour_of_spring_is_shifted_forward_by_the_gap():
    found = parse(texts("03/08/2015 02:30:00 AM"), (AMPM,), ZoneInfo("America/New_York"), "first")
    assert found.seconds[0] == datetime(2015, 3, 8, 3, 30, tzinfo=ZoneInfo("America/New_York")).timestamp()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-05-01", datetime(2024, 4, 30, 16, tzinfo=UTC)),
        ("2024-05-01T08:00", datetime(2024, 5, 1, 0, tzinfo=UTC)),
        ("2024-05-01 08:00:07.900", datetime(2024, 5, 1, 0, 0, 7, tzinfo=UTC)),
        ("2024-05-01T08:00:00Z", datetime(2024, 5, 1, 8, tzinfo=UTC)),
        ("2024-05-01 08:00:00 +0100", datetime(2024, 5, 1, 7, tzinfo=UTC)),
        ("  2024-05-01T08:00:00-05  ", datetime(2024, 5, 1, 13, tzinfo=UTC)),
        ("1969-12-31T23:59:59.5Z", datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_iso_times_in_their_many_forms(text, expected):
    assert parse(texts(text), ("iso",), ZoneInfo("Asia/Shanghai"), "first").seconds[0] == expected.timestamp()


@pytest.mark.parametrize(
    "text", ["now", "today", " Now ", "yesterday", "13/45/2015", "2024-02-30", "2024-05-01T25:00", "0", "NaT"]
)
def test_what_is_no_time_is_not_read(text):
    zone = ZoneInfo("UTC")
    assert np.isnan(parse(texts(text), ("iso",), zone, "first").seconds[0])
    assert np.isnan(parse(texts(text), (AMPM,), zone, "first").seconds[0])


def test_formats_are_tried_in_order_for_each_row():
    found = parse(texts("01/02/2024", "2024-03-04", "x", None), ("%d/%m/%Y", "iso"), ZoneInfo("UTC"), "first")
    expected = [
        datetime(2024, 2, 1, tzinfo=UTC).timestamp(),
        datetime(2024, 3, 4, tzinfo=UTC).timestamp(),
        np.nan,
        np.nan,
    ]
    np.testing.assert_array_equal(found.seconds, expected)


def test_a_pattern_with_a_zone_reads_it():
    found = parse(texts("01.05.2024 08:00 +0200"), ("%d.%m.%Y %H:%M %z",), ZoneInfo("Asia/Shanghai"), "first")
    assert found.seconds[0] == datetime(2024, 5, 1, 6, tzinfo=UTC).timestamp()

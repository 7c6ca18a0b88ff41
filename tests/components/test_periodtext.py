"""Periods in words."""

from datetime import date

import pytest

from components.periodtext import before_name, dates, period_name, presets
from components.words import set_language
from domain.periods import Period, day_of, month, parse_period

TODAY = day_of(date(2026, 11, 24))


@pytest.fixture(autouse=True)
def _chinese():
    set_language("zh_CN")


@pytest.mark.parametrize(
    ("text", "name", "days"),
    [
        ("7d", "近 7 日", "11-18 至今天"),
        ("365d", "近一年", "2025-11-25 至今天"),
        ("14d", "近 14 日", "11-11 至今天"),
        ("1d", "近 1 日", "今天"),
        ("2026-11", "本月", "11-01 至 11-30"),
        ("2026-10", "上月", "10-01 至 10-31"),
        ("2025-12-30..2026-01-02", "自定义", "2025-12-30 至 2026-01-02"),
        ("2015-12-25..2015-12-31", "自定义", "2015-12-25 至 12-31"),
        ("2026-11-20", "自定义", "11-20"),
    ],
)
def test_a_period_has_a_name_and_its_dates(text, name, days):
    assert period_name(text, TODAY) == name
    assert dates(parse_period(text, TODAY), TODAY) == days


def test_each_preset_is_an_address_that_can_be_read():
    for text, name in presets(TODAY):
        assert len(parse_period(text, TODAY)) > 0
        assert period_name(text, TODAY) == name


def test_in_january_the_last_month_is_december():
    assert [text for text, _name in presets(day_of(date(2026, 1, 31)))][-2:] == ["2026-01", "2025-12"]


def test_what_is_compared_is_named_as_the_comparison_is_made():
    week = Period(TODAY - 6, TODAY)
    assert before_name(week) == "上一个 7 日"
    assert before_name(Period(TODAY, TODAY)) == "前一日"
    assert before_name(month("2026-10")) == "上一个月"
    assert before_name(Period(month("2022-08").first, month("2023-01").last)) == "上 6 个月"

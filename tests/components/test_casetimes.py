"""Deadlines and ages in words."""

from zoneinfo import ZoneInfo

import pytest

from components.casetimes import LATE, LEFT, time_left
from components.datatimes import Age, data_line, duration, error_line
from components.words import set_language
from tests.components.trees import texts, tree

ZONE = ZoneInfo("Asia/Shanghai")
NOW = 1_795_500_000  # 2026-11-24 14:00:00 in Shanghai
MINUTE, HOUR, DAY = 60, 3_600, 86_400


@pytest.fixture(autouse=True)
def _chinese():
    set_language("zh_CN")


@pytest.mark.parametrize(
    ("seconds", "text", "look"),
    [
        (0, "剩 0 分", LEFT),
        (48 * MINUTE, "剩 48 分", LEFT),
        (3 * HOUR + 56 * MINUTE, "剩 3 时 56 分", LEFT),
        (11 * HOUR, "剩 11 时", LEFT),
        (6 * DAY + 21 * HOUR + 59 * MINUTE, "剩 6 天 21 时", LEFT),
        (6 * DAY + 30 * MINUTE, "剩 6 天", LEFT),
        (29 * DAY + 5 * HOUR, "剩 29 天", LEFT),
        (-22 * MINUTE, "超 22 分", LATE),
        (-1_200 * DAY, "超 1,200 天", LATE),
    ],
)
def test_a_deadline_says_what_is_left_or_over_in_two_units_at_most(seconds, text, look):
    assert time_left(NOW + seconds, NOW) == (text, look)


def test_no_deadline_is_a_dash():
    assert time_left(None, NOW) == ("—", "")


@pytest.mark.parametrize(
    ("state", "ago", "text"),
    [
        ("live", 28, "● 数据 13:59:32 · 实时"),
        ("stale", 58 + 6 * MINUTE, "○ 数据 13:53:02 · 停更"),
        ("down", 25 * MINUTE, "✕ 数据 13:35:00 · 断开 25 分钟"),
        ("down", 3 * DAY, "✕ 数据 11-21 14:00 · 断开 3 天"),
    ],
)
def test_the_data_line_has_a_sign_a_time_and_a_word(state, ago, text):
    assert texts(data_line(Age(NOW - ago, state, NOW, ZONE))) == text


def test_what_was_never_read_has_no_time():
    assert texts(data_line(Age(None, "waiting", NOW, ZONE))) == "○ 读取中"


def test_a_failed_block_says_when_it_is_tried_again():
    line = error_line(Age(NOW, "live", NOW, ZONE))
    assert texts(line) == "■ 14:00:00 · 30 秒后重试"
    assert "is-error" in tree(line)["props"]["className"]


def test_lengths_of_time_are_in_their_largest_unit():
    assert [duration(s) for s in (30, 59 * MINUTE, 47 * HOUR, 48 * HOUR)] == ["30 秒", "59 分钟", "47 小时", "2 天"]

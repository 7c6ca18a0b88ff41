"""A series: its bars are its points, each opens its list, the unfinished one is hollow."""

from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.trend import MOST_DATES, chart, point_name, title, told
from components.words import set_language
from domain.measures import KPIS
from domain.periods import Period, buckets, day_of, month

TODAY = day_of(date(2026, 11, 24))


@dataclass(frozen=True)
class Given:
    period: Period
    value: float | None
    rows: int = 0
    previous: float | None = None
    finished: bool = True


@pytest.fixture(autouse=True)
def _chinese():
    set_language("zh_CN")


def drawn(points, name="reported"):
    return chart(KPIS[name], points, [f"/cases?n={i}" for i in range(len(points))], TODAY)


@given(st.integers(1, 800), st.data())
def test_every_bar_is_its_point_and_opens_its_list(length, data):
    periods = buckets(Period(TODAY - length + 1, TODAY))
    values = data.draw(st.lists(st.none() | st.integers(0, 999), min_size=len(periods), max_size=len(periods)))
    points = [Given(p, v, finished=p.last < TODAY) for p, v in zip(periods, values, strict=True)]
    figure = drawn(points)
    bars = figure["data"][0]
    assert bars["y"] == values
    assert bars["customdata"] == [f"/cases?n={i}" for i in range(len(points))]
    assert [o for o in bars["marker"]["opacity"] if not o] == [0]
    assert len(figure["layout"]["xaxis"]["tickvals"]) <= MOST_DATES
    assert figure["layout"]["xaxis"]["tickvals"][-1] == len(points) - 1
    assert figure["layout"]["yaxis"]["range"][0] == 0
    assert figure["layout"]["yaxis"]["range"][1] >= max((v or 0 for v in values), default=0)


def test_the_unfinished_bar_is_hollow_and_dashed_and_the_previous_period_a_line():
    points = [
        Given(Period(TODAY - 1, TODAY - 1), 7, previous=5),
        Given(Period(TODAY, TODAY), 3, previous=6, finished=False),
    ]
    shapes = drawn(points)["layout"]["shapes"]
    assert [(s["type"], s["y1"]) for s in shapes] == [("line", 5), ("line", 6), ("rect", 3)]
    assert "px" in shapes[-1]["line"]["dash"]


def test_few_values_are_written_beside_their_bars_many_only_at_the_highest_and_the_last():
    few = [Given(Period(TODAY - 6 + i, TODAY - 6 + i), i) for i in range(7)]
    many = [Given(Period(TODAY - 29 + i, TODAY - 29 + i), 30 - abs(12 - i)) for i in range(30)]
    assert [a["text"] for a in drawn(few)["layout"]["annotations"]] == [f"<b>{i}</b>" for i in range(7)]
    assert [a["text"] for a in drawn(many)["layout"]["annotations"]] == ["<b>30</b>", "<b>13</b>"]


def test_a_rate_says_of_how_many():
    point = Given(month("2026-10"), 92.3, rows=48, previous=90.0)
    assert drawn([point], "satisfaction")["data"][0]["hovertext"] == [
        "<b>10-01 至 10-31</b>  92.3%<br>共 48 件<br>上一时段 90.0%"
    ]


def test_the_title_tells_the_step():
    day, week, whole = Given(Period(1, 1), 1), Given(Period(1, 7), 1), Given(month("2026-10"), 1)
    kpi = KPIS["reported"]
    assert [title(kpi, [p]) for p in (day, week, whole)] == ["每日问题上报", "每周问题上报", "每月问题上报"]


def test_points_are_named_by_their_step():
    assert point_name(Period(TODAY, TODAY), TODAY) == "今天"
    assert point_name(Period(TODAY - 1, TODAY - 1), TODAY) == "11-23"
    assert point_name(Period(TODAY - 6, TODAY), TODAY) == "11-24"
    assert point_name(month("2026-10"), TODAY) == "2026-10"


def test_who_cannot_see_it_is_told_the_numbers():
    assert told(KPIS["reported"], [Given(Period(TODAY, TODAY), 1_234)]) == "每日问题上报: 11-24 1,234"

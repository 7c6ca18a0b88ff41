"""A key figure as a card, in each of its states."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pytest

from components.datatimes import Age
from components.kpi import CardLook, card, error_card, waiting_card
from components.words import set_language
from domain.filters import Filter
from domain.measures import CARDS, KPIS, Kpi
from domain.periods import Period
from tests.components.trees import found, texts, tree

NOW = 1_795_500_000  # 2026-11-24 14:00:00 in Shanghai
ZONE = ZoneInfo("Asia/Shanghai")
WEEK = Filter(Period(20_000, 20_006))


@dataclass(frozen=True)
class Known:
    kpi: Kpi
    value: float | None
    rows: int
    previous: float | None
    chosen: Filter = WEEK


@pytest.fixture(autouse=True)
def _chinese():
    set_language("zh_CN")


def drawn(name, value, rows, previous, *, state="live", ago=0, chosen=False):
    look = CardLook(Age(NOW - ago, state, NOW, ZONE), chosen, f"/cases?figure={name}", "11-18 至今天")
    return card(Known(KPIS[name], value, rows, previous), look)


def body(component):
    return texts({"props": {"children": found(component, className="kpi-body")[0]["children"]}})


def test_a_live_card_has_number_unit_change_and_age():
    one = drawn("on_time_rate", 96.4, 635, 95.3)
    assert body(one) == "96.4 % ↑1.1 点"
    assert "is-live" in tree(one)["props"]["className"]
    assert texts(one).endswith("● 数据 14:00:00 · 实时")


def test_the_definition_divides_what_the_figure_divides_and_leads_to_its_rows():
    one = drawn("on_time_rate", 100 * 612 / 635, 635, 95.3)
    said = texts(one)
    assert "按期处置 ÷ 应处置" in said
    assert "612  ÷  635  =  96.4%" in said
    assert "上一个 7 日 · 95.3%" in said
    assert "作废、已并案、测试案件" in said
    assert "查看 635 件" in said
    assert {link["href"] for link in found(one, className="definition-list")} == {"/cases?figure=on_time_rate"}
    assert {link["href"] for link in found(one, className="kpi-list")} == {"/cases?figure=on_time_rate"}


def test_a_weighted_numerator_keeps_its_share():
    assert "45.4  ÷  48  =  94.6%" in texts(drawn("satisfaction", 100 * 45.4 / 48, 48, None))


def test_a_stale_card_says_since_when_and_compares_nothing():
    one = drawn("overdue", 4, 4, 3, state="stale", ago=360)
    assert body(one) == "4 件 已停 6 分钟"
    assert "is-stale" in tree(one)["props"]["className"]


def test_a_card_whose_feed_is_down_shows_no_number_as_current():
    one = drawn("overdue", 4, 4, 3, state="down", ago=1_500)
    assert body(one) == "— 末次 4 件"


def test_nothing_to_divide_by_is_a_dash_and_zero_of_zero():
    assert body(drawn("satisfaction", None, 0, 90.0)) == "— 本时段无人评价 · 0 / 0"
    assert body(drawn("overdue", 0, 0, 0)) == "0 件 持平"


def test_the_chosen_card_says_so_to_eye_and_ear():
    one = drawn("reported", 5, 5, 5, chosen=True)
    assert "is-chosen" in tree(one)["props"]["className"]
    assert found(one, **{"aria-pressed": "true", "data-set": "measure=reported"})


def test_every_card_can_wait_and_can_fail_under_its_own_name():
    age = Age(None, "waiting", NOW, ZONE)
    for name in CARDS:
        assert texts(waiting_card(name, age)).startswith(texts(error_card(name, age, chosen=False)).split()[0])
        assert "30 秒后重试" in texts(error_card(name, age, chosen=False))

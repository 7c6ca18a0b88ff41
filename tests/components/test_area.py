"""The rail beside the map."""

from dataclasses import dataclass

import pytest

from components.area import categories, newest, short_number, summary, trail
from components.words import set_language
from domain.filters import Filter
from domain.measures import KPIS, Kpi
from domain.periods import Period
from tests.components.trees import found, texts

NOW = 1_795_500_000
WEEK = Filter(Period(20_000, 20_006))


@dataclass(frozen=True)
class Known:
    kpi: Kpi
    value: float | None
    rows: int
    previous: float | None
    chosen: Filter = WEEK


@dataclass(frozen=True)
class Row:
    name: str
    n: int
    previous: int


@pytest.fixture(autouse=True)
def _chinese():
    set_language("zh_CN")


def test_the_way_to_an_area_can_be_gone_back():
    way = trail([("", "全街道"), ("c4", "文昌社区"), ("c4g12", "文昌 12 网格")])
    assert texts(way).split() == ["全街道", "/", "文昌社区", "/", "文昌", "12", "网格"]
    assert [len(found(way, **{"data-set": f"area={code}"})) for code in ("", "c4", "c4g12")] == [2, 1, 0]
    assert found(way, **{"aria-current": "location"})[0]["children"] == "文昌 12 网格"


def test_the_whole_site_has_nowhere_to_go_back_to():
    assert not found(trail([("", "全街道")]), **{"data-set": "area="})


def test_the_summary_counts_compares_and_warns():
    drawn = summary(Known(KPIS["cases"], 32, 32, 23), Known(KPIS["overdue"], 1, 1, 0), "/a", "/b")
    assert texts(drawn) == "32 件 ↑39.1% 较上一个 7 日 超期 1"
    assert "is-late" in found(drawn, href="/b")[0]["className"]
    calm = summary(Known(KPIS["cases"], 0, 0, 0), Known(KPIS["overdue"], 0, 0, 0), "/a", "/b")
    assert "is-late" not in found(calm, href="/b")[0]["className"]


def test_bars_are_as_long_as_their_share_of_the_longest_and_the_rest_is_only_a_number():
    drawn = categories([(Row("占道堆物", 14, 7), "/a"), (Row("噪声扰民", 7, 7), "/b"), (Row("", 40, 41), "")])
    assert [bar["style"] for bar in found(drawn) if "bar-fill" in bar.get("className", "")] == [
        {"width": "100.0%"}, {"width": "50.0%"},
    ]  # fmt: skip
    assert [bar["style"] for bar in found(drawn, className="bar-tick")] == [{"left": "50.0%"}, {"left": "50.0%"}]
    assert texts(drawn).endswith("其他 40 ↓1")
    assert texts(categories([])) == "本时段无上报"


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("4290992026112400043", "1124-00043"),
        ("101001685666", "101001685666"),
        ("SR-2024-000000123", "…4-000000123"),
        ("7", "7"),
    ],
)
def test_a_case_number_is_cut_to_what_tells_cases_apart(text, short):
    assert short_number(text) == short


def test_the_newest_cases_say_what_how_far_and_how_long_and_how_many_there_are():
    row = {
        "id": 9, "external_id": "4290992026112400043", "title": "锦绣公寓", "category": "邻里纠纷", "status": "handling",
        "due_at": NOW - 1_320,
    }  # fmt: skip
    drawn = newest([row], 32, NOW, "/cases?figure=open")
    assert "1124-00043 邻里纠纷 处置中 超 22 分" in texts(drawn[0])
    assert texts(drawn[1]) == "第 1–1 件，共 32 件未结 打开列表"
    assert found(drawn[0], href="/cases/9")
    assert texts(newest([], 0, NOW, "/")[0]) == "没有未结案件"

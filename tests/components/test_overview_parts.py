"""The parts of the first page as trees: a card in each of its states, legend, filters, series, rail."""

from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import area, filters, kpi, legend, trend
from components.amounts import change
from components.datatimes import Age
from components.words import set_language
from domain.classes import count_breaks, rate_breaks
from domain.filters import Filter
from domain.measures import CARDS, KPIS, MAP_MEASURES
from domain.periods import Period, day_of
from tests.components.trees import found, texts, tree

ZONE = ZoneInfo("Asia/Shanghai")
NOON = 1_795_492_800  # 2026-11-24 12:00 in Shanghai
TODAY = day_of(date(2026, 11, 24))
WEEK = Period(TODAY - 6, TODAY)


@dataclass(frozen=True)
class Shown:
    kpi: object
    value: float | None
    rows: int
    previous: float | None
    chosen: Filter = field(default_factory=lambda: Filter(WEEK))


@dataclass(frozen=True)
class Point:
    period: Period
    value: float | None
    rows: int
    previous: float | None
    finished: bool = True


@pytest.fixture(autouse=True)
def _english():
    set_language("en")
    yield
    set_language("zh_CN")


def age(state: str, at: int | None = NOON - 60) -> Age:
    return Age(at, state, NOON, ZONE)


def look(state: str, at: int | None = NOON - 60, *, chosen: bool = False) -> kpi.CardLook:
    return kpi.CardLook(age(state, at), chosen, "/cases?figure=satisfaction", "11-18 to today")


def card(
    state: str = "live", value: float | None = 94.6, previous: float | None = 93.8, name: str = "satisfaction", **more
):
    return kpi.card(Shown(KPIS[name], value, 142 if value is not None else 0, previous), look(state, **more))


def body(drawn) -> dict:
    (node,) = found(drawn, className="kpi-body")
    return node["children"]


def span(text: str, look: str, **more: str) -> dict:
    return {"props": {"children": text, "className": look, **more}, "type": "Span", "namespace": "dash_html_components"}


def data_line(state: str, sign: str, text: str) -> dict:
    parts = [
        span(sign, "data-sign", **{"aria-hidden": "true"}),
        {"props": {"children": text}, "type": "Span", "namespace": "dash_html_components"},
    ]
    return {
        "props": {"children": parts, "className": f"data-line is-{state}"},
        "type": "Div",
        "namespace": "dash_html_components",
    }


def test_a_live_card_shows_its_figure_its_change_and_its_data_time():
    drawn = card()
    assert body(drawn) == [
        span("94.6", "kpi-value"),
        span("%", "kpi-unit is-sign"),
        span("↑0.8 points", "kpi-change is-good", title="better"),
    ]
    assert tree(drawn)["props"]["children"][-1] == data_line("live", "●", "Data 11:59:00 · live")
    assert tree(drawn)["props"]["className"] == "kpi-card is-live"
    assert (tree(drawn)["props"]["data-kpi"], tree(drawn)["props"]["aria-label"]) == ("satisfaction", "Satisfaction")


def test_a_stale_card_is_hollow_says_since_when_and_shows_no_change():
    drawn = card("stale", at=NOON - 390)
    assert body(drawn) == [
        span("94.6", "kpi-value"),
        span("%", "kpi-unit is-sign"),
        span("for 6 minutes", "kpi-note"),
    ]
    assert tree(drawn)["props"]["children"][-1] == data_line("stale", "○", "Data 11:53:30 · no updates")
    assert "is-stale" in tree(drawn)["props"]["className"]
    assert not found(drawn, title="better")


def test_a_card_whose_feed_is_down_shows_a_dash_and_the_last_value():
    drawn = card("down", at=NOON - 1_500)
    assert body(drawn) == [span("—", "kpi-value"), span("last 94.6%", "kpi-note")]
    assert tree(drawn)["props"]["children"][-1] == data_line("down", "✕", "Data 11:35:00 · disconnected 25 minutes")


def test_a_card_before_its_first_number_is_still_blocks():
    drawn = kpi.waiting_card("satisfaction", age("waiting", None))
    assert [node["props"]["className"] for node in body(drawn)] == ["kpi-block is-number", "kpi-block"]
    assert tree(drawn)["props"]["children"][-1] == data_line("waiting", "○", "Reading")
    assert body(card("waiting", at=None)) == body(drawn)


def test_a_card_with_nothing_to_divide_by_shows_a_dash_and_nought_of_nought():
    drawn = card(value=None, previous=None)
    assert body(drawn) == [span("—", "kpi-value"), span("nobody rated · 0 / 0", "kpi-note")]
    assert "is-empty" in tree(drawn)["props"]["className"]
    assert tree(drawn)["props"]["children"][-1] == data_line("live", "●", "Data 11:59:00 · live")


def test_a_card_that_failed_says_so_and_when_it_is_tried_again():
    drawn = kpi.error_card("satisfaction", age("live"), chosen=False)
    assert texts(body(drawn)[1]) == "This block failed; the others are not affected"
    assert body(drawn)[0]["props"]["className"] == "kpi-warning"
    assert tree(drawn)["props"]["children"][-1] == data_line("error", "■", "12:00:00 · again in 30 seconds")


def test_the_chosen_card_is_marked_for_eye_and_ear():
    drawn = card(chosen=True)
    assert "is-chosen" in tree(drawn)["props"]["className"]
    assert found(drawn, className="kpi-choose")[0]["aria-pressed"] == "true"
    assert found(card(), className="kpi-choose")[0]["aria-pressed"] == "false"
    assert found(drawn, **{"data-set": "measure=satisfaction"})


def test_a_definition_gives_numerator_denominator_comparison_and_the_list():
    drawn = card(value=93.75, previous=93.8)
    (sum_,) = found(drawn, className="definition-sum")
    assert texts({"props": sum_}) == "133.1  ÷  142  =  93.8%"
    assert "the 7 days before · 93.8%" in texts(drawn)
    assert found(drawn, className="definition-list")[0]["href"] == "/cases?figure=satisfaction"
    (count,) = found(card(name="reported", value=821, previous=773), className="definition-sum")
    assert texts({"props": count}) == "=  821 cases"


@pytest.mark.parametrize("name", CARDS)
@pytest.mark.parametrize("state", ["live", "stale", "down", "waiting"])
@pytest.mark.parametrize("value", [None, 0.0, 12.34])
def test_every_card_can_be_drawn_in_every_state(name, state, value):
    assert texts(card(state, value, value, name))


@pytest.mark.parametrize(
    ("name", "value", "previous", "text", "good"),
    [
        ("on_time_rate", 96.4, 95.3, "↑1.1 points", True),
        ("overdue", 4, 3, "↑1", False),
        ("overdue", 3, 4, "↓1", True),
        ("response", 0.31, 0.35, "↓0.04", True),
        ("reported", 821, 773, "↑6.2%", None),
        ("reported", 5, 0, "↑5", None),
        ("satisfaction", 94.61, 94.62, "unchanged", None),
    ],
)
def test_a_change_is_told_in_its_own_measure_and_only_good_or_bad_has_a_colour(name, value, previous, text, good):
    found_change = change(KPIS[name], value, previous)
    assert (found_change.text, found_change.good) == (text, good)


def test_no_change_is_told_where_one_of_two_values_is_missing():
    assert change(KPIS["response"], None, 1.0) is None
    assert change(KPIS["response"], 1.0, None) is None


def test_the_classes_of_counts_leave_no_gap():
    assert legend.class_texts((0, 3, 6, 10, 15, 21), KPIS["reported"]) == ["0–2", "3–5", "6–9", "10–14", "15–20", "≥21"]
    assert legend.class_texts((0, 1, 2), KPIS["reported"]) == ["0", "1", "≥2"]
    assert legend.class_texts((60, 75.5, 90), KPIS["satisfaction"]) == ["60.0–75.5", "75.5–90.0", "≥90.0"]
    assert legend.class_texts((), KPIS["reported"]) == []
    assert legend.class_texts((0,), KPIS["reported"]) == ["0"]


@given(st.lists(st.integers(0, 500), min_size=1, max_size=60))
def test_the_legend_has_one_text_for_each_class_of_any_map(values):
    for breaks, name in (
        (count_breaks(values), "reported"),
        (rate_breaks([float(v) for v in values], digits=1), "satisfaction"),
    ):
        drawn = tree(legend.choropleth(breaks, KPIS[name]))["props"]["children"]
        assert len(drawn) == len(breaks) + 1
        shades = [legend.shade(i, len(breaks)) for i in range(len(breaks))]
        assert shades == sorted(set(shades))
        assert all(1 <= shade <= 6 for shade in shades)


def test_the_legend_ends_with_the_unit_and_the_class_of_no_data():
    assert texts(legend.choropleth((0, 3, 6), KPIS["reported"])) == "0–2 3–5 ≥6 cases No feed"


def test_the_legend_of_heat_names_its_ends_and_keeps_a_place_for_the_radius():
    drawn = legend.heat()
    assert texts(drawn) == "thin dense"
    assert found(drawn, id="overview-radius")[0]["data-words"] == "radius {n} m"


def test_what_is_off_the_map_is_said_by_reason_each_with_its_list():
    counts = {"no_place": 5, "outside": 0, "pin": 1_200}
    drawn = legend.off_map(counts, {"no_place": "/a", "outside": "/b", "pin": "/c", "": "/all"})
    assert texts(drawn) == "1,205 cases without a place, not on the map No place 5 Default pin 1,200"
    assert [node["href"] for node in found(drawn) if "href" in node] == ["/all", "/a", "/c"]
    assert legend.off_map(dict.fromkeys(counts, 0), {}) is None


OPTIONS = filters.Options(
    (("7d", "Last 7 days"), ("30d", "Last 30 days")),
    ({"group": "A", "items": [{"value": "A1", "label": "A1"}]},),
    ("Litter",),
    ("hall",),
)


def test_the_bar_has_a_pill_a_control_and_a_reset_for_every_filter():
    bar = filters.bar(OPTIONS, "30d")
    for name in ("period", "area", "kind", "category", "source"):
        assert found(bar, id=f"overview-{name}-pill")[0]["aria-haspopup"] == "dialog"
        assert found(bar, id=f"overview-{name}-text")
        assert found(bar, id=f"overview-{name}")
    assert found(bar, id="overview-period")[0]["value"] == "30d"
    assert found(bar, **{"data-set": "period=&area=&kind=&category=&source="})
    assert len(found(bar, role="dialog")) == 5


@pytest.mark.parametrize(
    ("names", "text"), [((), "All"), (("Litter",), "Litter"), (("Litter", "Noise", "Lamp"), "Litter and 2 more")]
)
def test_a_pill_says_what_is_chosen(names, text):
    assert filters.chosen_text(names) == text


def test_a_pill_says_kinds_in_words():
    assert filters.kind_text(("hazard",)) == "Hazard"


DAYS = [
    Point(Period(TODAY - 2 + i, TODAY - 2 + i), value, 10, 5.0, finished=i < 2)
    for i, value in enumerate((4.0, 0.0, 7.0))
]


def test_a_series_has_a_bar_and_a_list_a_point_and_the_unfinished_one_is_hollow():
    drawn = trend.chart(KPIS["reported"], DAYS, ["/1", "/2", "/3"], TODAY)
    (bars,) = drawn["data"]
    assert (bars["y"], bars["customdata"]) == ([4.0, 0.0, 7.0], ["/1", "/2", "/3"])
    assert bars["marker"]["opacity"] == [1, 1, 0]
    kinds = [shape["type"] for shape in drawn["layout"]["shapes"]]
    assert (kinds.count("line"), kinds.count("rect")) == (3, 1)
    assert drawn["layout"]["xaxis"]["ticktext"] == ["11-22", "11-23", "today"]
    assert drawn["layout"]["yaxis"]["range"][0] == 0
    assert "not finished" in bars["hovertext"][2]
    assert "of 10 cases" not in bars["hovertext"][0]
    assert "of 10 cases" in trend.chart(KPIS["satisfaction"], DAYS, [""] * 3, TODAY)["data"][0]["hovertext"][0]


def test_a_long_series_labels_only_its_highest_and_its_last_point():
    points = [Point(Period(TODAY - 89 + i, TODAY - 89 + i), float(i % 31), 1, None) for i in range(90)]
    notes = trend.chart(KPIS["reported"], points, [""] * 90, TODAY)["layout"]["annotations"]
    assert [note["x"] for note in notes] == [30, 89]


def test_a_series_is_told_in_words():
    assert trend.told(KPIS["reported"], DAYS) == "Problems reported by day: 11-22 4, 11-23 0, 11-24 7"
    assert trend.title(KPIS["reported"], [Point(Period(1, 7), 1, 1, 1)]) == "Problems reported by week"
    assert trend.title(KPIS["reported"], [Point(Period(1, 31), 1, 1, 1)]) == "Problems reported by month"


def test_a_series_without_any_value_can_be_drawn():
    points = [Point(Period(TODAY, TODAY), None, 0, None, finished=False)]
    assert trend.chart(KPIS["satisfaction"], points, [""], TODAY)["layout"]["annotations"] == []


def test_the_way_to_an_area_can_be_gone_back():
    drawn = area.trail([("", "Whole street"), ("C1", "Willow"), ("C1-3", "Grid 3")])
    assert [node["data-set"] for node in found(drawn, className="trail-step")] == ["area=", "area=C1"]
    assert found(drawn, className="trail-here")[0]["children"] == "Grid 3"
    assert found(drawn, className="trail-close")[0]["data-set"] == "area="
    assert not found(area.trail([("", "Whole street")]), className="trail-close")


def test_a_rail_counts_and_says_what_is_late():
    cases, late = Shown(KPIS["cases"], 32, 32, 23), Shown(KPIS["overdue"], 1, 1, 0)
    drawn = area.summary(cases, late, "/cases", "/cases?figure=overdue")
    assert texts(drawn) == "32 cases ↑39.1% against the 7 days before Overdue 1"
    assert found(drawn, href="/cases?figure=overdue")[0]["className"] == "area-late is-late"
    calm = area.summary(cases, Shown(KPIS["overdue"], 0, 0, 0), "/cases", "/x")
    assert found(calm, href="/x")[0]["className"] == "area-late"


@dataclass(frozen=True)
class Row:
    name: str
    n: int
    previous: int


def test_bars_of_categories_start_at_zero_and_the_rest_is_a_number_alone():
    drawn = area.categories([(Row("Litter", 14, 10), "/1"), (Row("Noise", 7, 14), "/2"), (Row("", 99, 1), "")])
    assert [node["style"]["width"] for node in found(drawn) if "bar-fill" in str(node.get("className"))] == [
        "100.0%",
        "50.0%",
    ]
    assert texts(drawn) == "Litter 14 ↑4 Noise 7 ↓7 Others 99 ↑98"
    assert texts(area.categories([])) == "Nothing was reported in this period"


def test_a_newest_case_that_has_ended_since_says_so():
    usual = {"id": 7, "external_id": "4290992026112400117", "title": None, "category": "Litter", "due_at": NOON + 3_600}
    rows = [{**usual, "status": "handling"}, {**usual, "status": "closed"}]
    table, foot = area.newest(rows, 21_174, NOON, "/cases?figure=open")
    assert texts(table).count("1124-00117") == 2
    assert "In progress" in texts(table)
    assert "Ended since" in texts(table)
    assert texts(foot) == "1 to 2 of 21,174 open cases Open the list"
    nothing, foot = area.newest([], 0, NOON, "/x")
    assert texts(nothing) == "No open case here"
    assert found(foot, href="/x")


@pytest.mark.parametrize(
    ("text", "short"),
    [("4290992026112400117", "1124-00117"), ("101001685479", "101001685479"), ("X" * 20, "…" + "X" * 11)],
)
def test_a_case_number_fits_its_column(text, short):
    assert area.short_number(text) == short


def test_every_measure_of_the_map_is_a_key_figure():
    assert set(MAP_MEASURES) <= set(KPIS)

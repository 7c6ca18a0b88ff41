"""The outcome page in digits: as the paper prints them, with intervals, n, and the list behind each number."""

import csv
import io
from types import SimpleNamespace
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.datatimes import Age
from components.outcome_card import outcome_card
from components.outcome_charts import axis_top, outcome_chart
from components.outcome_csv import outcome_csv
from components.outcome_definitions import outcome_definitions
from components.outcome_head import outcome_head
from components.outcome_table import outcome_table
from components.outcome_words import change_text, change_tone, interval_text, month_text, side_text
from components.words import set_language
from domain.measures import KPIS
from tests.components.trees import found, texts

MONTHS = ("2022-08", "2022-09", "2022-10", "2022-11", "2022-12", "2023-01")
LAUNCH = "2022-11"
VALUES = {
    "reported": (22, 28, 26, 39, 45, 58), "hazards": (35, 39, 42, 52, 57, 49),
    "response": (3, 5, 4.5, 0.5, 28_500 / 86_400, 0.25),
    "satisfaction": (67, 1850 / 27, 1670 / 23, 3480 / 39, 4100 / 44, 4540 / 48),
    "online_rate": (None, None, None, 100.0, 97.8, 100.0),
}  # fmt: skip
N = {
    "response": (22, 28, 26, 39, 45, 58),
    "satisfaction": (20, 27, 23, 39, 44, 48),
    "online_rate": (0, 0, 0, 39, 45, 58),
}
SIDES = {
    "reported": (76, 142),
    "hazards": (116, 158),
    "response": (12.5 / 3, 0.359954),
    "satisfaction": (69.3757, 92.332),
    "online_rate": (None, 99.2958),
}


@pytest.fixture(autouse=True)
def _english():
    set_language("en")
    yield
    set_language("zh_CN")


def shown(name, values=None, sides=None, monthly=None):
    values, sides = values or VALUES[name], sides or SIDES[name]
    rows = N.get(name, values)
    kpi = KPIS[name]
    cells = tuple(SimpleNamespace(month=m, value=v, rows=n) for m, v, n in zip(MONTHS, values, rows, strict=True))
    interval = SimpleNamespace(low=1.25, high=2.5)
    before, after = (
        SimpleNamespace(value=v, rows=sum(rows[part]), interval=interval, months=MONTHS[part])
        for v, part in zip(sides, (slice(3), slice(3, 6)), strict=True)
    )
    old, new = sides
    change = None if old is None or not old else new - old if kpi.unit == "percent" else 100 * (new - old) / old
    return SimpleNamespace(
        kpi=kpi, cells=cells, before=before, after=after, change=change,
        monthly=kpi.denominator is not None if monthly is None else monthly,
    )  # fmt: skip


FIGURES = ("reported", "hazards", "response", "satisfaction", "online_rate")


def address(figure, months):
    return f"/cases?figure={figure}&period={months[0]}..{months[-1]}"


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("reported", "22 28 26 39 45 58"),
        ("hazards", "35 39 42 52 57 49"),
        ("response", "3 5 4.5 0.5 0.33 0.25"),
        ("satisfaction", "67 68.5 72.6 89.2 93.2 94.6"),
    ],
)
def test_months_are_printed_as_in_the_paper(name, printed):
    figure = shown(name)
    assert " ".join(month_text(figure, cell.value) for cell in figure.cells) == printed


@pytest.mark.parametrize(
    ("name", "sides", "change", "tone"),
    [
        ("reported", "76 142", "↑86.8%", "neutral"),
        ("hazards", "116 158", "↑36.2%", "neutral"),
        ("response", "4.17 0.36", "↓91.4%", "good"),
        ("satisfaction", "69.4 92.3", "↑23.0 points", "good"),
        ("online_rate", "— 99.3", "", "neutral"),
    ],
)
def test_sides_and_change_are_those_of_the_paper(name, sides, change, tone):
    figure = shown(name)
    assert f"{side_text(figure, figure.before)} {side_text(figure, figure.after)}" == sides
    assert (change_text(figure), change_tone(figure)) == (change, tone)


def test_the_table_says_the_mean_of_months_to_two_digits():
    figure = shown("satisfaction")
    assert side_text(figure, figure.after, table=True) == "92.33"


def test_means_of_counts_have_one_digit_and_a_worse_rate_is_bad():
    assert side_text(shown("reported", sides=(25.333, 47.3), monthly=True), SimpleNamespace(value=25.333)) == "25.3"
    assert change_tone(shown("satisfaction", sides=(92.0, 80.0))) == "bad"
    assert interval_text(shown("response"), SimpleNamespace(interval=None)) == "—"


@given(st.lists(st.one_of(st.none(), st.floats(0, 10**7)), max_size=8))
def test_an_axis_of_counts_ends_at_an_even_number_above_all(values):
    top = axis_top(values, percent=False, whole=True)
    assert top > max((v for v in values if v is not None), default=0)
    assert top % 2 == 0


@given(st.lists(st.floats(0, 100), min_size=1, max_size=8))
def test_an_axis_of_rates_never_ends_below_a_value(values):
    assert axis_top(values, percent=True, whole=False) >= max(values)
    assert axis_top([60.0], percent=True, whole=False) == 100


def test_bars_start_at_zero_and_the_launch_stands_between_its_months():
    drawn = outcome_chart(shown("reported"), LAUNCH)
    after, before = drawn["data"]
    assert (before["x"], before["y"]) == ([0, 1, 2], [22, 28, 26])
    assert (after["x"], after["y"]) == ([3, 4, 5], [39, 45, 58])
    assert {after["type"], before["type"]} == {"bar"}
    assert drawn["layout"]["shapes"][0]["x0"] == drawn["layout"]["shapes"][0]["x1"] == 2.5
    assert drawn["layout"]["yaxis"]["tickvals"] == [0, 35, 70]
    assert len(drawn["layout"]["yaxis"]["tickvals"]) <= 4


def test_a_rate_is_a_line_that_breaks_at_the_launch_with_n_at_each_month():
    drawn = outcome_chart(shown("satisfaction"), LAUNCH)
    assert [trace["type"] for trace in drawn["data"]] == ["scatter", "scatter"]
    assert set(drawn["data"][0]["x"]) & set(drawn["data"][1]["x"]) == set()
    assert drawn["layout"]["xaxis"]["ticktext"] == [
        "22-08<br>n 20",
        "22-09<br>n 27",
        "22-10<br>n 23",
        "22-11<br>n 39",
        "22-12<br>n 44",
        "23-01<br>n 48",
    ]


def test_a_card_has_both_sides_their_change_their_intervals_and_their_lists():
    drawn = outcome_card(shown("response"), LAUNCH, address)
    assert texts(drawn).startswith("Mean response days, mean of months 4.17 → 0.36 ↓91.4%")
    assert "95 % interval 1.25–2.50 → 1.25–2.50 · n 76 → 142" in texts(drawn)
    assert found(drawn, href="/cases?figure=response&period=2022-08..2022-10")
    assert found(drawn, href="/cases?figure=response&period=2022-11..2023-01")


def test_a_figure_without_a_denominator_is_a_dash_and_no_chart():
    drawn = outcome_card(shown("satisfaction", values=(None,) * 6, sides=(None, None)), LAUNCH, address)
    assert "— → —" in texts(drawn)
    assert "Nobody rated in these months  · 0 / 0" in texts(drawn)
    assert not found(drawn, className="gh-chart")


def test_every_number_of_the_table_leads_to_its_list():
    drawn = outcome_table([shown(name) for name in FIGURES], (2.0, None, 1.5, 0.4, 0.3, 0.15), LAUNCH, address)
    (row,) = found(drawn, **{"data-figure": "satisfaction"})
    assert texts(row["children"]) == "Satisfaction (%) 67 68.5 72.6 89.2 93.2 94.6 69.38 92.33 ↑23.0 points"
    (n,) = found(drawn, **{"data-figure": "satisfaction-n"})
    assert texts(n["children"]) == "Valid ratings (cases) 20 27 23 39 44 48 70 131 "
    (median,) = found(drawn, **{"data-figure": "response-median"})
    assert texts(median["children"]).startswith("Median (days) 2 — 1.5 0.4 0.3 0.15")
    for name in FIGURES[:4]:
        for month in MONTHS:
            assert found(drawn, href=address(name, (month,)))
    assert not found(drawn, href=address("online_rate", ("2022-08",)))


def test_the_file_has_the_values_unrounded_and_the_sides_with_their_intervals():
    text = unquote(outcome_csv([shown(name) for name in FIGURES], (2.0, None, 1.5, 0.4, 0.3, 0.15)).partition(",")[2])
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert rows[0][2:8] == list(MONTHS)
    assert rows[1] == [
        "Problems reported",
        "cases",
        "22",
        "28",
        "26",
        "39",
        "45",
        "58",
        "76",
        "1–2",
        "142",
        "1–2",
        "↑86.8%",
    ]
    response = next(row for row in rows if row[0] == "Mean response")
    assert float(response[6]) == pytest.approx(28_500 / 86_400)
    assert next(row for row in rows if row[0].startswith("Median"))[2:4] == ["2", ""]


def test_definitions_say_what_the_numbers_cannot():
    figures = [shown(name) for name in FIGURES]
    drawn = outcome_definitions(
        figures, (None,) * 5 + (0.15,), {"response": 0.344, "satisfaction": 92.52}, address, folded=True
    )
    told = texts(drawn)
    assert "Median 0.15 days (2023-01)" in told
    assert "92.33 is the mean of months; over all ratings 92.52" in told
    assert "141 ÷ 142 = 99.3%" in told
    assert "Show 218 cases" in told
    waiting = texts(
        outcome_definitions(figures, (None,) * 6, {"response": None, "satisfaction": None}, address, folded=False)
    )
    assert "Medians and intervals follow within a minute" in waiting


@pytest.mark.parametrize(
    ("before", "given", "told"),
    [
        (3, True, "Area A, 2022-08 to 2023-01, 3 months each"),
        (2, True, "Area A, 2022-08 to 2023-01, 2 months before, 4 after"),
        (3, False, "3 months each; no launch was chosen, so the months are halved at 2022-11"),
    ],
)
def test_the_head_says_what_is_compared(before, given, told):
    asked = SimpleNamespace(
        months=MONTHS, before=MONTHS[:before], after=MONTHS[before:], launch=LAUNCH, launch_given=given
    )
    drawn = outcome_head(asked, "Area A", menus=[], file="data:,", age=Age(1, "live", 1, ZoneInfo("UTC")))
    assert told in texts(drawn)

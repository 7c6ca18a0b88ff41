"""What the colours mean."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.legend import choropleth, class_texts, heat, off_map, shade
from components.words import set_language
from domain.classes import count_breaks
from domain.measures import KPIS
from tests.components.trees import found, texts


@pytest.fixture(autouse=True)
def _chinese():
    set_language("zh_CN")


def test_counts_are_told_as_ranges_without_gap_or_overlap():
    assert class_texts((0, 3, 6, 10, 15, 21), KPIS["reported"]) == ["0–2", "3–5", "6–9", "10–14", "15–20", "≥21"]
    assert class_texts((0, 1, 2), KPIS["reported"]) == ["0", "1", "≥2"]


def test_rates_are_told_with_their_digits():
    assert class_texts((80.0, 85.5), KPIS["satisfaction"]) == ["80.0–85.5", "≥85.5"]


@given(st.lists(st.integers(0, 500), min_size=1, max_size=60))
def test_every_count_is_in_the_range_of_its_class(values):
    breaks = count_breaks(values)
    ranges = class_texts(breaks, KPIS["reported"])
    for value in values:
        text = ranges[max(i for i, low in enumerate(breaks) if low <= value)].replace(",", "")
        low, high = [int(n) for n in re.findall(r"\d+", text)][:2] if "–" in text else [int(text.strip("≥"))] * 2
        assert low <= value and (value <= high or text.startswith("≥"))


@given(st.integers(1, 6))
def test_few_classes_use_the_whole_ramp(classes):
    steps = [shade(i, classes) for i in range(classes)]
    assert steps == sorted(set(steps))
    assert steps[0] == 1
    assert steps[-1] == (6 if classes > 1 else 1)


def test_the_browser_shades_by_the_same_rule():
    script = (Path(__file__).parents[2] / "assets" / "map.js").read_text(encoding="utf-8")
    assert "1 + (classes > 1 ? Math.round((index * 5) / (classes - 1)) : 0)" in script
    # Python rounds halves to even, the browser up: none of the halves that can occur may differ.
    assert all(shade(i, n) == 1 + int(i * 5 / (n - 1) + 0.5) for n in range(2, 7) for i in range(n))


def test_the_legend_ends_with_its_unit_and_the_class_of_no_data():
    assert texts(choropleth((0, 3), KPIS["reported"])) == "0–2 ≥3 件 未接入"


def test_the_heat_goes_from_thin_to_dense_in_the_same_ramp():
    drawn = heat()
    assert texts(drawn).startswith("疏 密")
    assert all(found(drawn, className=f"ramp-{i}") for i in range(1, 7))


def test_what_is_off_the_map_is_said_with_its_reasons_and_lists():
    counts = {"no_place": 5, "outside": 0, "pin": 17_064}
    drawn = off_map(counts, {"": "/all", "no_place": "/a", "outside": "/b", "pin": "/c"})
    assert texts(drawn) == "无位置 17,069 件，未上图 无坐标 5 默认点 17,064"
    assert [bool(found(drawn, href=h)) for h in ("/all", "/a", "/b", "/c")] == [True, True, False, True]
    assert off_map(dict.fromkeys(counts, 0), {}) is None

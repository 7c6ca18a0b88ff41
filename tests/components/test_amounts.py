"""Numbers, units and changes as they are printed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.amounts import change, number, with_unit
from components.words import set_language
from domain.measures import KPIS


@pytest.fixture(autouse=True)
def _chinese():
    set_language("zh_CN")


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("on_time_rate", 96.44, "96.4%"),
        ("overdue", 1_234, "1,234 件"),
        ("response", 0.312, "0.31 天"),
        ("satisfaction", None, "—"),
    ],
)
def test_a_figure_is_printed_with_its_digits_and_its_unit(name, value, text):
    assert with_unit(KPIS[name], value) == text


@pytest.mark.parametrize(
    ("name", "value", "previous", "text", "good"),
    [
        ("on_time_rate", 96.4, 95.3, "↑1.1 点", True),
        ("satisfaction", 92.0, 92.5, "↓0.5 点", False),
        ("overdue", 4, 3, "↑1", False),
        ("response", 0.31, 0.35, "↓0.04", True),
        ("reported", 821, 773, "↑6.2%", None),
        ("reported", 12, 0, "↑12", None),
        ("hazards", 0, 12, "↓100.0%", None),
        ("overdue", 4, 4, "持平", None),
        ("response", 0.3112, 0.3119, "持平", None),
    ],
)
def test_a_change_has_the_arrow_of_its_direction_and_the_tone_of_its_meaning(name, value, previous, text, good):
    found = change(KPIS[name], value, previous)
    assert found is not None
    assert (found.text, found.good) == (text, good)


def test_nothing_to_compare_with_is_no_change():
    assert change(KPIS["satisfaction"], None, 90.0) is None
    assert change(KPIS["satisfaction"], 90.0, None) is None


@given(st.sampled_from(sorted(KPIS)), st.integers(0, 10_000), st.integers(0, 10_000))
def test_more_is_never_called_good_and_bad_at_once(name, value, previous):
    there, back = change(KPIS[name], value, previous), change(KPIS[name], previous, value)
    assert there is not None
    assert back is not None
    assert there.direction == -back.direction
    if there.good is not None:
        assert there.good is not back.good


@given(st.integers(-(10**12), 10**12))
def test_thousands_are_parted_by_commas_and_nothing_else(value):
    assert int(number(value).replace(",", "")) == value

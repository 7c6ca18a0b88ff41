"""Class breaks rise, begin low enough and say something."""

import math
from itertools import pairwise

import hypothesis.strategies as st
import pytest
from hypothesis import given

from domain.classes import CLASSES, count_breaks, rate_breaks

counts = st.lists(st.integers(0, 100_000), min_size=1, max_size=60)
rates = st.lists(st.floats(-1e6, 1e6), max_size=60)


@given(counts)
def test_breaks_of_counts_rise_from_zero_in_whole_numbers(values):
    breaks = count_breaks(values)
    assert breaks[0] == 0
    assert all(a < b for a, b in pairwise(breaks))
    assert all(isinstance(each, int) for each in breaks)
    assert len(breaks) <= CLASSES


@given(st.lists(st.integers(6, 100_000), min_size=1, max_size=60))
def test_enough_to_tell_apart_gives_six_classes(values):
    assert len(count_breaks(values)) == CLASSES


@given(st.integers(0, 5))
def test_few_cases_give_a_class_each(top):
    assert count_breaks([0, top]) == tuple(range(top + 1))


def test_no_area_gives_one_class():
    assert count_breaks([]) == (0,)


@given(st.lists(st.integers(0, 100_000), min_size=1, max_size=60))
def test_no_class_lies_wholly_above_the_greatest_count(values):
    assert count_breaks(values)[-1] <= max(*values, 0)


@given(rates, st.integers(0, 3))
def test_breaks_of_rates_rise_and_the_first_class_holds_the_least(values, digits):
    breaks = rate_breaks(values, digits=digits)
    assert all(a < b for a, b in pairwise(breaks))
    assert len(breaks) <= CLASSES
    if values:
        assert breaks[0] <= min(values)
        assert breaks[-1] <= max(values) + 10**-digits


@pytest.mark.parametrize("values", [[], [math.nan], [None, math.inf]])
def test_rates_that_nobody_knows_give_one_class(values):
    assert rate_breaks(values, digits=1) == (0.0,)


@given(st.integers(0, 100))
def test_equal_rates_give_one_class(value):
    assert rate_breaks([float(value)] * 3, digits=1) == (float(value),)

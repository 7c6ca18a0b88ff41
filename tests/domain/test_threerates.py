"""The three rates by hand."""

import pytest

from domain import measures
from domain.measures import KPIS, weigh
from domain.threerates import Answers, three_rates


def test_the_rates_are_those_of_the_formula():
    """200 closed, 100 visited: 96 contacted, 88 solved; 60 satisfied and 20 basically among 90 rated."""
    answers = Answers(200, 100, 96, 100, 88, 90, 60, 20)
    response, solved, satisfied = three_rates(answers)
    assert (response.value, solved.value) == (96, 88)
    assert satisfied.value == pytest.approx(100 * (60 + 0.9 * 20) / 90)
    assert [(rate.n, rate.whole, rate.coverage) for rate in (response, satisfied)] == [(100, 200, 50), (90, 200, 45)]


@pytest.mark.parametrize(("weight", "value"), [(0, 50), (0.5, 75), (1, 100)])
def test_the_weight_is_a_setting(weight, value):
    assert three_rates(Answers(closed=2, rated=2, satisfied=1, basically=1), weight)[2].value == value


def test_surveys_without_a_case_count_in_the_rate_and_not_in_the_coverage():
    satisfied = three_rates(Answers(closed=10, rated=8, satisfied=8, surveys=3))[2]
    assert (satisfied.value, satisfied.n, satisfied.whole, satisfied.surveys) == (100, 5, 10, 3)


def test_without_an_answer_there_is_no_rate():
    assert [(rate.value, rate.coverage) for rate in three_rates(Answers())] == [(None, None)] * 3


def test_the_satisfaction_figure_weighs_as_its_place_says():
    totals = {"satisfied": 1, "basically": 1, "rated": 2}
    usual = KPIS["satisfaction"].value(totals)
    try:
        weigh(0.5)
        assert (usual, KPIS["satisfaction"].value(totals)) == (95, 75)
        assert KPIS["satisfaction"].given == {"weight": "0.5"}
    finally:
        weigh(measures.SATISFACTION_WEIGHT_BASICALLY)

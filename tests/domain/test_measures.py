"""Every key figure against its formula, worked out by hand over counted totals."""

from fractions import Fraction

import hypothesis.strategies as st
import pytest
from hypothesis import given

from domain.contributions import MEASURES
from domain.measures import CARDS, KPIS, MAP_MEASURES
from store.listings import LISTINGS

totals = st.fixed_dictionaries({name: st.integers(0, 10**6) for name in MEASURES})


def ratio(top: float, bottom: int) -> float | None:
    return None if bottom == 0 else top / bottom


FORMULAS = {  # name → (value, rows behind it), from the handbook's outcome table and the outcome of counts.md
    "on_time_rate": lambda t: (ratio(100 * t["on_time"], t["on_time"] + t["overdue_in"]), t["on_time"] + t["overdue_in"]),
    "overdue": lambda t: (t["overdue_in"] - t["overdue_out"],) * 2,
    "response": lambda t: (ratio(t["response_seconds"] / 86_400, t["responded"]), t["responded"]),
    "satisfaction": lambda t: (ratio(float(100 * (t["satisfied"] + Fraction(9, 10) * t["basically"])), t["rated"]), t["rated"]),
    "reported": lambda t: (t["reported"],) * 2,
    "hazards": lambda t: (t["reported"],) * 2,
    "cases": lambda t: (t["reported"],) * 2,
    "open": lambda t: (t["reported"] - t["ended"],) * 2,
    "closed": lambda t: (t["closed"],) * 2,
    "online_rate": lambda t: (ratio(100 * t["online"], t["online_known"]), t["online_known"]),
}  # fmt: skip


def test_every_figure_has_a_formula_here():
    assert set(KPIS) == set(FORMULAS)


@pytest.mark.parametrize("name", KPIS)
@given(given_totals=totals)
def test_a_figure_is_its_formula_and_its_rows_are_those_counted(name, given_totals):
    value, rows = FORMULAS[name](given_totals)
    found = KPIS[name].value(given_totals)
    assert found == (None if value is None else pytest.approx(value, rel=1e-12))
    assert KPIS[name].rows(given_totals) == rows


@pytest.mark.parametrize("name", KPIS)
def test_a_figure_needs_only_measures_that_are_counted(name):
    kpi = KPIS[name]
    assert set(kpi.measures) <= set(MEASURES) and len(set(kpi.measures)) == len(kpi.measures)
    assert set(kpi.counted) <= set(kpi.measures)


@pytest.mark.parametrize("name", KPIS)
def test_a_figure_is_defined_in_words_and_opens_a_list(name):
    kpi = KPIS[name]
    assert kpi.name == name and kpi.label and kpi.formula and kpi.scope and kpi.excluded
    assert kpi.listing in LISTINGS
    assert kpi.better in {None, "up", "down"}
    assert kpi.unit in {"percent", "cases", "days"}


@pytest.mark.parametrize("name", [*CARDS, *MAP_MEASURES])
def test_cards_and_map_show_defined_figures(name):
    assert name in KPIS


# domain handbook, section 3: (satisfied, basically, rated) of six months and what the paper prints
PAPER = [((8, 6, 20), 67.0), ((14, 5, 27), 68.5), ((14, 3, 23), 72.6), ((33, 2, 39), 89.2), ((41, 0, 44), 93.2), ((40, 6, 48), 94.6)]  # fmt: skip


@pytest.mark.parametrize(("seeds", "printed"), PAPER)
def test_satisfaction_is_what_the_paper_prints(seeds, printed):
    satisfied, basically, rated = seeds
    value = KPIS["satisfaction"].value({"satisfied": satisfied, "basically": basically, "rated": rated})
    assert round(value, 1) == printed


def test_the_mean_response_of_december_is_a_third_of_a_day():
    value = KPIS["response"].value({"response_seconds": 28_500 * 45, "responded": 45})
    assert round(value, 2) == 0.33

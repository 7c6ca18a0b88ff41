"""The line of the three rates: never a rate without its n of N, and a dash where nobody was asked."""

import pytest

from components.three_rates import three_rates_line
from components.words import set_language
from domain.threerates import Answers, three_rates
from tests.components.trees import found, texts


@pytest.fixture(autouse=True)
def english():
    set_language("en")
    yield
    set_language("zh_CN")


def test_each_rate_stands_beside_the_cases_it_knows():
    before = three_rates(Answers(closed=1_000, rated=500, satisfied=250, basically=100))
    after = three_rates(
        Answers(
            closed=2_000,
            asked_contact=100,
            contacted=96,
            asked_solved=90,
            resolved=81,
            rated=903,
            satisfied=903,
            surveys=3,
        )
    )
    drawn = three_rates_line(before, after, 0.9)
    assert "— → 96.0% n 0/1,000 → 100/2,000" in texts(drawn)
    assert "— → 90.0% n 0/1,000 → 90/2,000" in texts(drawn)
    assert "68.0% → 100.0% n 500/1,000 → 900/2,000 and 3 surveys without a case" in texts(drawn)
    assert any("0.9 ×" in str(node.get("title")) for node in found(drawn))


def test_where_nobody_was_asked_it_says_so():
    nothing = three_rates(Answers(closed=5))
    told = texts(three_rates_line(nothing, nothing, 0.9))
    assert told.count("n 0/5 → 0/5") == 3
    assert told.count("no return visits") == 2 and "nobody rated" in told

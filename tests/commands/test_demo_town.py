"""The demo town through the command line: the paper's table, to the printed digit (domain handbook, section 3)."""

from typing import Any

import pytest

from tests.commands.program import Program

PAPER = {
    "reported": (22, 28, 26, 39, 45, 58),
    "hazards": (35, 39, 42, 52, 57, 49),
    "response_days_mean": (3, 5, 4.5, 0.5, 0.33, 0.25),
    "satisfaction": (67, 68.5, 72.6, 89.2, 93.2, 94.6),
}
MONTHS = ("2022-08", "2022-09", "2022-10", "2022-11", "2022-12", "2023-01")


@pytest.fixture(scope="module")
def table(demo: Program) -> list[dict[str, Any]]:
    return demo.told("kpi", "--months", "2022-08..2023-01", "--area", "429099001001", "--json")


@pytest.mark.parametrize("figure", PAPER)
def test_the_six_months_are_those_of_the_paper(table, figure):
    digits = {"response_days_mean": 2, "satisfaction": 1}.get(figure, 0)
    assert [row["month"] for row in table] == [*MONTHS, "total"]
    assert tuple(round(row[figure], digits) for row in table[:-1]) == PAPER[figure]


def test_the_three_months_after_the_launch_are_those_of_the_paper(demo):
    *_, total = demo.told("kpi", "--months", "2022-11..2023-01", "--area", "429099001001", "--json")
    assert total["reported"] == 142
    assert round(total["satisfaction"], 2) == 92.33
    assert round(total["online_rate"], 1) == 99.3  # 141 of 142; the paper prints 99
    assert total["satisfaction"] != pytest.approx(92.33, abs=1e-9)  # unrounded


def test_counts_verify_holds_for_the_demo_town(demo):
    ran = demo.run("counts", "verify")
    assert (ran.code, ran.out) == (0, "counts: verified\n")

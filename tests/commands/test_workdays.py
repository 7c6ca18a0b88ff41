"""The calendar at a terminal: what is set is listed, what is wrong is one clear line."""

import pytest

from tests.commands.program import clear_line
from tests.commands.smalltown import SmallTown


@pytest.fixture
def town(tmp_path) -> SmallTown:
    return SmallTown(tmp_path).write()


def test_days_are_set_listed_given_back_and_a_year_is_confirmed(town, run):
    done = run(town.program, "workdays", "set", "2027-02-05..2027-02-09", "off", "--note", "国办发明电")
    assert (done.code, [line["day"] for line in done.lines]) == (0, ["2027-02-05", "2027-02-08", "2027-02-09"])
    listed = run(town.program, "workdays", "list").lines
    assert listed[0] == {"day": "2027-02-05", "state": "off", "note": "国办发明电", "by": "terminal"}
    assert len(listed) == 3
    given_back = run(town.program, "workdays", "unset", "2027-02-08", "--note", "a mistake")
    assert given_back.lines == [{"day": "2027-02-08", "state": "work"}]
    assert run(town.program, "workdays", "confirm", "2027").lines == [{"year": 2027, "confirmed": True}]
    assert run(town.program, "workdays", "confirm", "2027").lines == [{"year": 2027, "confirmed": False}]
    assert [row["by"] for row in town.rows("SELECT by FROM workday_changes")] == ["terminal"] * 5


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("set", "2027-02-30", "off", "--note", "x"), "not a day of the calendar"),
        (("set", "2027-02-09..2027-02-05", "off", "--note", "x"), "after the last"),
        (("set", "2027-02-05", "off"), "Say why"),
        (("set", "2000-01-01..2026-01-01", "off", "--note", "x"), "366 days"),
        (("confirm", "1900"), "from 2000 to 2100"),
    ],
)
def test_what_is_wrong_is_one_clear_line_and_changes_nothing(town, run, words, said):
    assert said in clear_line(run(town.program, "workdays", *words))
    assert town.rows("SELECT * FROM workday_changes") == []

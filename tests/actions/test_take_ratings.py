"""Taking ratings: the last valid one of a case counts, whichever of the two came first."""

import pytest

from tests.factories import NOW

CLOSED = {"status": "closed", "reported_at": NOW - 900, "closed_at": NOW - 100}
LEVEL = "SELECT external_id, level, rated_at FROM cases ORDER BY external_id"
NOWHERE = {"longitude": None, "latitude": None}


def test_a_rating_finds_its_case(town):
    town.take(CLOSED)
    assert town.rate({"level": "basically"}) == (1, 0, 0)
    assert town.rows(LEVEL) == [("1", 1, NOW)]


def test_a_rating_that_comes_before_its_case_waits_for_it(town):
    assert town.rate({"level": "dissatisfied", "rated_at": NOW - 5}) == (1, 0, 0)
    assert town.rows("SELECT case_id FROM ratings") == [(None,)]
    town.take(CLOSED)
    assert town.rows(LEVEL) == [("1", 2, NOW - 5)]
    assert town.rows("SELECT case_id FROM ratings") == town.rows("SELECT id FROM cases")


def test_of_several_waiting_ratings_the_last_counts(town):
    town.rate({"external_id": "a", "rated_at": NOW, "level": "basically"}, {"external_id": "b", "rated_at": NOW - 1})
    town.take(CLOSED)
    assert town.rows(LEVEL) == [("1", 1, NOW)]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_last_rating_of_a_case_counts_in_whatever_order_they_come(town, order):
    rows = [
        {"external_id": "a", "rated_at": NOW - 10, "level": "dissatisfied"},
        {"external_id": "b", "rated_at": NOW, "level": "satisfied"},
    ]
    town.take(CLOSED)
    for index in order:
        town.rate(rows[index])
    assert town.rows(LEVEL) == [("1", 0, NOW)]


def test_a_corrected_rating_replaces_the_first_word(town):
    town.take(CLOSED)
    town.rate({"level": "satisfied"})
    assert town.rate({"level": "dissatisfied"}) == (1, 0, 0)
    assert town.rows(LEVEL) == [("1", 2, NOW)]
    assert town.rows("SELECT count(*) FROM ratings") == [(1,)]


def test_an_older_row_of_a_rating_counts_as_unchanged(town):
    town.take(CLOSED)
    town.rate({"level": "satisfied", "rated_at": NOW})
    assert town.rate({"level": "dissatisfied", "rated_at": NOW - 1}) == (0, 1, 0)
    assert town.rows(LEVEL) == [("1", 0, NOW)]


def test_the_same_ratings_a_second_time_change_nothing(town):
    town.take(CLOSED)
    rows = [{"external_id": str(i), "rated_at": NOW - i} for i in range(4)]
    assert town.rate(*rows) == (4, 0, 0)
    batches = town.rows("SELECT count(*) FROM count_batch")
    assert town.rate(*rows) == (0, 4, 0)
    assert town.rows("SELECT count(*) FROM count_batch") == batches


def test_a_rating_that_moves_to_another_case_leaves_the_first(town):
    town.take(CLOSED, CLOSED | {"external_id": "2"})
    town.rate({"case": "1"})
    town.rate({"case": "2"})
    assert town.rows(LEVEL) == [("1", None, None), ("2", 0, NOW)]


def test_a_rating_of_a_case_id_that_two_sources_use_goes_to_quarantine(town):
    town.take(CLOSED, source="one")
    town.take(CLOSED, source="two")
    assert town.rate({}) == (0, 0, 1)
    assert town.rows("SELECT external_id, reason, detail FROM quarantine") == [
        ("r1", "ambiguous_case", "case '1' exists in several sources; make the case ids of the sources differ")
    ]
    assert town.rows("SELECT level FROM cases") == [(None,), (None,)]


def test_a_rating_of_no_case_no_point_and_no_area_goes_to_quarantine(town):
    assert town.rate({"case": None, "area_code": "Z9"} | NOWHERE) == (0, 0, 1)
    assert "no case, no point and no known area (area code 'Z9')" in town.rows("SELECT detail FROM quarantine")[0][0]


def test_a_rating_of_an_area_without_a_case_is_kept(town):
    assert town.rate({"case": None, "area_code": "A"} | NOWHERE) == (1, 0, 0)
    assert town.rows("SELECT a.code FROM ratings r JOIN areas a ON a.id = r.area_id") == [("A",)]


def test_a_rating_whose_point_was_corrected_is_taken(town):
    town.rate({"case": None, "longitude": 114.005, "latitude": 30.005})
    assert town.rate({"case": None, "longitude": 114.035, "latitude": 30.005}) == (1, 0, 0)
    assert town.rows("SELECT a.code FROM ratings r JOIN areas a ON a.id = r.area_id") == [("B2",)]


def test_a_rating_stays_with_its_case_when_the_case_comes_again(town):
    town.take(CLOSED)
    town.rate({})
    town.take(CLOSED | {"title": "corrected"})
    assert town.rows(LEVEL) == [("1", 0, NOW)]


def test_a_rating_counts_again_when_its_case_is_closed_again(town):
    town.take(CLOSED)
    town.rate({})
    town.take(CLOSED | {"status": "handling", "closed_at": None})
    town.take(CLOSED | {"closed_at": NOW})
    assert town.rows(LEVEL) == [("1", 0, NOW)]

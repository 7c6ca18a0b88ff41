"""Taking cases: one transaction a batch, each record once, nothing older over what is newer."""

import pytest

from tests.factories import IN_A1, IN_A2, IN_B1, NOW

DAY = 86_400
STEPS = "SELECT move, status, at FROM case_steps ORDER BY id"
PLACED = 'SELECT a.code, c."placing", c.longitude FROM cases c JOIN areas a ON a.id = c.area_id ORDER BY c.external_id'


def test_the_same_rows_a_second_time_change_nothing(town):
    rows = [{"external_id": str(i), "reported_at": NOW - i * DAY, "online": i % 2 == 0} for i in range(5)]
    assert town.take(*rows) == (5, 0, 0)
    before = town.rows("SELECT * FROM cases ORDER BY id"), town.rows("SELECT count(*) FROM count_batch")
    assert town.take(*rows) == (0, 5, 0)
    assert (town.rows("SELECT * FROM cases ORDER BY id"), town.rows("SELECT count(*) FROM count_batch")) == before


def test_equal_ids_of_two_sources_are_two_cases(town):
    assert town.take({}, source="one") == (1, 0, 0)
    assert town.take({}, source="two") == (1, 0, 0)
    assert town.rows("SELECT count(*) FROM cases") == [(2,)]


def test_a_changed_row_replaces_what_is_stored_and_keeps_its_id(town):
    town.take({"title": "old"})
    before = town.rows("SELECT id FROM cases")
    assert town.take({"title": "new"}) == (1, 0, 0)
    assert town.rows("SELECT title FROM cases") == [("new",)]
    assert town.rows("SELECT id FROM cases") == before


def test_a_row_older_than_what_is_stored_counts_as_unchanged(town):
    town.take({"title": "new", "updated_at": NOW})
    assert town.take({"title": "old", "updated_at": NOW - 1}) == (0, 1, 0)
    assert town.rows("SELECT title, updated_at FROM cases") == [("new", NOW)]


def test_a_row_as_old_as_what_is_stored_is_taken(town):
    town.take({"title": "first", "updated_at": NOW})
    assert town.take({"title": "second", "updated_at": NOW}) == (1, 0, 0)


def test_an_equal_row_with_a_newer_time_holds_off_older_ones(town):
    town.take({"title": "same", "updated_at": NOW - 100})
    assert town.take({"title": "same", "updated_at": NOW}) == (0, 1, 0)
    assert town.take({"title": "between", "updated_at": NOW - 50}) == (0, 1, 0)
    assert town.rows("SELECT title, updated_at FROM cases") == [("same", NOW)]


def test_of_several_rows_of_a_batch_with_one_id_the_newest_counts(town):
    rows = [
        {"title": "old", "updated_at": NOW - 2},
        {"title": "new", "updated_at": NOW},
        {"title": "middle", "updated_at": NOW - 1},
        {"title": "no time", "updated_at": None},
    ]
    assert town.take(*rows) == (1, 3, 0)
    assert town.rows("SELECT title FROM cases") == [("new",)]


def test_of_rows_of_a_batch_equally_old_the_last_counts(town):
    assert town.take({"title": "first"}, {"title": "second"}) == (1, 1, 0)
    assert town.rows("SELECT title FROM cases") == [("second",)]


@pytest.mark.parametrize("status", ["void", "merged"])
def test_a_voided_or_merged_case_leaves_every_figure_and_comes_back(town, status):
    closed = {"status": "closed", "closed_at": NOW - 100, "due_at": NOW - 200, "online": True, "first_response_at": NOW}
    town.take(closed)
    town.take(closed | {"status": status})
    town.take(closed)
    assert town.rows("SELECT status FROM cases") == [("closed",)]


def test_a_reopened_case_is_open_again(town):
    town.take({"status": "closed", "closed_at": NOW - 100})
    assert town.rows("SELECT ended_at FROM cases") == [(NOW - 100,)]
    town.take({"status": "handling", "closed_at": None})
    assert town.rows("SELECT ended_at, closed_at FROM cases") == [(None, None)]


def test_a_case_may_move_change_its_category_kind_and_times(town):
    town.take({"longitude": IN_A1[0], "category": "Litter", "kind": "problem"})
    town.take({"longitude": IN_B1[0], "category": "Noise", "kind": "hazard", "reported_at": NOW - 40 * DAY})
    assert town.rows(PLACED) == [("B1", 0, IN_B1[0])]


def test_a_point_decides_over_an_area_code(town):
    town.take({"longitude": IN_A2[0], "area_code": "B"})
    assert town.rows(PLACED) == [("A2", 0, IN_A2[0])]


def test_what_is_off_the_map_stays_countable(town):
    here = {"longitude": None, "latitude": None}
    town.take(
        {"external_id": "1 no point, code"} | here | {"area_code": "B"},
        {"external_id": "2 no point, no code"} | here,
        {"external_id": "3 outside", "longitude": 0.5, "latitude": 0.5},
        {"external_id": "4 outside, code", "longitude": 0.5, "latitude": 0.5, "area_code": "A1"},
        {"external_id": "5 pin", "pinned": True},
        {"external_id": "6 pin, code", "pinned": True, "area_code": "A"},
    )
    assert [row[:2] for row in town.rows(PLACED)] == [("B", 1), ("", 1), ("", 2), ("A1", 2), ("", 3), ("A", 3)]


def test_an_unknown_area_without_a_point_goes_to_quarantine_with_a_clear_sentence(town):
    nowhere = {"external_id": "2", "longitude": None, "latitude": None, "area_code": "Z9"}
    assert town.take({}, nowhere) == (1, 0, 1)
    assert town.rows("SELECT external_id, reason, detail FROM quarantine") == [
        ("2", "unknown_area",
         "area code 'Z9' is in no boundary file and the row has no point; add the area or a point")
    ]  # fmt: skip


def test_a_batch_of_refused_rows_alone_is_taken(town):
    nowhere = {"longitude": None, "latitude": None, "area_code": "Z9"}
    assert town.take(nowhere, nowhere | {"external_id": "2"}) == (0, 0, 2)


def test_steps_tell_report_response_and_end(town):
    town.take({"status": "handling", "reported_at": NOW - 500, "updated_at": NOW - 400})
    town.take(
        {"status": "closed", "reported_at": NOW - 500, "first_response_at": NOW - 300, "closed_at": NOW - 200,
         "updated_at": NOW - 200}
    )  # fmt: skip
    assert town.rows(STEPS) == [
        ("report", "reported", NOW - 500),
        ("update", "handling", NOW - 400),
        ("respond", "accepted", NOW - 300),
        ("update", "closed", NOW - 200),
    ]


def test_a_correction_of_a_case_with_a_response_says_nothing_of_the_response_again(town):
    town.take({"first_response_at": NOW - 300, "status": "accepted"})
    town.take({"first_response_at": NOW - 300, "status": "accepted", "title": "new", "updated_at": NOW})
    assert [move for move, *_ in town.rows(STEPS)] == ["report", "respond", "update", "correct"]


def test_steps_are_only_appended(town):
    town.take({"status": "handling"})
    before = town.rows("SELECT * FROM case_steps ORDER BY id")
    town.take({"status": "closed", "closed_at": NOW})
    assert town.rows("SELECT * FROM case_steps ORDER BY id")[: len(before)] == before


def test_a_case_past_its_deadline_comes_in_marked(town):
    town.take(
        {"external_id": "1 open, due", "due_at": NOW - 1},
        {"external_id": "2 open, not yet", "due_at": NOW + 1},
        {"external_id": "3 closed late", "status": "closed", "due_at": NOW - 200, "closed_at": NOW - 100},
        {"external_id": "4 closed in time", "status": "closed", "due_at": NOW - 100, "closed_at": NOW - 200},
        {"external_id": "5 no deadline"},
    )
    assert [row[0] for row in town.rows("SELECT overdue FROM cases ORDER BY external_id")] == [1, 0, 1, 0, 0]


def test_a_closed_case_without_a_date_counts_as_open_whoever_looks(town):
    undated = {"status": "closed", "closed_at": None, "due_at": NOW - 100}
    town.take(undated)
    assert town.rows("SELECT overdue FROM cases") == [(1,)]


@pytest.mark.parametrize("year", [-2208988800, -1, 0, 9_214_646_400, 4_102_444_800])
def test_times_at_the_limits_are_kept_to_the_second(town, year):
    town.take({"reported_at": year, "due_at": year + 1, "closed_at": year, "status": "closed"})
    assert town.rows("SELECT reported_at, due_at, closed_at FROM cases") == [(year, year + 1, year)]


def test_a_batch_that_breaks_off_leaves_nothing(town, monkeypatch):
    monkeypatch.setattr("actions.take_cases.append", _broken)
    with pytest.raises(RuntimeError):
        town.take({}, {"external_id": "2"})
    for table in ("cases", "case_steps", "count_batch", "quarantine", "runs", "categories"):
        assert town.rows(f"SELECT count(*) FROM {table}") == [(0,)], table


def _broken(*_args, **_words):
    raise RuntimeError

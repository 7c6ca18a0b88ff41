"""A bad row is kept once with its reason and raw form, settled when its record is taken, and counted every time."""

from dataclasses import replace

import pytest

from actions.take import row_key
from tests.factories import NOW, batch, cases, rejected

WAITING = "SELECT external_id, reason, detail, resolved_at FROM quarantine ORDER BY id"
BAD = {"external_id": "9", "reason": "bad_number", "detail": "x is no number", "raw": '{"id": "9", "n": "x"}'}


def test_the_same_bad_row_is_kept_once_and_counted_twice(town):
    for _ in range(2):
        sunk = town.feed()(batch(cases(), rejected(BAD)))
        assert (sunk.kept, sunk.unchanged, sunk.quarantined) == (0, 0, 1)
    assert town.rows("SELECT count(*) FROM quarantine") == [(1,)]


def test_the_same_bad_row_twice_in_a_batch_is_kept_once(town):
    assert town.feed()(batch(cases(), rejected(BAD, BAD))).quarantined == 2
    assert town.rows("SELECT count(*) FROM quarantine") == [(1,)]


def test_the_first_time_it_was_seen_stays(town):
    town.feed()(batch(cases(), rejected(BAD)))
    town.now = NOW + 500
    town.feed()(batch(cases(), rejected(BAD | {"detail": "still no number"})))
    assert town.rows("SELECT first_seen_at, detail FROM quarantine") == [(NOW, "still no number")]


def test_a_record_that_is_taken_later_settles_its_bad_rows(town):
    town.feed()(batch(cases(), rejected(BAD)))
    town.now = NOW + 500
    town.take({"external_id": "9"})
    assert town.rows(WAITING) == [("9", "bad_number", "x is no number", NOW + 500)]


def test_a_record_of_another_source_settles_nothing(town):
    town.feed()(batch(cases(), rejected(BAD)))
    town.take({"external_id": "9"}, source="two")
    assert town.rows(WAITING)[0][3] is None


def test_a_good_and_a_bad_row_of_one_record_in_one_batch_leave_the_bad_one_waiting(town):
    town.feed()(batch(cases({"external_id": "9"}), rejected(BAD)))
    assert town.rows(WAITING)[0][3] is None


def test_a_settled_row_that_comes_again_waits_again(town):
    town.feed()(batch(cases(), rejected(BAD)))
    town.take({"external_id": "9"})
    town.feed()(batch(cases(), rejected(BAD)))
    assert town.rows(WAITING)[0][3] is None


def test_rows_the_store_refuses_are_kept_as_their_source_gave_them(town):
    given = [{"external_id": "6"}, {"external_id": "7", "longitude": None, "latitude": None, "area_code": "Z9"}]
    whole = replace(batch(cases(*given)), raw=lambda positions: [f"source row {at}" for at in positions])
    town.feed()(whole)
    assert town.rows("SELECT raw, origin, row_number FROM quarantine") == [("source row 1", "a.csv", 2)]


def test_a_run_on_record_adds_up(town):
    feed = town.feed()
    feed(batch(cases({}, {"external_id": "2"}), rejected(BAD), empty=3))
    feed(batch(cases({}, {"external_id": "3"}), empty=1))
    feed.succeeded()
    [(read, kept, unchanged, quarantined, empty, finished)] = town.rows(
        "SELECT read, kept, unchanged, quarantined, empty, finished_at FROM runs"
    )
    assert (read, kept, unchanged, quarantined, empty, finished) == (9, 3, 1, 1, 4, NOW)


@pytest.mark.parametrize("raw", ["", "{}", "\ud800", "网格"])
def test_the_key_of_a_row_fits_a_signed_64_bit_column(raw):
    assert -(2**63) <= row_key(raw) < 2**63

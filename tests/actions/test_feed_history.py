"""How a source has been: a row for each change, what each hour brought, what was lost; on both stores."""

from dataclasses import replace

import pytest

from datasources.contract import Gap
from datasources.poller import Progress, Tally
from tests.factories import NOW, batch, cases, rejected

STATES = "SELECT at, state, error, last_success_at FROM source_states ORDER BY id"
HOURS = 'SELECT hour, "read", kept, unchanged, quarantined, empty, failures FROM source_hours ORDER BY hour'
SOURCE = "SELECT state, error, failures, last_success_at, next_at FROM sources"
RUNS = "SELECT started_at, finished_at, kept FROM runs ORDER BY id"


def said(state, error="", next_at=None):
    return Progress("one", state, Tally("one"), NOW, error=error, next_at=next_at)


def test_one_row_down_and_one_row_up_however_often_it_fails(town):
    feed = town.feed()
    for step, state in enumerate(("live", "live", "down", "down", "down", "live", "live")):
        town.now = NOW + 60 * step
        feed.report(said(state, "no answer" if state == "down" else "", next_at=town.now + 60))
    assert town.rows(STATES) == [
        (NOW, "ok", None, None), (NOW + 120, "down", "no answer", NOW + 60), (NOW + 300, "ok", None, NOW + 60),
    ]  # fmt: skip


def test_a_failure_says_when_it_is_tried_again_and_a_success_forgets_it(town):
    town.feed().report(said("down", "no answer", next_at=NOW + 120))
    assert town.rows(SOURCE) == [("down", "no answer", 1, None, NOW + 120)]
    town.feed().report(said("live", next_at=NOW + 60))
    assert town.rows(SOURCE) == [("ok", None, 0, NOW, None)]


def test_the_end_of_a_silence_is_noted_although_nothing_failed(town):
    feed = town.feed()
    feed.succeeded()
    town.now = NOW + 179
    feed.succeeded()
    town.now += 180
    feed.succeeded()
    assert town.rows(STATES) == [(NOW, "ok", None, None), (NOW + 359, "ok", None, NOW + 179)]


def test_each_hour_holds_what_came_and_what_failed_in_the_transaction_of_the_batch(town):
    feed = town.feed()
    feed(batch(cases({"external_id": "1"}, {"external_id": "2"}), rejected({"raw": "a"}), empty=4))
    feed(batch(cases({"external_id": "1"})))
    feed.failed("down", "no answer")
    town.now = NOW + 3_600
    feed(batch(cases({"external_id": "3"})))
    assert town.rows(HOURS) == [(NOW, 8, 2, 1, 1, 4, 1), (NOW + 3_600, 1, 1, 0, 0, 0, 0)]


def test_a_batch_that_is_not_committed_leaves_no_hour(town, monkeypatch):
    monkeypatch.setattr("actions.take.sources.update", _gone)
    with pytest.raises(RuntimeError):
        town.feed()(batch(cases({"external_id": "1"})))
    assert town.rows(HOURS) == []


def _gone(*_args, **_words):
    raise RuntimeError


def test_a_gap_is_kept_once(town):
    lost = replace(batch(cases()), gap=Gap(NOW - 90, NOW - 30, "the broker forgot the session"))
    town.feed()(lost)
    town.feed()(lost)
    assert town.rows('SELECT start, "end", why FROM source_gaps') == [
        (NOW - 90, NOW - 30, "the broker forgot the session")
    ]


def test_a_source_that_is_followed_is_said_to_be_alive_now_and_then(town):
    feed = town.feed()
    feed.cursor()
    for seconds, written in ((0, 0), (4, 0), (5, 5), (9, 5), (10, 10)):
        town.now = NOW + seconds
        feed.report(said("live"))
        assert town.rows(SOURCE) == [("ok", None, 0, NOW + written, None)]
    assert town.rows(RUNS) == []


def test_a_source_that_comes_back_is_said_to_be_alive_at_once(town):
    feed = town.feed()
    feed.report(said("live"))
    feed.report(said("down", "gone", next_at=NOW + 1))
    feed.cursor()
    feed.report(said("live"))
    assert [row[1] for row in town.rows(STATES)] == ["ok", "down", "ok"]
    assert town.rows(SOURCE) == [("ok", None, 0, NOW, None)]


def test_what_a_followed_source_brings_is_a_run_an_hour(town):
    feed = town.feed()
    feed.cursor()
    for number, minutes in enumerate((0, 30, 59, 61, 62)):
        town.now = NOW + 60 * minutes
        feed(batch(cases({"external_id": str(number)})))
        feed.report(said("live"))
    feed.report(said("stopped", next_at=town.now))
    assert town.rows(RUNS) == [(NOW, NOW + 3_660, 4), (NOW + 3_720, NOW + 3_720, 1)]


def test_what_was_under_way_when_somebody_paused_it_ends_in_the_pause(town):
    feed = town.feed()
    feed.succeeded()
    with town.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE sources SET paused_at = {NOW}")
    feed.report(said("stopped", next_at=NOW + 60))
    feed.report(said("paused"))
    assert [row[1] for row in town.rows(STATES)] == ["ok", "paused"]
    assert town.rows(SOURCE) == [("paused", None, 0, NOW, None)]

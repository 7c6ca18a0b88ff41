"""What is on record of a fetch: one run while it brings something, closed however it ends."""

import pytest

from datasources.poller import Progress, Tally
from store import sources
from store.engine import write
from tests.factories import NOW, batch, cases

RUNS = "SELECT finished_at, error, kept FROM runs ORDER BY id"
SOURCE = "SELECT state, error, failures, last_attempt_at, last_success_at FROM sources"


def test_a_fetch_that_brings_nothing_leaves_no_run(town):
    feed = town.feed()
    feed.cursor()
    feed.succeeded()
    assert town.rows(RUNS) == []
    assert town.rows(SOURCE) == [("ok", None, 0, NOW, NOW)]


def test_the_batches_of_a_fetch_are_one_run(town):
    feed = town.feed()
    feed.cursor()
    feed(batch(cases({"external_id": "1"})))
    assert town.rows(RUNS) == [(None, None, 1)]
    feed(batch(cases({"external_id": "2"})))
    feed.succeeded()
    assert town.rows(RUNS) == [(NOW, None, 2)]


def test_a_fetch_that_failed_says_so_and_counts_the_failures(town):
    feed = town.feed()
    for times in (1, 2):
        feed(batch(cases({"external_id": str(times)})))
        feed.failed("down", "no answer")
        assert town.rows(SOURCE) == [("down", "no answer", times, None, None)]
    assert town.rows(RUNS) == [(NOW, "no answer", 1), (NOW, "no answer", 1)]
    feed.succeeded()
    assert town.rows(SOURCE) == [("ok", None, 0, None, NOW)]


@pytest.mark.parametrize("begin", ["cursor", "from_start"])
def test_the_next_fetch_closes_a_run_that_broke_off(town, begin):
    broken = town.feed()
    broken.cursor()
    broken(batch(cases({})))
    broken.report(Progress("one", "reading", Tally("one"), NOW))
    assert town.rows("SELECT state FROM sources") == [("running",)]
    town.now = NOW + 60
    again = town.feed()
    getattr(again, begin)()
    assert town.rows(RUNS) == [(NOW + 60, sources.BROKEN_OFF, 1)]
    again(batch(cases({})))
    again.succeeded()
    assert town.rows(RUNS) == [(NOW + 60, sources.BROKEN_OFF, 1), (NOW + 60, None, 0)]
    assert town.rows("SELECT state FROM sources") == [("ok",)]


def test_a_run_that_was_still_going_on_says_so_itself(town):
    slow, quick = town.feed(), town.feed()
    slow(batch(cases({})))
    quick.from_start()
    slow.succeeded()
    assert town.rows(RUNS) == [(NOW, None, 1)]


def test_the_next_fetch_of_another_source_closes_nothing(town):
    town.feed("one")(batch(cases({})))
    town.feed("two").cursor()
    assert town.rows(RUNS) == [(None, None, 1)]


def test_a_failure_that_cannot_be_written_does_not_carry_its_run_into_the_next_fetch(town, monkeypatch):
    feed = town.feed()
    feed(batch(cases({})))
    with monkeypatch.context() as patch:
        patch.setattr("actions.take.sources.update", _gone)
        with pytest.raises(RuntimeError):
            feed.succeeded()
    feed.cursor()
    feed(batch(cases({"external_id": "2"})))
    feed.succeeded()
    assert town.rows(RUNS) == [(NOW, sources.BROKEN_OFF, 1), (NOW, None, 1)]


def _gone(*_args, **_words):
    raise RuntimeError


def test_a_fetch_goes_on_where_the_last_batch_ended_and_only_history_is_history(town):
    feed = town.feed()
    assert feed.cursor() is None and feed.backfill
    feed(batch(cases({})))
    assert feed.cursor() == {"row": 1} and not feed.backfill
    feed.from_start()
    assert feed.backfill


def test_progress_is_on_record_while_a_fetch_runs(town):
    feed = town.feed()
    feed.report(Progress("one", "reading", Tally("one"), NOW, done=5, total=9, rate=2.5))
    assert town.rows("SELECT state, done, total, rate FROM sources") == [("running", 5, 9, 2.5)]


@pytest.mark.parametrize(
    ("ended", "state"), [("live", "ok"), ("stopped", "ok"), ("down", "down"), ("refused", "refused"), ("bad", "bad")]
)
def test_the_poller_s_words_become_states(town, ended, state):
    town.feed().report(Progress("one", ended, Tally("one"), NOW, error="why"))
    assert town.rows("SELECT state FROM sources") == [(state,)]


def test_feeds_that_leave_the_configuration_stay_marked_as_removed(town):
    about = {"connector": "feeds.file", "record": "case", "every_seconds": 60}
    for names in (("a", "b"), ("b",), ("a", "b")):
        with write(town.engine) as connection:
            known = sources.register(connection, [{"name": name, **about} for name in names])
        marks = dict(town.rows("SELECT name, removed FROM sources"))
        assert {name for name, removed in marks.items() if not removed} == set(names)
        assert set(marks) == {"a", "b"} == set(known)

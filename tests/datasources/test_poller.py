"""The poller against connectors that fail in every way."""

import threading
from collections import Counter
from itertools import count

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from datasources.contract import Page, Sunk
from datasources.errors import AuthenticationError, BadDataError, TemporaryError
from datasources.mapping import Mapping
from datasources.poller import Job, Limits, Poller, Tally, pause_seconds, run_once
from tests.datasources.sources import NOW, ROW, case_source

QUICK = Limits(page_seconds=5, attempts=3, first_wait_seconds=0, longest_wait_seconds=0)
SOURCE = case_source(every="60s")


def one_page(number: int, *, size=2, total=6) -> Page:
    frame = pd.DataFrame([{**ROW, "id": f"{number}-{row}"} for row in range(size)], dtype=object)
    return Page(frame, "test", number * size + 1, {"next": number + 1}, done=(number + 1) * size, total=total)


class Scripted:
    """Gives pages by number; `trouble` says what happens, once each, before a page or at the end."""

    def __init__(self, trouble=(), pages=3):
        self.trouble, self.count, self.cursors = list(trouble), pages, []

    def pages(self, cursor):
        self.cursors.append(cursor)
        for number in range((cursor or {"next": 0})["next"], self.count):
            self._stumble(number)
            yield one_page(number)
        self._stumble(self.count)

    def _stumble(self, number):
        for each in list(self.trouble):
            if each[0] == number:
                self.trouble.remove(each)
                raise each[1]


class Sink:
    """Remembers what it was given; a row it knows is unchanged."""

    def __init__(self):
        self.rows, self.batches, self.cursor = Counter(), [], None

    def __call__(self, batch):
        fresh = [each for each in batch.frame["external_id"] if each not in self.rows]
        self.rows.update(batch.frame["external_id"])
        self.batches.append(batch)
        self.cursor = batch.cursor
        return Sunk(len(fresh), len(batch.frame) - len(fresh), len(batch.rejected))


def once(connector, sink, **settings):
    given_ = {"cursor": None, "clock": lambda: NOW, "limits": QUICK, **settings}
    return run_once(SOURCE, connector, Mapping(SOURCE), sink, **given_)


def test_a_run_reads_everything_and_adds_it_up():
    reports = []
    tally = once(Scripted(), Sink(), report=reports.append)
    assert (tally.read, tally.kept, tally.unchanged, tally.quarantined, tally.empty) == (6, 6, 0, 0, 0)
    assert tally.cursor == {"next": 3}
    assert [(each.done, each.total, each.tally.read) for each in reports] == [(2, 6, 2), (4, 6, 4), (6, 6, 6)]
    assert all(each.rate > 0 for each in reports)
    assert reports[0].remaining_seconds > 0 and reports[-1].remaining_seconds == 0


@given(st.lists(st.tuples(st.integers(0, 3), st.just(TemporaryError("cut"))), max_size=2))
def test_after_an_outage_it_goes_on_from_the_last_batch_and_nothing_comes_twice(trouble):
    sink, connector = Sink(), Scripted(trouble)
    tally = once(connector, sink)
    assert tally.kept == tally.read == 6 and set(sink.rows.values()) == {1}
    assert len(connector.cursors) == 1 + len(trouble)


def test_an_outage_that_lasts_ends_the_run_after_its_attempts():
    connector = Scripted([(1, TemporaryError("down"))] * 5)
    with pytest.raises(TemporaryError, match="down"):
        once(connector, Sink())
    assert connector.cursors == [None, {"next": 1}, {"next": 1}]


@pytest.mark.parametrize("error", [AuthenticationError("no"), BadDataError("bad")])
def test_what_a_person_must_mend_is_not_tried_again(error):
    connector, sink = Scripted([(2, error)]), Sink()
    with pytest.raises(type(error)):
        once(connector, sink)
    assert len(connector.cursors) == 1 and sink.cursor == {"next": 2}


def test_an_exception_that_no_connector_may_raise_is_bad_data():
    with pytest.raises(BadDataError, match=r"unexpected ZeroDivisionError: oops; this is a fault of the connector"):
        once(Scripted([(1, ZeroDivisionError("oops"))]), Sink())


def test_what_the_sink_raises_comes_through():
    def broken(_batch):
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        once(Scripted(), broken)


def test_a_page_that_takes_too_long_is_an_outage():
    free = threading.Event()

    class Slow(Scripted):
        def pages(self, cursor):
            yield one_page(0)
            free.wait(30)

    with pytest.raises(TemporaryError, match=r"no answer within 0\.05 seconds"):
        once(Slow(), Sink(), limits=Limits(page_seconds=0.05, attempts=1, first_wait_seconds=0))
    free.set()


def test_stop_ends_a_run_after_the_batch_it_is_in():
    stop, sink = threading.Event(), Sink()

    def take(batch):
        stop.set()
        return sink(batch)

    tally = once(Scripted(pages=50), take, stop=stop)
    assert tally.stopped and tally.read == 2 and tally.cursor == sink.cursor == {"next": 1}


def test_a_run_that_is_given_a_cursor_reads_the_rest():
    assert once(Scripted(), Sink(), cursor={"next": 2}).read == 2


def test_rejected_rows_are_counted_by_reason():
    class Odd(Scripted):
        def pages(self, cursor):
            yield Page(pd.DataFrame([{**ROW, "at": "x"}, {**ROW, "status": "?"}, ROW], dtype=object), "t", 1, None)

    tally = once(Odd(), Sink())
    assert dict(tally.reasons) == {"unreadable_time": 1, "unknown_value": 1}
    assert tally.read == tally.kept + tally.unchanged + tally.quarantined + tally.empty


def poller(connector, sink, *, stop=None, clock=lambda: NOW, limits=QUICK):
    reports = []
    job = Job(SOURCE, connector, Mapping(SOURCE), sink, cursor=lambda: getattr(sink, "cursor", None))
    made = Poller([job], clock=clock, report=reports.append, stop=stop or threading.Event(), limits=limits)
    return made, job, reports


def test_a_healthy_source_is_due_again_at_its_own_pace():
    made, job, reports = poller(Scripted(), Sink())
    assert made.attend(job) == NOW + 60
    assert (reports[-1].state, reports[-1].next_at, reports[-1].error) == ("live", NOW + 60, "")


def test_down_is_logged_once_and_up_is_logged_once():
    failing = [(0, TemporaryError("the host is away"))] * 12
    made, job, reports = poller(Scripted(failing), Sink())
    with capture_logs() as logs:
        for _ in range(6):
            made.attend(job)
    assert [each["event"] for each in logs] == ["source_down", "source_up"]
    assert logs[0]["error"] == "the host is away" and logs[1]["failures"] == 4
    assert [each.state for each in reports if each.state != "reading"] == ["down"] * 4 + ["live"] * 2


@pytest.mark.parametrize(("error", "state"), [(AuthenticationError("key"), "refused"), (BadDataError("column"), "bad")])
def test_a_source_that_needs_a_person_does_not_spin(error, state):
    made, job, reports = poller(Scripted([(0, error)]), Sink())
    assert made.attend(job) == NOW + QUICK.longest_pause_seconds
    assert (reports[-1].state, reports[-1].error) == (state, str(error))


def test_a_worker_outlives_a_database_that_is_gone():
    def gone(_batch):
        raise OSError("database gone\nlong trace")

    made, job, reports = poller(Scripted(), gone)
    assert made.attend(job) == NOW + 60
    assert (reports[-1].state, reports[-1].error) == ("down", "OSError: database gone")


def test_the_breaker_opens_after_some_failures_and_closes_again():
    job = Job(SOURCE, Scripted(), Mapping(SOURCE), Sink(), cursor=lambda: None, state="down")
    pauses = []
    for failures in range(1, 9):
        job.failures = failures
        pauses.append(pause_seconds(job, QUICK))
    assert pauses == [60, 60, 120, 240, 480, 900, 900, 900]


def test_the_loop_reads_every_source_until_it_is_stopped():
    stop, ticks = threading.Event(), count(NOW, 100)  # every look at the clock, and each source is due again

    class Stopping(Sink):
        def __call__(self, batch):
            sunk = super().__call__(batch)
            if len(self.batches) >= 5:
                stop.set()
            return sunk

    class Endless(Scripted):
        def pages(self, cursor):
            yield one_page((cursor or {"next": 0})["next"])

    sink = Stopping()
    made, _, _ = poller(Endless(), sink, stop=stop, clock=lambda: next(ticks))
    made.run()
    assert [batch.cursor["next"] for batch in sink.batches] == [1, 2, 3, 4, 5]


def test_a_tally_starts_at_nothing():
    assert Tally("s").plus(Mapping(SOURCE).apply(one_page(0), NOW), Sunk(1, 1, 0), 2.0).read == 2

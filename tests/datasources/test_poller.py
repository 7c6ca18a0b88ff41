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


@pytest.mark.parametrize(("every", "expected"), [
    ("5s", [5, 5, 10, 20, 40, 60, 60]), ("60s", [60] * 7), ("1h", [3_600] * 7),
])  # fmt: skip
def test_the_breaker_opens_after_some_failures_but_who_comes_back_is_noticed_within_a_minute(every, expected):
    source = case_source(every=every)
    job = Job(source, Scripted(), Mapping(source), Sink(), cursor=lambda: None, state="down")
    pauses = []
    for failures in range(1, 8):
        job.failures = failures
        pauses.append(pause_seconds(job, QUICK))
    assert pauses == expected


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


class Pushed:
    """A source that pushes: hands on pages and errors in the order of `script`, over every call; then stays quiet."""

    def __init__(self, *script):
        self.script, self.told, self.cursors = list(script), [], []

    def pages(self, cursor):
        raise AssertionError("a source that pushes is followed")

    def follow(self, cursor):
        self.cursors.append(cursor)
        while self.script:
            each = self.script.pop(0)
            if isinstance(each, Exception):
                raise each
            yield each
        while True:
            yield QUIET

    def acknowledge(self, receipt):
        self.told.append(receipt)


class Keeping(Pushed):
    """Hands on again, at each new connection, what it was not told to forget."""

    def follow(self, cursor):
        yield from [page for page in self.script if page.receipt not in self.told]
        while True:
            yield QUIET


QUIET = Page(pd.DataFrame(), "test", 1, None)


def pushed(number):
    page = one_page(number, total=0)
    return Page(page.frame, "test", page.first_row, page.cursor, receipt=number)


def followed(connector, sink, **settings):
    """Attend to it until it breaks, or has been quiet for some turns."""
    halt, quiet = threading.Event(), count()
    made, job, reports = poller(connector, sink, stop=halt, **settings)
    keep = made.report

    def report(progress):
        keep(progress)
        if progress.state == "live" and not connector.script and next(quiet) > 3:
            halt.set()

    made.report = report
    due = made.attend(job)
    return due, job, reports


def test_a_page_is_acknowledged_after_it_was_committed():
    order = []

    class Noting(Pushed):
        def acknowledge(self, receipt):
            order.append(("told", receipt))

    def sink(batch):
        order.append(("kept", batch.receipt))
        return Sunk(len(batch.frame), 0, 0)

    followed(Noting(pushed(0), QUIET, pushed(1)), sink)
    assert order == [("kept", 0), ("told", 0), ("kept", 1), ("told", 1)]


def test_a_database_that_is_lost_acknowledges_nothing_and_the_page_comes_again():
    connector, sink, away = Keeping(pushed(0), pushed(1)), Sink(), [False, True, False]

    def lost(batch):
        if away.pop(0):
            raise OSError("database gone")
        return sink(batch)

    stop, reports = threading.Event(), []
    job = Job(SOURCE, connector, Mapping(SOURCE), lost, cursor=lambda: sink.cursor)
    made = Poller([job], clock=lambda: NOW, report=reports.append, stop=stop, limits=QUICK)
    made.attend(job)
    assert connector.told == [0] and reports[-1].state == "down"
    made.report = lambda _progress: stop.set() if not away and len(connector.told) == 2 else None
    made.attend(job)
    assert connector.told == [0, 1] and set(sink.rows.values()) == {1}


def test_what_could_not_be_acknowledged_is_counted_and_comes_again():
    cuts = [TemporaryError("the line is cut")]

    class Deaf(Keeping):
        def acknowledge(self, receipt):
            if cuts:
                raise cuts.pop()
            super().acknowledge(receipt)

    sink, stop, reports = Sink(), threading.Event(), []
    connector = Deaf(pushed(0), pushed(1))
    job = Job(SOURCE, connector, Mapping(SOURCE), sink, cursor=lambda: sink.cursor)
    made = Poller([job], clock=lambda: NOW, report=reports.append, stop=stop, limits=QUICK)
    made.report = lambda progress: reports.append(progress) or (len(connector.told) == 2 and stop.set())
    made.attend(job)
    assert set(sink.rows) == {"0-0", "0-1", "1-0", "1-1"}
    tally = reports[-1].tally
    assert (tally.read, tally.kept, tally.unchanged) == (6, 4, 2)


def test_what_is_quiet_is_live_and_stores_nothing():
    sink = Sink()
    _, job, reports = followed(Pushed(QUIET), sink)
    assert [each.state for each in reports[:-1]] == ["live"] * (len(reports) - 1)
    assert sink.batches == [] and job.failures == 0


def test_a_pause_ends_the_following_and_is_over_when_it_is_lifted():
    stop, held, states = threading.Event(), threading.Event(), []
    connector, sink = Pushed(pushed(0)), Sink()

    def report(progress):
        states.append(progress.state)
        if progress.state == "live" and "paused" not in states:
            held.set()
        elif progress.state == "paused":
            connector.script.append(pushed(1))
            held.clear()
        elif len(sink.batches) == 2:
            stop.set()

    ticks = count(NOW)
    job = Job(SOURCE, connector, Mapping(SOURCE), sink, cursor=lambda: sink.cursor, paused=held.is_set)
    Poller([job], clock=lambda: next(ticks), report=report, stop=stop, limits=QUICK).run()
    assert len(sink.batches) == 2 and states.count("paused") == 1
    assert connector.cursors == [None, {"next": 1}]


def test_a_source_at_rest_notices_a_pause_long_before_it_is_due():
    stop, states = threading.Event(), []

    def report(progress):
        states.append(progress.state)
        if progress.state == "paused":
            stop.set()

    job = Job(SOURCE, Scripted(), Mapping(SOURCE), Sink(), cursor=lambda: None)
    job.paused = lambda: len(states) > 3  # its three pages and its end
    Poller([job], clock=lambda: NOW, report=report, stop=stop, limits=QUICK).run()
    assert states[-2:] == ["live", "paused"]


def test_a_clock_that_is_set_back_lets_no_source_wait():
    stop, ticks, connector = threading.Event(), count(NOW, -100), Scripted()

    def report(progress):
        if progress.state == "live" and len(connector.cursors) == 2:
            stop.set()

    job = Job(SOURCE, connector, Mapping(SOURCE), Sink(), cursor=lambda: None)
    Poller([job], clock=lambda: next(ticks), report=report, stop=stop, limits=QUICK).run()
    assert len(connector.cursors) == 2


def test_a_database_that_cannot_say_whether_somebody_paused_ends_no_source():
    stop = threading.Event()

    def gone():
        raise OSError("database gone")

    def report(progress):
        if progress.state == "live":
            stop.set()

    job = Job(SOURCE, Scripted(), Mapping(SOURCE), Sink(), cursor=lambda: None, paused=gone)
    Poller([job], clock=lambda: NOW, report=report, stop=stop, limits=QUICK).run()
    assert job.failures == 0


def test_a_line_that_breaks_now_and_then_uses_up_no_attempts():
    cut = TemporaryError("cut")
    connector, sink = Pushed(pushed(0), cut, pushed(1), cut, pushed(2), cut, pushed(3), cut, pushed(4)), Sink()
    with capture_logs() as logs:
        followed(connector, sink)
    assert len(sink.rows) == 10 and logs == []


def test_down_and_up_of_a_source_that_pushes_are_one_line_each():
    away = TemporaryError("the broker is away")
    connector, sink = Pushed(pushed(0), *[away] * 9, QUIET, pushed(1)), Sink()
    halt, quiet = threading.Event(), count()
    made, job, _ = poller(connector, sink, stop=halt)
    made.report = lambda going: halt.set() if not connector.script and next(quiet) > 3 else None
    with capture_logs() as logs:
        while not halt.is_set():
            made.attend(job)
    assert [each["event"] for each in logs] == ["source_down", "source_up"]
    assert logs[1]["failures"] == 2


def test_a_source_that_asks_to_be_left_alone_is_left_alone():
    made, job, reports = poller(Pushed(TemporaryError("busy", 300), pushed(0)), Sink())
    assert made.attend(job) == NOW + 300 == reports[-1].next_at
    made, job, _ = poller(Scripted([(1, TemporaryError("busy", 10**9))]), Sink())
    assert made.attend(job) == NOW + QUICK.longest_asked_seconds
    assert len(job.connector.cursors) == 1

"""The one loop that owns time limits, retries, back-off and circuit breaking; batches go to the sink it is given."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field, replace

import stamina
import stamina.instrumentation
import structlog

from config_sources import SourceSettings
from datasources.contract import Acknowledging, Batch, Clock, Connector, Cursor, Following, Page, Sink, Sunk
from datasources.errors import AuthenticationError, BadDataError, SourceError, TemporaryError
from datasources.fetch import Ending, ahead
from datasources.mapping import Mapping

# A source that is down is logged once, not at every attempt.
stamina.instrumentation.set_on_retry_hooks([])

READING, LIVE, DOWN, REFUSED, BAD, STOPPED, PAUSED = "reading", "live", "down", "refused", "bad", "stopped", "paused"
PAUSE_SECONDS = 1
"""How soon a source that somebody keeps from being read is asked about again."""

STATES = ((AuthenticationError, REFUSED), (BadDataError, BAD))


@dataclass(frozen=True)
class Limits:
    """How long and how often. All in seconds, but attempts (a run) and breaker_after (failed runs in a row)."""

    page_seconds: float = 120.0
    attempts: int = 3
    first_wait_seconds: float = 0.2
    longest_wait_seconds: float = 2.0
    breaker_after: int = 3
    longest_outage_seconds: int = 60
    longest_pause_seconds: int = 900
    longest_asked_seconds: int = 86_400


@dataclass(frozen=True)
class Tally:
    """What a run did. read == kept + unchanged + quarantined + empty; reasons counts what the mapping rejected."""

    source: str
    read: int = 0
    kept: int = 0
    unchanged: int = 0
    quarantined: int = 0
    empty: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    cursor: Cursor | None = None
    stopped: bool = False

    def plus(self, batch: Batch, sunk: Sunk, seconds: float) -> "Tally":
        """The tally after one more batch."""
        return replace(
            self,
            read=self.read + batch.read,
            kept=self.kept + sunk.kept,
            unchanged=self.unchanged + sunk.unchanged,
            quarantined=self.quarantined + sunk.quarantined,
            empty=self.empty + batch.empty,
            reasons=self.reasons + Counter(batch.rejected["reason"]),
            seconds=seconds,
            cursor=batch.cursor,
        )


@dataclass(frozen=True)
class Progress:
    """What a source is doing. state: reading | live | down | refused | bad | stopped | paused; error in plain words.

    at, next_at: epoch seconds; rate: rows a second; done of total (0 = unknown) bytes or rows; remaining in seconds.
    """

    source: str
    state: str
    tally: Tally
    at: int
    origin: str = ""
    done: int = 0
    total: int = 0
    rate: float = 0.0
    remaining_seconds: float | None = None
    error: str = ""
    next_at: int | None = None


Report = Callable[[Progress], None]


def ignore(_progress: Progress) -> None:
    """A report that nobody reads."""


def run_once(  # noqa: PLR0913 (what a run needs, by keyword)
    source: SourceSettings,
    connector: Connector,
    mapping: Mapping,
    sink: Sink,
    *,
    cursor: Cursor | None,
    clock: Clock,
    report: Report = ignore,
    stop: Ending | None = None,
    limits: Limits = Limits(),
    follow: bool = False,
) -> Tally:
    """Read all that is new since cursor and hand it to the sink, batch by batch; stop ends it after a batch.

    follow: stay connected to a source that pushes, until stop. After an outage it goes on from the last batch that the
    sink took. Raises the source's three errors (TemporaryError once the attempts are used up; those of a source that is
    followed begin anew once it was heard again), and whatever the sink raises.
    """
    stop = stop or threading.Event()
    tally = Tally(source.name, cursor=cursor)
    follows = follow and isinstance(connector, Following)
    run = _Run(source, connector, mapping, sink, clock, report, stop, limits, tally, follows=follows)
    while True:
        run.heard = False
        try:
            _attempts(run)
        except TemporaryError as error:
            if not (follows and run.heard and _may_pass(error)):
                raise
            continue
        return replace(run.tally, stopped=stop.is_set())


def _attempts(run: "_Run") -> None:
    limits = run.limits
    retries = stamina.retry_context(
        on=_may_pass,
        attempts=limits.attempts,
        timeout=None,
        wait_initial=limits.first_wait_seconds,
        wait_max=limits.longest_wait_seconds,
        wait_jitter=min(limits.first_wait_seconds, 1.0),
    )
    for attempt in retries:
        with attempt:
            run.read()


def _may_pass(error: Exception) -> bool:
    return isinstance(error, TemporaryError) and error.retry_after_seconds is None


@dataclass
class _Run:
    source: SourceSettings
    connector: Connector
    mapping: Mapping
    sink: Sink
    clock: Clock
    report: Report
    stop: Ending
    limits: Limits
    tally: Tally
    follows: bool = False
    heard: bool = False
    started: float = field(default_factory=time.monotonic)

    def read(self) -> None:
        """Everything after the last batch taken."""
        read = self.connector.follow if self.follows else self.connector.pages  # type: ignore[attr-defined]
        fetched = ahead(lambda: read(self.tally.cursor), self.limits.page_seconds, self.stop)
        with closing(fetched):
            for page in fetched:
                self.heard = True
                if page.is_empty:
                    self.report(replace(self.progress(), state=LIVE))
                else:
                    self.take(page)

    def take(self, page: Page) -> None:
        """Store a page, and only then let the source forget it."""
        batch = self.mapping.apply(page, self.clock())
        sunk = self.sink(batch)
        self.tally = self.tally.plus(batch, sunk, time.monotonic() - self.started)
        self.report(replace(self.progress(batch), state=LIVE) if self.follows else self.progress(batch))
        if isinstance(self.connector, Acknowledging):
            self.connector.acknowledge(page.receipt)

    def progress(self, batch: Batch | None = None) -> Progress:
        """Where the run stands after a batch, or (of a source that is followed) while nothing comes."""
        if batch is None:
            return Progress(self.source.name, READING, self.tally, self.clock())
        seconds = max(self.tally.seconds, 1e-6)
        known = batch.total and batch.done
        return Progress(
            self.source.name,
            READING,
            self.tally,
            self.clock(),
            origin=batch.origin,
            done=batch.done,
            total=batch.total,
            rate=self.tally.read / seconds,
            remaining_seconds=seconds * (batch.total - batch.done) / batch.done if known else None,
        )


@dataclass
class Job:
    """One source to keep reading. cursor() gives what the store holds; paused() whether somebody keeps it from being read.

    state and failures are the poller's own.
    """

    source: SourceSettings
    connector: Connector
    mapping: Mapping
    sink: Sink
    cursor: Callable[[], Cursor | None]
    paused: Callable[[], bool] = lambda: False
    state: str = ""
    failures: int = 0


class Stops:
    """Set once any of its events is."""

    def __init__(self, *events: threading.Event) -> None:
        self._events = events

    def is_set(self) -> bool:
        """Whether it is time to end."""
        return any(event.is_set() for event in self._events)


class Poller:
    """Reads every source at its own pace, each in a thread of its own (a sink must bear that), until stop is set."""

    def __init__(
        self,
        jobs: Iterable[Job],
        *,
        clock: Clock,
        report: Report = ignore,
        stop: threading.Event,
        limits: Limits = Limits(),
    ) -> None:
        self.jobs = tuple(jobs)
        self.clock, self.report, self.stop, self.limits = clock, report, stop, limits
        self.log = structlog.get_logger("poller")

    def run(self) -> None:
        """Read until stop is set; returns once every source has finished its batch."""
        threads = [threading.Thread(target=self._keep, args=(job,), name=job.source.name) for job in self.jobs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _keep(self, job: Job) -> None:
        while not self.stop.is_set():
            paused = self._paused(job)
            due = self._rest(job) if paused else self.attend(job)
            now = begun = self.clock()
            while not self.stop.is_set() and begun <= now < due and self._paused(job) == paused:
                self.stop.wait(min(due - now, PAUSE_SECONDS))
                now = self.clock()  # one that was set back is no reason to wait

    def _paused(self, job: Job) -> bool:
        """Whether somebody keeps it from being read; a database that is away for a while says nothing."""
        try:
            return job.paused()
        except Exception:  # noqa: BLE001 (as in attend(), which says what is wrong)
            return job.state == PAUSED

    def _rest(self, job: Job) -> int:
        """Say once that somebody keeps the source from being read; returns when to ask again."""
        now = self.clock()
        if job.state != PAUSED:
            job.failures, job.state = 0, PAUSED
            self.report(Progress(job.source.name, PAUSED, Tally(job.source.name), now))
        return now + PAUSE_SECONDS

    def attend(self, job: Job) -> int:
        """Read a source once (one that pushes: until it breaks); returns when it is due again, epoch seconds.

        Raises nothing.
        """
        latest, halt = Progress(job.source.name, READING, Tally(job.source.name), self.clock()), threading.Event()

        def keep(progress: Progress) -> None:
            nonlocal latest
            latest = progress
            if progress.state == LIVE:
                self._came_up(job)
            self.report(progress)
            if self._paused(job):
                halt.set()

        try:
            tally = run_once(
                job.source, job.connector, job.mapping, job.sink, cursor=job.cursor(), clock=self.clock, report=keep,
                stop=Stops(self.stop, halt), limits=self.limits, follow=True,
            )  # fmt: skip
        except Exception as error:  # noqa: BLE001 (a worker outlives a database that is gone for a while)
            return self._failed(job, latest, error)
        return self._succeeded(job, latest, tally)

    def _came_up(self, job: Job) -> None:
        if job.failures:
            self.log.info("source_up", source=job.source.name, failures=job.failures)
        job.failures, job.state = 0, LIVE

    def _succeeded(self, job: Job, latest: Progress, tally: Tally) -> int:
        self._came_up(job)
        job.state = STOPPED if tally.stopped else LIVE
        now = self.clock()
        due = now + (0 if tally.stopped else job.source.every_seconds)
        self.report(replace(latest, state=job.state, tally=tally, at=now, next_at=due, remaining_seconds=None))
        return due

    def _failed(self, job: Job, latest: Progress, error: Exception) -> int:
        state = next((name for kind, name in STATES if isinstance(error, kind)), DOWN)
        if state != job.state:
            unexpected = not isinstance(error, SourceError)
            self.log.warning("source_down", source=job.source.name, state=state, error=str(error), exc_info=unexpected)
        job.failures, job.state = job.failures + 1, state
        now = self.clock()
        asked = min(getattr(error, "retry_after_seconds", None) or 0, self.limits.longest_asked_seconds)
        due = now + max(pause_seconds(job, self.limits), asked)
        self.report(replace(latest, state=state, error=_plain(error), at=now, next_at=due, remaining_seconds=None))
        return due


def _plain(error: Exception) -> str:
    return (
        str(error)
        if isinstance(error, SourceError)
        else f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
    )


def pause_seconds(job: Job, limits: Limits) -> int:
    """How long a source that has just failed is left alone.

    An outage is tried again at the source's own pace. Once the breaker opens, one that is read more often than every
    longest_outage_seconds is left alone for twice as long each time, up to that: who comes back is noticed soon.
    What a person has to mend is looked at again after the longest pause.
    """
    every = job.source.every_seconds
    if job.state in (REFUSED, BAD):
        return max(every, limits.longest_pause_seconds)
    beyond = job.failures - limits.breaker_after
    if beyond < 0:
        return every
    doublings = min(beyond + 1, 20)
    return max(every, min(every << doublings, limits.longest_outage_seconds))

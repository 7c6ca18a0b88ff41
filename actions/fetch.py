"""Fetch a source once: a run, its batches, its outcome, all on record."""

from collections.abc import Callable
from dataclasses import dataclass

from actions.site import Site
from actions.take import Sink
from config import SourceSettings
from datasources.contract import Connector, Cursor
from datasources.errors import AuthenticationError, BadDataError, SourceError
from datasources.mapping import Mapping
from datasources.poller import Progress, Tally, run_once
from store import sources
from store.engine import read, write

STATES: tuple[tuple[type[SourceError], str], ...] = ((AuthenticationError, "refused"), (BadDataError, "bad"))


@dataclass(frozen=True)
class Fetch:
    """A source with everything it takes to fetch it."""

    site: Site
    source_id: int
    source: SourceSettings
    connector: Connector
    mapping: Mapping
    clock: Callable[[], int]
    ring: Callable[[], None]

    def cursor(self) -> Cursor | None:
        """Where the last committed batch ended."""
        with read(self.site.engine) as connection:
            return sources.cursor_of(connection, self.source_id)

    def once(self, *, from_start: bool, report: Callable[[Progress], None]) -> Tally:
        """One fetch from the start or from the cursor. Raises SourceError after it has been put on record."""
        cursor = None if from_start else self.cursor()
        started = self.clock()
        with write(self.site.engine) as connection:
            run_id = sources.start_run(connection, self.source_id, started)
            sources.update(connection, self.source_id, state="running", last_attempt_at=started, done=0, total=0)
        sink = Sink(self.site, self.source_id, run_id, self.clock, backfill=cursor is None)
        try:
            tally = run_once(
                self.source.name, self.connector, self.mapping, sink, cursor=cursor, clock=self.clock, report=report
            )
        except SourceError as error:
            self._failed(run_id, error)
            raise
        self._succeeded(run_id)
        return tally

    def _succeeded(self, run_id: int) -> None:
        now = self.clock()
        with write(self.site.engine) as connection:
            sources.finish_run(connection, run_id, now, None)
            sources.update(connection, self.source_id, state="ok", last_success_at=now, error=None, failures=0)
        self.ring()

    def _failed(self, run_id: int, error: SourceError) -> None:
        state = next((name for kind, name in STATES if isinstance(error, kind)), "down")
        with write(self.site.engine) as connection:
            sources.finish_run(connection, run_id, self.clock(), str(error))
            failures = sources.failures_of(connection, self.source_id) + 1
            sources.update(connection, self.source_id, state=state, error=str(error), failures=failures)
        self.ring()

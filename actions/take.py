"""The store's end of the poller: one batch, one transaction, whatever the record."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa
import xxhash

from actions.site import Site
from actions.take_cameras import take_cameras
from actions.take_cases import take_cases
from actions.take_features import take_features
from actions.take_overlays import take_overlays
from actions.take_ratings import take_ratings
from actions.take_readings import take_readings
from actions.take_sensors import take_sensors
from actions.taken import Rejected, Taken
from datasources.contract import Batch, Cursor, Sunk
from datasources.poller import LIVE, Progress
from store import history, sources, texts
from store.engine import read, write
from store.locks import lock_source

TAKERS: dict[str, Callable[..., Taken]] = {
    "camera": take_cameras,
    "case": take_cases,
    "rating": take_ratings,
    "layer": take_features,
    "overlay": take_overlays,
    "reading": take_readings,
    "sensor": take_sensors,
}
"""How the store takes each record."""

RAW_COLUMNS = ["external_id", "reason", "detail", "raw", "origin", "row"]


FINISHED = {"live": "ok", "stopped": "ok", "paused": "paused", "down": "down", "refused": "refused", "bad": "bad"}
"""The poller's word for how a fetch ended → the state of the feed in the store."""


PROGRESS_SECONDS = 0.5
"""How often a running fetch says how far it is; a commit for every batch would say it too dearly."""

ALIVE_SECONDS = 5
"""How often a source that pushes is said to be alive."""

RUN_SECONDS = 3_600
"""A source that pushes is one fetch without an end: what it brought is put on record an hour at a time."""


@dataclass
class Feed:
    """One source as the poller sees it: where to go on, where batches go, and who hears how it goes.

    A fetch that brings something is a run on record; one that brings nothing leaves no run behind.
    """

    site: Site
    source_id: int
    clock: Callable[[], int]
    ring: Callable[[], None]
    backfill: bool = False
    run_id: int | None = None
    reasons: Counter[str] = field(default_factory=Counter)
    _told: float = 0.0
    _alive_until: int = 0
    _run_since: int = 0

    def cursor(self) -> Cursor | None:
        """Where the last committed batch ended; a fetch from the start brings in history."""
        found = self._begin()
        self.backfill = found is None
        return found

    def from_start(self) -> None:
        """The next fetch reads everything again."""
        self._begin()
        self.backfill = True

    def paused(self) -> bool:
        """Whether somebody keeps the source from being read."""
        with read(self.site.engine) as connection:
            return sources.is_paused(connection, self.source_id)

    def _begin(self) -> Cursor | None:
        now, self._alive_until = self.clock(), 0
        with write(self.site.engine) as connection:
            sources.break_off(connection, self.source_id, now)
            sources.update(connection, self.source_id, last_attempt_at=now)
            return sources.cursor_of(connection, self.source_id)

    def __call__(self, batch: Batch) -> Sunk:
        """Commit a batch: rows, steps, counts, quarantine, progress and cursor, or nothing. Safe to repeat."""
        with write(self.site.engine) as connection:
            lock_source(connection, self.source_id)
            if self.run_id is None:
                self._run_since = self.clock()
                self.run_id = sources.start_run(connection, self.source_id, self._run_since)
            sunk = self._take(connection, batch)
        self.ring()
        return sunk

    def report(self, progress: Progress) -> None:
        """Put on record how the fetch goes, and how it ended."""
        state = FINISHED.get(progress.state)
        if state is None:
            self._progress(progress)
        elif progress.state == LIVE and progress.next_at is None:
            self.alive()
        elif state == "ok":
            self.succeeded()
        else:
            self.failed(state, progress.error, progress.next_at)

    def alive(self) -> None:
        """The source that is followed was found alive; written at once after a failure, and then now and then."""
        now = self.clock()
        if self._alive_until - ALIVE_SECONDS <= now < self._alive_until:
            return
        run_id = None
        if self.run_id is not None and not 0 <= now - self._run_since < RUN_SECONDS:
            run_id, self.run_id = self.run_id, None
        self._write(run_id, state="ok", last_success_at=now, error=None, failures=0, next_at=None)
        self._alive_until = now + ALIVE_SECONDS

    def succeeded(self) -> None:
        """The fetch ended well."""
        self._end(state="ok", last_success_at=self.clock(), error=None, failures=0, next_at=None)

    def failed(self, state: str, error: str, next_at: int | None = None) -> None:
        """The fetch broke off: down (may pass), refused or bad (somebody has to mend it); or somebody paused it.

        next_at: when it is tried again (epoch seconds), where that is known.
        """
        if state == history.PAUSED:
            self._end(state=state, error=None, failures=0, next_at=None)
            return
        with read(self.site.engine) as connection:
            failures = sources.failures_of(connection, self.source_id) + 1
        self._end(state=state, error=error, failures=failures, next_at=next_at)

    def _end(self, **outcome: Any) -> None:
        run_id, self.run_id, self.reasons, self._alive_until = self.run_id, None, Counter(), 0
        self._write(run_id, **outcome)

    def _write(self, run_id: int | None, **outcome: Any) -> None:
        """One transaction: the run is closed (where there is one), the change noted, the state set."""
        now = self.clock()
        with write(self.site.engine) as connection:
            if run_id is not None:
                sources.finish_run(connection, run_id, now, outcome["error"])
            if outcome["failures"]:
                history.add_hour(connection, self.source_id, now, failures=1)
            if sources.is_paused(connection, self.source_id):  # what was under way when somebody paused it
                outcome |= {"state": history.PAUSED, "error": None, "failures": 0, "next_at": None}
            history.note(connection, self.source_id, outcome["state"], outcome["error"], now)
            sources.update(connection, self.source_id, **outcome)
        self.ring()

    def _progress(self, progress: Progress) -> None:
        if time.monotonic() < self._told + PROGRESS_SECONDS:
            return
        self._told = time.monotonic()
        with write(self.site.engine) as connection:
            sources.update(
                connection,
                self.source_id,
                state="running",
                rate=progress.rate,
                done=progress.done,
                total=progress.total,
            )

    def _take(self, connection: sa.Connection, batch: Batch) -> Sunk:
        now, unfit = self.clock(), texts.unfit(batch.frame)
        fit = batch.frame.drop(batch.frame.index[list(unfit)]) if unfit else batch.frame
        taken = TAKERS[batch.record](connection, self.site, self.source_id, fit, now=now, backfill=self.backfill)
        refused = [_refused(batch, fit, each) for each in taken.rejected]
        if unfit:
            bad = Rejected(np.fromiter(unfit, np.int64), "bad_text", unfit.__getitem__)
            refused.append(_refused(batch, batch.frame, bad))
        rejected = pd.concat([batch.rejected[RAW_COLUMNS], *refused], ignore_index=True)
        self._quarantine(connection, batch.frame, rejected, now)
        self.reasons.update(rejected["reason"])
        sunk = Sunk(taken.kept, taken.unchanged, len(rejected))
        counts = {**asdict(sunk), "read": batch.read, "empty": batch.empty}
        if self.run_id:  # a replay is no fetch
            sources.add_to_run(connection, self.run_id, **counts)
            history.add_hour(connection, self.source_id, now, **counts)
        if batch.gap is not None:
            history.keep_gap(connection, self.source_id, batch.gap.start, batch.gap.end, batch.gap.why)
        sources.update(connection, self.source_id, cursor=batch.cursor)
        return sunk

    def _quarantine(self, connection: sa.Connection, accepted: pd.DataFrame, rejected: pd.DataFrame, now: int) -> None:
        if sources.open_quarantine(connection, self.source_id):
            refused = set(rejected["external_id"].dropna())
            sources.resolve(connection, self.source_id, [k for k in accepted["external_id"] if k not in refused], now)
        rows = [
            (
                self.source_id,
                row_key(str(row.raw)),
                row.external_id,
                row.reason,
                row.detail,
                row.raw,
                row.origin,
                int(str(row.row)),
                now,
            )
            for row in rejected.itertuples(index=False)
        ]
        sources.quarantine_rows(connection, rows)


def row_key(raw: str) -> int:
    """The identity of a bad row: a signed 64-bit hash of its raw text."""
    return xxhash.xxh3_64_intdigest(raw.encode("utf-8", "surrogatepass")) - (1 << 63)


def _refused(batch: Batch, rows: pd.DataFrame, refusal: Rejected) -> pd.DataFrame:
    """Rows that were mapped well but cannot be stored, as the mapping's own rejections; `rows` are of batch.frame."""
    positions = rows.index.to_numpy()[refusal.positions]
    return pd.DataFrame(
        {
            "external_id": rows["external_id"].to_numpy(object)[refusal.positions],
            "reason": refusal.reason,
            "detail": [refusal.detail(int(i)) for i in refusal.positions],
            "raw": batch.raw(positions),
            "origin": batch.origin,
            "row": batch.rows[positions],
        },
        dtype=object,  # pandas' own texts refuse what is in here because a database would
    )

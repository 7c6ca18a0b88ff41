"""The sink of the poller: one batch, one transaction, whatever the record."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import orjson
import pandas as pd
import sqlalchemy as sa
import xxhash

from actions.site import Site
from actions.take_cases import take_cases
from actions.take_features import take_features
from actions.take_ratings import take_ratings
from actions.taken import Taken
from datasources.contract import Batch, Sunk
from store import sources
from store.engine import write
from store.locks import lock_source

TAKERS: dict[str, Callable[..., Taken]] = {
    "case": take_cases,
    "rating": take_ratings,
    "layer": take_features,
}
"""Records the store takes. Others are refused when the configuration is read."""

RAW_COLUMNS = ["external_id", "reason", "detail", "raw", "origin", "row"]


@dataclass(frozen=True)
class Sink:
    """Stores the batches of one run of one source: rows, steps, counts, quarantine, progress and cursor, or nothing."""

    site: Site
    source_id: int
    run_id: int
    clock: Callable[[], int]
    backfill: bool

    def __call__(self, batch: Batch) -> Sunk:
        """Commit a batch. Safe to repeat: a row stored before counts as unchanged."""
        with write(self.site.engine) as connection:
            lock_source(connection, self.source_id)
            return self._take(connection, batch)

    def _take(self, connection: sa.Connection, batch: Batch) -> Sunk:
        now = self.clock()
        taken = TAKERS[batch.record](
            connection, self.site, self.source_id, batch.frame, now=now, backfill=self.backfill
        )
        rejected = pd.concat([batch.rejected[RAW_COLUMNS], *_refused(batch, taken)], ignore_index=True)
        self._quarantine(connection, batch.frame, rejected, now)
        sunk = Sunk(taken.kept, taken.unchanged, len(rejected))
        sources.add_to_run(
            connection, self.run_id, read=batch.read, kept=sunk.kept, unchanged=sunk.unchanged,
            quarantined=sunk.quarantined, empty=batch.empty,
        )  # fmt: skip
        sources.update(connection, self.source_id, cursor=batch.cursor, done=batch.done, total=batch.total)
        return sunk

    def _quarantine(self, connection: sa.Connection, accepted: pd.DataFrame, rejected: pd.DataFrame, now: int) -> None:
        if sources.open_quarantine(connection, self.source_id):
            refused = set(rejected["external_id"].dropna())
            sources.resolve(connection, self.source_id, [k for k in accepted["external_id"] if k not in refused], now)
        rows = [
            (
                self.source_id,
                row_key(row.raw),
                row.external_id,
                row.reason,
                row.detail,
                row.raw,
                row.origin,
                int(row.row),
                now,
            )
            for row in rejected.itertuples(index=False)
        ]
        sources.quarantine_rows(connection, rows)


def row_key(raw: str) -> int:
    """The identity of a bad row: a signed 64-bit hash of its raw text."""
    return xxhash.xxh3_64_intdigest(raw.encode("utf-8", "surrogatepass")) - (1 << 63)


def _refused(batch: Batch, taken: Taken) -> list[pd.DataFrame]:
    """The rows that were mapped well but cannot be stored, in the form of the mapping's own rejections."""
    parts = []
    for refusal in taken.rejected:
        rows = batch.frame.iloc[refusal.positions]
        parts.append(
            pd.DataFrame(
                {
                    "external_id": rows["external_id"].to_numpy(object),
                    "reason": refusal.reason,
                    "detail": [refusal.detail(int(i)) for i in refusal.positions],
                    "raw": [orjson.dumps(_plain(row), default=str).decode() for row in rows.to_dict("records")],
                    "origin": batch.origin,
                    "row": np.int64(0),
                }
            )
        )
    return parts


def _plain(row: dict[str, object]) -> dict[str, object]:
    return {key: None if value != value else value for key, value in row.items()}

"""What a connector gives, what the mapping makes of it, what a sink answers."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, runtime_checkable
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

Clock = Callable[[], int]
"""Returns now as whole epoch seconds, UTC."""

Cursor = dict[str, Any]
"""Where a source has been read up to: JSON values only, opaque to everyone but its connector."""

GEOMETRY = "@geometry"
"""Column of a page that carries a feature's geometry (GeoJSON dict, WKT text or WKB bytes)."""

FEATURE_ID = "@id"
"""Column of a page that carries a GeoJSON feature's own id."""

UNFOLD = "@unfold"
"""Name, in a mapping, of the wide column that an unfolded record came from."""

REJECTED_COLUMNS = ("external_id", "reason", "detail", "raw", "origin", "row")


@dataclass(frozen=True)
class Unreadable:
    """A row that the connector could not split into cells: its number, its text as found and why."""

    row: int
    text: str
    detail: str


@dataclass(frozen=True)
class Gap:
    """A time for which a source has lost what it held for us: epoch seconds, and why in one clear sentence."""

    start: int
    end: int
    why: str


@dataclass(frozen=True)
class Page:
    """Raw rows as one source gave them.

    frame: raw cells, one column a source column; text as str, native types for JSON, Parquet and Excel.
    origin: what people call the place the rows came from ("requests.csv").
    first_row: 1-based number of the first row within the origin (header not counted).
    cursor: what to store once this page is committed.
    done, total: bytes or rows of the whole run; total 0 = unknown.
    rows: row numbers within the origin where they are not simply first_row, first_row + 1, …
    unreadable: rows that could not be split into cells.
    gap: what the source lost before these rows. · receipt: what acknowledge() is given once the page is committed.
    sparse: each row brings its own columns (messages): one that the mapping names and no row has is missing in all of them.
    """

    frame: pd.DataFrame
    origin: str
    first_row: int
    cursor: Cursor | None
    done: int = 0
    total: int = 0
    rows: np.ndarray | None = None
    unreadable: tuple[Unreadable, ...] = ()
    gap: Gap | None = None
    receipt: Any = None
    sparse: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether it says nothing but that the source is there; messages without a row are still to be acknowledged."""
        return not len(self.frame) and not self.unreadable and self.gap is None and not self.receipt

    def row_numbers(self) -> np.ndarray:
        """Row number of every row of the frame, int64."""
        return self.first_row + np.arange(len(self.frame)) if self.rows is None else self.rows


@dataclass(frozen=True)
class Batch:
    """A mapped page.

    frame: accepted rows in the columns of the record (domain.records.RECORDS), times float64 epoch seconds UTC.
    rejected: REJECTED_COLUMNS; reason is a short code, detail one clear sentence, raw the row as JSON text.
    raw: the raw form (JSON text) of accepted rows at given positions, for a row that the store then refuses.
    rows: row number within the origin of each accepted row.
    empty: cells of unfolded wide tables that hold nothing. read == len(frame) + len(rejected) + empty.
    """

    record: str
    frame: pd.DataFrame
    rejected: pd.DataFrame
    raw: Callable[[np.ndarray], list[str]]
    rows: np.ndarray
    read: int
    empty: int
    cursor: Cursor | None
    origin: str
    done: int = 0
    total: int = 0
    gap: Gap | None = None
    receipt: Any = None


@dataclass(frozen=True)
class Sunk:
    """What a sink did with a batch: rows stored or changed, rows it knew already, rows put into quarantine."""

    kept: int
    unchanged: int
    quarantined: int


Sink = Callable[[Batch], Sunk]
"""Stores a batch and its cursor in one transaction; safe to repeat with the same batch."""


class Connector(Protocol):
    """Translates one outside system into pages. No sleep, no retry, no state but the cursor."""

    def __init__(self, options: Mapping[str, Any], *, folder: Path, zone: ZoneInfo, clock: Clock) -> None:
        """Take the source's options; relative paths start at folder. Raises config.ConfigError for bad options."""

    def pages(self, cursor: Cursor | None) -> Iterator[Page]:
        """Yield what is new since cursor (None = from the start).

        Raises TemporaryError, AuthenticationError or BadDataError, and nothing else.
        Starting again from any page's cursor yields exactly the rows after that page.
        """


@runtime_checkable
class Following(Protocol):
    """A connector that can stay connected and hand on what is pushed to it."""

    def follow(self, cursor: Cursor | None) -> Iterator[Page]:
        """Like pages(), but goes on until it is closed; while nothing comes, an empty page every few seconds.

        An empty page says that the connection was found alive. pages() of such a connector ends once it is quiet.
        """


@runtime_checkable
class Acknowledging(Protocol):
    """A connector whose source keeps what was not acknowledged."""

    def acknowledge(self, receipt: Any) -> None:
        """A page is committed: the source may forget it. Called in the order of the pages, from another thread.

        Raises the three errors; what could not be acknowledged comes again and is then unchanged.
        """


@runtime_checkable
class Sampling(Protocol):
    """A connector that must be asked in another way when somebody only wants to look: reading would use up."""

    def sample(self) -> Iterator[Page]:
        """A few rows, leaving no trace at the source."""


class Inbox(Protocol):
    """What was pushed to a source and kept for it: (id, when it came in epoch seconds, body as it came)."""

    def waiting(self, after_id: int, limit: int) -> list[tuple[int, int, bytes]]:
        """The oldest that nobody has taken, beyond an id."""

    def latest(self, limit: int) -> list[tuple[int, int, bytes]]:
        """The newest, taken or not, oldest first."""

    def taken(self, ids: Sequence[int]) -> None:
        """Records were made of these."""


@runtime_checkable
class Receiving(Protocol):
    """A connector that asks nobody: others push to /hooks/<source>. inbox: set by whoever opens it.

    secret: what senders sign with. keep_seconds: how long a delivery is kept after it was taken.
    """

    inbox: Inbox
    secret: bytes
    keep_seconds: int

"""Looking at what a source would bring, before anything is stored: the first rows as mapped, the first that do not fit."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from datasources.contract import Batch, Connector, Page, Sampling
from datasources.errors import AuthenticationError, BadDataError, SourceError, TemporaryError
from datasources.fetch import ahead
from datasources.mapping import Mapping
from domain.actor import Actor
from store import audit
from store.engine import write

LIMIT_SECONDS = 10.0
SHOWN = 5
LOOKED_AT = 200
"""Rows of the first page that are mapped: enough to find those that do not fit, few enough to take no time."""
KINDS = ((AuthenticationError, "refused"), (BadDataError, "bad"), (TemporaryError, "down"))


@dataclass(frozen=True)
class Trial:
    """What came of it. state: ok | empty | down | refused | bad; error: in plain words, "" where it went well.

    records: the first accepted rows, field → value (times in epoch seconds). rejected: reason, detail, origin, row, raw of
    the first rows that do not fit. looked_at, fit: how many rows of the first page were mapped, and how many of them fit.
    """

    state: str
    error: str
    origin: str
    looked_at: int
    fit: int
    records: tuple[dict[str, Any], ...]
    rejected: tuple[dict[str, Any], ...]
    seconds: float


def trial(connector: Connector, mapping: Mapping, *, clock: Callable[[], int], limit: float = LIMIT_SECONDS) -> Trial:
    """Read the first page of a source and map it; nothing is stored, acknowledged or moved on. Raises nothing.

    A source that reading would use up is asked in its own other way (Sampling).
    """
    started = time.monotonic()
    try:
        batch = _first(connector, mapping, clock, started + limit)
    except SourceError as error:
        state = next(name for kind, name in KINDS if isinstance(error, kind))
        return Trial(state, str(error), "", 0, 0, (), (), time.monotonic() - started)
    seconds = time.monotonic() - started
    if batch is None:
        return Trial("empty", "", "", 0, 0, (), (), seconds)
    return Trial(
        "ok",
        "",
        batch.origin,
        batch.read - batch.empty,
        len(batch.frame),
        _rows(batch.frame),
        _rows(batch.rejected),
        seconds,
    )


def keep_on_record(engine: Any, actor: Actor, name: str, found: Trial, *, now: int) -> None:
    """That somebody looked: the outcome and the amounts, no value of a row."""
    detail = {"outcome": found.state, "looked_at": found.looked_at, "fit": found.fit}
    with write(engine) as connection:
        audit.append(connection, actor, "source.test", f"source:{name}", now=now, detail=detail)


def _first(connector: Connector, mapping: Mapping, clock: Callable[[], int], until: float) -> Batch | None:
    """The first page that says something, mapped. Raises the three errors."""
    read = connector.sample if isinstance(connector, Sampling) else lambda: connector.pages(None)
    left = max(until - time.monotonic(), 0.1)
    for page in _within(ahead(read, left, threading.Event()), until):
        if not page.is_empty:
            return mapping.apply(_beginning(page), clock())
    return None


def _within(pages: Iterator[Page], until: float) -> Iterator[Page]:
    """The pages until a moment of the monotonic clock: a source that is only alive brings no row by then."""
    for page in pages:
        yield page
        if time.monotonic() > until:
            return


def _beginning(page: Page) -> Page:
    """The first rows of a page."""
    rows = None if page.rows is None else page.rows[:LOOKED_AT]
    return replace(page, frame=page.frame.head(LOOKED_AT), rows=rows, unreadable=page.unreadable[:LOOKED_AT])


def _rows(frame: pd.DataFrame) -> tuple[dict[str, Any], ...]:
    """The first rows as plain values; None where there is nothing."""
    found: Sequence[dict[Any, Any]] = frame.head(SHOWN).to_dict("records")
    return tuple({str(name): None if _is_missing(value) else value for name, value in row.items()} for row in found)


def _is_missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and value != value)

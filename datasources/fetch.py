"""Fetches pages under a time limit, one page ahead of the one being stored."""

import queue
import threading
import time
from collections.abc import Callable, Generator, Iterator
from typing import Any, Protocol

from datasources.contract import Page
from datasources.errors import BadDataError, SourceError, TemporaryError

SLICE_SECONDS = 0.1
END = object()


class Ending(Protocol):
    """Says when to end."""

    def is_set(self) -> bool:
        """Whether it is time."""


def ahead(pages: Callable[[], Iterator[Page]], limit_seconds: float, stop: Ending) -> Generator[Page, None, None]:
    """The pages of a connector, read in a thread of their own. Ends early once stop is set.

    Raises TemporaryError when the next page takes longer than limit_seconds (the thread is left to itself and gives
    up at its next page), BadDataError for an exception that a connector must not raise.
    """
    box: queue.Queue[Any] = queue.Queue(maxsize=1)
    gone = threading.Event()
    threading.Thread(target=_fill, args=(pages, box, gone), name="fetch", daemon=True).start()
    try:
        while (item := _take(box, limit_seconds, stop)) is not END:
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        gone.set()


def _take(box: "queue.Queue[Any]", limit_seconds: float, stop: Ending) -> Any:
    until = time.monotonic() + limit_seconds
    while not stop.is_set():
        left = until - time.monotonic()
        if left <= 0:
            raise TemporaryError(f"no answer within {limit_seconds:g} seconds; it will be tried again")
        try:
            return box.get(timeout=min(left, SLICE_SECONDS))
        except queue.Empty:
            continue
    return END


def _fill(pages: Callable[[], Iterator[Page]], box: "queue.Queue[Any]", gone: threading.Event) -> None:
    try:
        for page in pages():
            if not _put(page, box, gone):
                return
        _put(END, box, gone)
    except SourceError as error:
        _put(error, box, gone)
    except Exception as error:  # noqa: BLE001 (a connector's mistake must not end the worker)
        _put(_unexpected(error), box, gone)


def _unexpected(error: Exception) -> BadDataError:
    wrapped = BadDataError(
        f"unexpected {type(error).__name__}: {error}; this is a fault of the connector, please report it"
    )
    wrapped.__cause__ = error
    return wrapped


def _put(item: Any, box: "queue.Queue[Any]", gone: threading.Event) -> bool:
    while not gone.is_set():
        try:
            box.put(item, timeout=SLICE_SECONDS)
        except queue.Full:
            continue
        return True
    return False

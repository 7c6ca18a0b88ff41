"""Work that several ask for at a time is done once, and its answer serves all who ask within a moment."""

import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")

SWEPT_FROM = 64
"""Answers kept before those that serve no longer are let go."""


@dataclass(frozen=True)
class _Asked(Generic[T]):
    at: float
    fresh_seconds: float
    failed_seconds: float
    answer: "Future[T]"

    def serves(self, now: float) -> bool:
        """Whether the next one who asks is answered by it."""
        if not self.answer.done():
            return True
        return now - self.at < (self.failed_seconds if self.answer.exception() else self.fresh_seconds)


class Once(Generic[K, T]):
    """Answers by key, worked out in threads of their own, so that slow work takes no thread from pages."""

    def __init__(self, threads: int, name: str) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._asked: dict[K, _Asked[T]] = {}
        self._lock = Lock()

    def ask(self, key: K, work: Callable[[], T], *, fresh_seconds: float, failed_seconds: float) -> "Future[T]":
        """The answer that is on its way or fresh enough; else `work` is begun. A failure is an answer as well."""
        with self._lock:
            now = time.monotonic()
            found = self._asked.get(key)
            if found is None or not found.serves(now):
                if len(self._asked) >= SWEPT_FROM:
                    self._asked = {each: asked for each, asked in self._asked.items() if asked.serves(now)}
                found = _Asked(now, fresh_seconds, failed_seconds, self._pool.submit(work))
                self._asked[key] = found
        return found.answer

    def forget(self, key: K) -> None:
        """The next one who asks is not served by what is kept."""
        with self._lock:
            self._asked.pop(key, None)

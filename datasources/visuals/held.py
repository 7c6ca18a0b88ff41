"""Something read from a service, held for a while by all who draw with it."""

from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Held(Generic[Value]):
    """Reads at most once at a time, and again once it is older than `seconds`. Thread-safe; raises what `read` raises."""

    def __init__(self, read: Callable[[], Value], seconds: float, clock: Callable[[], float]) -> None:
        self._read, self._seconds, self._clock = read, seconds, clock
        self._lock = Lock()
        self._held: tuple[float, Value] | None = None

    def get(self) -> Value:
        """What was read, if it is not too old."""
        with self._lock:
            if self._held is None or not 0 <= self._clock() - self._held[0] < self._seconds:
                self._held = self._clock(), self._read()
            return self._held[1]

    def afresh(self) -> Value:
        """Read now."""
        with self._lock:
            self._held = self._clock(), self._read()
            return self._held[1]

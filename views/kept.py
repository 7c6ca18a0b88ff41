"""What was made once and may be asked again: a cache that is limited by the bytes it holds."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """Values by key, the least recently used dropped first. Thread-safe; a value may be made twice, never half."""

    def __init__(self, limit_bytes: int, size: Callable[[T], int]) -> None:
        """limit_bytes: how much to hold. size: bytes of a value."""
        self._limit, self._size = limit_bytes, size
        self._held: OrderedDict[Hashable, T] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value of a key, made when it is not held."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key]
        made = make()
        with self._lock:
            if key not in self._held:
                self._held[key] = made
                self._bytes += self._size(made)
            while self._bytes > self._limit and len(self._held) > 1:
                self._bytes -= self._size(self._held.popitem(last=False)[1])
        return made

"""So many times in so long, a client: counted in this process, forgotten with it."""

from collections import deque

MOST_KEPT = 10_000


class Turnstile:
    """Lets each name through `most` times in `seconds`."""

    def __init__(self, most: int, seconds: int) -> None:
        self._most, self._seconds = most, seconds
        self._passed: dict[str, deque[int]] = {}

    def lets(self, name: str, now: int) -> bool:
        """Whether the name may go through now; when it may, it has."""
        passed = self._passed.setdefault(name, deque())
        while passed and passed[0] <= now - self._seconds:
            passed.popleft()
        if len(passed) >= self._most:
            return False
        passed.append(now)
        if len(self._passed) > MOST_KEPT:
            since = now - self._seconds
            self._passed = {each: times for each, times in self._passed.items() if times and times[-1] > since}
        return True

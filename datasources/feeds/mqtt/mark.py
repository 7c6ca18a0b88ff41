"""A mark that we leave at a broker, retained, to know whether it still is where we left it."""

from dataclasses import dataclass

EVERY_SECONDS = 10


@dataclass
class Mark:
    """Numbers that only grow (epoch seconds), the newest one kept by the broker.

    found: the one that it had when we came, 0 = none. left: the newest that it has of us since, 0 = it has not said so yet.
    """

    found: int = 0
    left: int = 0
    tried: int = 0

    def heard(self, payload: bytes, *, retained: bool) -> None:
        """What the broker says of it: first what it had, then each of ours as it comes back."""
        number = int(payload) if payload.isdigit() and len(payload) < 16 else 0
        if not retained:
            self.left = max(self.left, number)
        elif not self.left:
            self.found = number

    def due(self, now: int, known: int) -> int | None:
        """The next number, when it is time for one; greater than all that are known, whatever the clock does."""
        number = max(now, known + 1, self.left + 1)
        if self.tried and 0 <= now - self.tried < EVERY_SECONDS:
            return None
        self.tried = now
        return number

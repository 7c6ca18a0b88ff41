"""When a session ends by itself."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Span:
    """idle_seconds: without a sign of its owner. longest_seconds: in any case."""

    idle_seconds: int
    longest_seconds: int

    def is_over(self, made_at: int, seen_at: int, now: int) -> bool:
        """Whether a session of these times has ended by `now` (epoch seconds)."""
        return now >= seen_at + self.idle_seconds or now >= made_at + self.longest_seconds

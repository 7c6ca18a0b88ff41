"""How fresh a feed is, by its own clock (visual design, States)."""

STALE_AFTER, DOWN_AFTER = 3, 10
"""Missed intervals after which its figures are stale, and after which they are not shown as current at all."""

LIVE, STALE, DOWN, WAITING = "live", "stale", "down", "waiting"


def freshness(*, last_success_at: int | None, every_seconds: int, refused: bool, now: int) -> str:
    """Live | stale | down | waiting (never read yet). Times in epoch seconds; refused = the source turned us away."""
    if refused:
        return DOWN
    if last_success_at is None:
        return WAITING
    missed = (now - last_success_at) // every_seconds
    return DOWN if missed >= DOWN_AFTER else STALE if missed >= STALE_AFTER else LIVE


def worst(states: list[str]) -> str:
    """The state to show for figures fed by several sources."""
    order = (DOWN, STALE, WAITING, LIVE)
    return next((state for state in order if state in states), WAITING)

"""How long a case has left, in words."""

from components.datatimes import DAY, HOUR, MINUTE
from components.words import _

LATE, LEFT = "is-late", "is-left"


def time_left(due_at: int | None, now: int) -> tuple[str, str]:
    """(text, look) of a deadline as of `now`, both epoch seconds: 剩 or 超, two units at most; no deadline is a dash."""
    if due_at is None:
        return "—", ""
    left = due_at - now
    return (_("{time} left", time=_span(left)), LEFT) if left >= 0 else (_("{time} over", time=_span(-left)), LATE)


def _span(seconds: int) -> str:
    days, hours, minutes = seconds // DAY, seconds % DAY // HOUR, seconds % HOUR // MINUTE
    if days:
        return _("{n} d", n=f"{days:,}") + (" " + _("{n} h", n=hours) if hours and days < 10 else "")
    return " ".join(
        [*([_("{n} h", n=hours)] if hours else []), *([_("{n} min", n=minutes)] if minutes or not hours else [])]
    )

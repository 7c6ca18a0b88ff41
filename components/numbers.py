"""Numbers that are printed without the zeros at their end, and lengths of time in two parts."""

from components.amounts import NOTHING
from components.words import _

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_MANY_DAYS = 10


def decimal(value: float | None, digits: int, *, fixed: bool = False) -> str:
    """A value rounded to `digits`; zeros at the end are dropped unless the digits are fixed."""
    if value is None:
        return NOTHING
    text = f"{value:,.{digits}f}"
    return text if fixed or "." not in text else text.rstrip("0").rstrip(".")


def duration(seconds: float) -> str:
    """A length of time in its two largest parts: days and hours, hours and minutes, or minutes; many days alone."""
    total = int(abs(seconds))
    days, hours, minutes = total // _DAY, total % _DAY // _HOUR, total % _HOUR // _MINUTE
    if days >= _MANY_DAYS or (days and not hours):
        return _("{n} d", n=f"{days:,}")
    if days:
        return f"{_('{n} d', n=days)} {_('{n} h', n=hours)}"
    if hours:
        return f"{_('{n} h', n=hours)} {_('{n} min', n=minutes)}" if minutes else _("{n} h", n=hours)
    return _("{n} min", n=minutes) if minutes else _("{n} s", n=total)

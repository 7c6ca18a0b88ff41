"""Numbers as they are printed: one rule for cards, tables, charts and lists."""

from components.words import _
from domain.measures import Kpi, N_

NOTHING = "—"
"""A figure without a denominator."""

UNITS = {"cases": N_("cases"), "percent": "%", "days": N_("days")}

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400


def whole(n: float | None) -> str:
    """A count with commas between thousands."""
    return NOTHING if n is None else f"{round(n):,}"


def decimal(value: float | None, digits: int, *, fixed: bool = False) -> str:
    """A value rounded to `digits`; zeros at the end are dropped unless the digits are fixed."""
    if value is None:
        return NOTHING
    text = f"{value:,.{digits}f}"
    return text if fixed or "." not in text else text.rstrip("0").rstrip(".")


def value(kpi: Kpi, figure: float | None) -> str:
    """The value of a key figure in its own digits, without its unit."""
    return whole(figure) if kpi.digits == 0 else decimal(figure, kpi.digits)


def unit(kpi: Kpi) -> str:
    """The unit of a key figure."""
    return _(UNITS[kpi.unit])


def duration(seconds: float) -> str:
    """A length of time in its two largest parts: days and hours, hours and minutes, or minutes."""
    total = int(abs(seconds))
    days, hours, minutes = total // _DAY, total % _DAY // _HOUR, total % _HOUR // _MINUTE
    if days:
        return _("{days} d {hours} h", days=days, hours=hours) if hours else _("{days} d", days=days)
    if hours:
        return _("{hours} h {minutes} min", hours=hours, minutes=minutes) if minutes else _("{hours} h", hours=hours)
    return _("{minutes} min", minutes=minutes) if minutes else _("{seconds} s", seconds=total)

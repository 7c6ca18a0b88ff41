"""Times as residents read them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from components.words import _


def short_time(at: int, now: int, zone: ZoneInfo) -> str:
    """Today's clock time, or the day with it; the year only where it is another."""
    when, today = datetime.fromtimestamp(at, zone), datetime.fromtimestamp(now, zone)
    if when.date() == today.date():
        return _("today {time}", time=f"{when:%H:%M}")
    return f"{when:%m-%d %H:%M}" if when.year == today.year else f"{when:%Y-%m-%d %H:%M}"

"""Days as people write them: one, or a stretch of them."""

import re
from datetime import date

from domain.measures import N_
from domain.periods import day_of
from domain.refusal import Refused

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def days_of(text: str) -> tuple[int, ...]:
    """The day numbers of "2027-02-05" or "2027-02-05..2027-02-11". Raises Refused."""
    first, _, last = text.partition("..")
    start, end = _day(first.strip()), _day((last or first).strip())
    if end < start:
        raise Refused("invalid", N_("{text}: the first day is after the last."), text=text)
    return tuple(range(start, end + 1))


def _day(text: str) -> int:
    try:
        if _DATE.fullmatch(text):
            return day_of(date.fromisoformat(text))
    except ValueError:
        pass
    raise Refused("invalid", N_("'{text}' is not a day of the calendar; write it like 2027-02-05."), text=text[:40])

"""Deadlines in the four units of time limits (domain handbook §1). Instants are integer epoch seconds in UTC.

urgent_hours 紧急工作时 run day and night, work_hours 工作时 in office hours only. work_days 工作日 count days of work: a limit of
N ends at the same time on the wall N days of work later, and what starts outside office hours starts at the next opening.
calendar_days 自然日 count every day the same way. A part of a day is that part of its open time. Where clocks change, a day
of 23 or 25 hours is one day; what starts or ends on it keeps its part of the day, not its time on the wall.

Limits add up: a limit of a and then one of b end when a limit of a + b does, and a later start never ends earlier. Parts of a
day are rounded to whole seconds.
"""

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Literal

from domain.periods import date_of
from domain.workcalendar import HOUR, Stretch, WorkCalendar

Unit = Literal["urgent_hours", "work_hours", "work_days", "calendar_days"]
UNITS: tuple[Unit, ...] = ("urgent_hours", "work_hours", "work_days", "calendar_days")


def add(calendar: WorkCalendar, start: int, amount: float, unit: Unit) -> int:
    """The instant at which a limit of `amount` (0 or more) ends that begins at `start`."""
    if amount < 0:
        message = f"a time limit of {amount} is less than nothing"
        raise ValueError(message)
    return _ADD[unit](calendar, start, amount)


def elapsed(calendar: WorkCalendar, start: int, end: int, unit: Unit) -> float:
    """How much of the unit lies between two instants; negative when `end` is the earlier one."""
    if end < start:
        return -elapsed(calendar, end, start, unit)
    return _ELAPSED[unit](calendar, start, end)


def remaining(calendar: WorkCalendar, now: int, due: int, unit: Unit) -> float:
    """How much of the unit is left until `due`; negative by how much it is overdue."""
    return elapsed(calendar, now, due, unit)


def postponed(calendar: WorkCalendar, due: int, paused_from: int, paused_to: int, unit: Unit) -> int:
    """The deadline after a pause: as much is left at its end as was left at its start. What was overdue stays so."""
    if due <= paused_from:
        return due
    return add(calendar, paused_to, elapsed(calendar, paused_from, due, unit), unit)


def unknown_years(calendar: WorkCalendar, start: int, end: int) -> tuple[int, ...]:
    """The years between two instants whose holidays are not known: deadlines there run on weekdays alone."""
    first, last = (date_of(calendar.zone.day(each)).year for each in (start, end))
    return tuple(year for year in range(first, last + 1) if not calendar.is_known(year))


def closed(calendar: WorkCalendar, start: int, end: int, unit: Unit) -> tuple[Stretch, ...]:
    """The stretches between two instants in which the unit does not run, in order."""
    if unit not in {"work_hours", "work_days"}:
        return ()
    found, since = [], start
    for day in range(calendar.zone.day(start), calendar.zone.day(end) + 1):
        for first, last in calendar.openings(day):
            if since < min(first, end):
                found.append((since, min(first, end)))
            since = max(since, last)
    return (*found, (since, end)) if since < end else tuple(found)


def _add_seconds(_calendar: WorkCalendar, start: int, amount: float) -> int:
    return start + round(amount * HOUR)


def _add_work_hours(calendar: WorkCalendar, start: int, amount: float) -> int:
    left = round(amount * HOUR)
    day, spent = calendar.zone.day(start), None
    while left:
        open_times = calendar.openings(day)
        spent = _passed(open_times, start) if spent is None else 0
        here = _passed(open_times) - spent
        if left <= here:
            return _instant(open_times, spent + left - 1) + 1
        left, day = left - here, day + 1
    return start


def _add_days(open_times: Callable[[WorkCalendar, int], tuple[Stretch, ...]]) -> Callable[..., int]:
    def add_days(calendar: WorkCalendar, start: int, amount: float) -> int:
        first = calendar.zone.day(start)
        days = _open_days(calendar, first, open_times)
        day, times = next(days)
        spent = _passed(times, start) if day == first else 0
        if spent == _passed(times):
            (_day, times), spent = next(days), 0
        whole, part = divmod(Fraction(spent, _passed(times)) + Fraction(amount), 1)
        for _ in range(int(whole)):
            _day, times = next(days)
        seconds = round(part * _passed(times))
        if seconds == _passed(times):
            (_day, times), seconds = next(days), 0
        return _instant(times, seconds)

    return add_days


def _elapsed_work_hours(calendar: WorkCalendar, start: int, end: int) -> float:
    first, last = calendar.zone.day(start), calendar.zone.day(end)
    seconds = sum(_passed(calendar.openings(day)) for day in range(first, last))
    return (seconds + _passed(calendar.openings(last), end) - _passed(calendar.openings(first), start)) / HOUR


def _elapsed_days(open_times: Callable[[WorkCalendar, int], tuple[Stretch, ...]]) -> Callable[..., float]:
    def part(calendar: WorkCalendar, day: int, instant: int) -> Fraction:
        times = open_times(calendar, day)
        return Fraction(_passed(times, instant), _passed(times)) if times else Fraction(0)

    def elapsed_days(calendar: WorkCalendar, start: int, end: int) -> float:
        first, last = calendar.zone.day(start), calendar.zone.day(end)
        whole = sum(1 for day in range(first, last) if open_times(calendar, day))
        return float(whole + part(calendar, last, end) - part(calendar, first, start))

    return elapsed_days


def _whole_day(calendar: WorkCalendar, day: int) -> tuple[Stretch, ...]:
    first, last = calendar.zone.start(day), calendar.zone.start(day + 1)
    return ((first, last),) if first < last else ()


def _open_days(
    calendar: WorkCalendar, day: int, open_times: Callable[[WorkCalendar, int], tuple[Stretch, ...]]
) -> Iterator[tuple[int, tuple[Stretch, ...]]]:
    """From this day on, each day that has open times, with them."""
    while True:
        if times := open_times(calendar, day):
            yield day, times
        day += 1


def _passed(times: tuple[Stretch, ...], instant: int | None = None) -> int:
    """Seconds of open time before an instant; all of them without one."""
    if instant is None:
        return sum(last - first for first, last in times)
    return sum(min(max(instant, first), last) - first for first, last in times)


def _instant(times: tuple[Stretch, ...], seconds: int) -> int:
    """The instant before which so many seconds were open, and which is open itself."""
    for first, last in times:
        if seconds < last - first:
            return first + seconds
        seconds -= last - first
    message = "the instant lies after the open times"
    raise ValueError(message)


_ADD: dict[Unit, Callable[[WorkCalendar, int, float], int]] = {
    "urgent_hours": _add_seconds,
    "work_hours": _add_work_hours,
    "work_days": _add_days(WorkCalendar.openings),
    "calendar_days": _add_days(_whole_day),
}

_ELAPSED: dict[Unit, Callable[[WorkCalendar, int, int], float]] = {
    "urgent_hours": lambda _calendar, start, end: (end - start) / HOUR,
    "work_hours": _elapsed_work_hours,
    "work_days": _elapsed_days(WorkCalendar.openings),
    "calendar_days": _elapsed_days(_whole_day),
}

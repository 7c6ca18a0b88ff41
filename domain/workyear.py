"""What the State Council's holiday notices say, as the package chinesecalendar holds them, a year at a time.

The notice of a year comes late in the year before: a year that the package does not know has weekdays and weekends only.
"""

from datetime import date

from chinese_calendar.constants import holidays, workdays

FIRST_YEAR, LAST_YEAR = min(holidays).year, max(holidays).year
"""The years that are known; the package of November 2026 ends with 2026."""
_SATURDAY = 5


def is_known(year: int) -> bool:
    """Whether the holidays of this year are known."""
    return FIRST_YEAR <= year <= LAST_YEAR


def is_workday(value: date) -> bool:
    """Whether people work on this date: by the notice (调休 included), or by the weekday alone in an unknown year."""
    return bool(value in workdays or (value.weekday() < _SATURDAY and value not in holidays))


def kind(value: date) -> str:
    """What the date is before anyone edits it: workday | weekend | holiday | shifted (调休: a weekend day of work)."""
    if value in workdays:
        return "shifted"
    if value in holidays:
        return "holiday"
    return "workday" if value.weekday() < _SATURDAY else "weekend"


def occasion(value: date) -> str:
    """English name of the holiday that makes this date free, or makes it a day of work in exchange; "" for neither."""
    return workdays.get(value) or holidays.get(value) or ""

"""Periods in words: the name of a window, its dates, what it is compared with."""

import re
from datetime import date

from components.words import _
from domain.measures import N_
from domain.periods import Period, date_of, month

PRESETS = (
    ("7d", N_("Last 7 days")),
    ("30d", N_("Last 30 days")),
    ("90d", N_("Last 90 days")),
    ("365d", N_("Last year")),
)


def presets(today: int) -> tuple[tuple[str, str], ...]:
    """What can be chosen with one click: (as written in the address, name)."""
    this, last = months_to_choose(today)
    return (*((text, _(name)) for text, name in PRESETS), (this, _("This month")), (last, _("Last month")))


def months_to_choose(today: int) -> tuple[str, str]:
    """The current month and the last one, YYYY-MM."""
    now = date_of(today)
    this = now.strftime("%Y-%m")
    return this, date_of(month(this).first - 1).strftime("%Y-%m")


def period_name(text: str, today: int) -> str:
    """The name of a period by how it is written in the address."""
    named = dict(presets(today))
    if text in named:
        return named[text]
    if match := re.fullmatch(r"(\d+)d", text):
        return _("Last {n} days", n=match[1])
    return _("Chosen dates")


def dates(period: Period, today: int) -> str:
    """First to last day; the year only where it is not this year, the last day as 'today' where it is."""
    first, last = period.dates
    year = date_of(today).year
    if len(period) == 1:
        return _("today") if period.last == today else _day(first, year)
    if period.last == today:
        return _("{first} to today", first=_day(first, year))
    return _("{first} to {last}", first=_day(first, year), last=_day(last, year if first.year == year else first.year))


def _day(value: date, year: int) -> str:
    return value.strftime("%m-%d" if value.year == year else "%Y-%m-%d")


def before_name(period: Period) -> str:
    """What a period is compared with."""
    months = len(period.months())
    if months == 1:
        return _("the month before")
    if months:
        return _("the {n} months before", n=months)
    return _("the day before") if len(period) == 1 else _("the {n} days before", n=len(period))

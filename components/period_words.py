"""A period in words, with the dates it means."""

from components.words import _
from domain.measures import N_
from domain.periods import Period, date_of

ROLLING_WORDS = {
    "7d": N_("Last 7 days"), "30d": N_("Last 30 days"), "90d": N_("Last 90 days"), "365d": N_("Last 365 days"),
}  # fmt: skip


def period_words(text: str, period: Period, today: int) -> str:
    """The period as written in the address, in words; rolling ones with their dates."""
    months = period.months()
    if text in ROLLING_WORDS:
        return f"{_(ROLLING_WORDS[text])} {dates_words(period, today)}"
    if months and text == (months[0] if len(months) == 1 else f"{months[0]}..{months[-1]}"):
        return months[0] if len(months) == 1 else _("{first} to {last}", first=months[0], last=months[-1])
    return dates_words(period, today, year=True)


def dates_words(period: Period, today: int, *, year: bool = False) -> str:
    """First and last day; today is called so. Years are said where they are not this year's."""
    first, last = period.dates
    long = year or first.year != date_of(today).year or last.year != date_of(today).year
    form = "%Y-%m-%d" if long else "%m-%d"
    if period.last == today and not long:
        return _("{first} to today", first=first.strftime(form))
    return _("{first} to {last}", first=first.strftime(form), last=last.strftime(form))

"""A year as twelve months: days of work and days off by colour and by mark, each a link that chooses it."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from babel.dates import format_date, get_day_names, get_month_names
from dash import html

from components.attributes import attributes
from components.facets import go
from components.words import _, language
from domain.measures import N_

OCCASIONS = {
    "New Year's Day": N_("New Year's Day"), "Spring Festival": N_("Spring Festival"),
    "Tomb-sweeping Day": N_("Tomb-sweeping Day"), "Labour Day": N_("Labour Day"),
    "Dragon Boat Festival": N_("Dragon Boat Festival"), "National Day": N_("National Day"),
    "Mid-autumn Festival": N_("Mid-autumn Festival"), "Anti-Fascist 70th Day": N_("Anti-Fascist 70th Day"),
}  # fmt: skip
NOTICES = {
    "workday": N_("Workday"), "weekend": N_("Weekend"), "holiday": N_("Public holiday"),
    "shifted": N_("Workday in exchange"),
}  # fmt: skip
"""What a day is by the notice → word."""
MARKS = {"holiday": N_("H"), "shifted": N_("W")}
EDITED = N_("E")
WEEKDAYS = tuple(range(7))
_LOOKS = {True: "is-work", False: "is-off"}


class Day(Protocol):
    """What a cell needs of a day (views.workdays.Day)."""

    @property
    def day(self) -> int: ...
    @property
    def date(self) -> date: ...
    @property
    def notice(self) -> str: ...
    @property
    def is_workday(self) -> bool: ...
    @property
    def edited(self) -> bool: ...
    @property
    def occasion(self) -> str: ...


def day_words(day: Day) -> str:
    """What a day is, in words: the date, what the notice says, what people made of it."""
    told = format_date(day.date, "full", locale=language())
    notice = _(NOTICES[day.notice]) + (f" · {_(OCCASIONS.get(day.occasion, day.occasion))}" if day.occasion else "")
    changed = f" · {_('changed to: {what}', what=work_word(is_workday=day.is_workday))}" if day.edited else ""
    return f"{told} · {notice}{changed}"


def work_word(*, is_workday: bool) -> str:
    """Workday or day off."""
    return _("Workday") if is_workday else _("Day off")


def year_calendar(days: Sequence[Day], *, chosen: int, today: int) -> html.Div:
    """Twelve tables. chosen and today: numbers of days; the chosen one is where the keyboard enters."""
    entry = chosen if days[0].day <= chosen <= days[-1].day else max(days[0].day, min(today, days[-1].day))
    months = [_month([day for day in days if day.date.month == month], chosen, today, entry) for month in range(1, 13)]
    return html.Div(months, className="gh-year")


def _month(days: Sequence[Day], chosen: int, today: int, entry: int) -> html.Table:
    names = get_day_names("abbreviated" if language() == "en" else "narrow", locale=language())
    head = html.Tr([html.Th(names[n], scope="col") for n in WEEKDAYS])
    cells: list[html.Td] = [html.Td() for _blank in range(days[0].date.weekday())]
    cells += [html.Td(_link(day, chosen, today, entry)) for day in days]
    weeks = [html.Tr(cells[at : at + 7]) for at in range(0, len(cells), 7)]
    caption = get_month_names("wide", locale=language())[days[0].date.month]
    return html.Table([html.Caption(caption), html.Thead(head), html.Tbody(weeks)], className="gh-month")


def _link(day: Day, chosen: int, today: int, entry: int) -> html.A:
    mark = EDITED if day.edited else MARKS.get(day.notice)
    look = [
        "gh-day", _LOOKS[day.is_workday], f"is-{day.notice}", *(["is-edited"] if day.edited else []),
        *(["is-today"] if day.day == today else []), *(["is-chosen"] if day.day == chosen else []),
    ]  # fmt: skip
    more = attributes(aria_label=day_words(day), data_day=str(day.day))
    more |= attributes(aria_current="date") if day.day == today else {}
    more["tabIndex"] = 0 if day.day == entry else -1
    said = [html.Span(str(day.date.day)), *([html.I(_(mark), **attributes(aria_hidden="true"))] if mark else [])]
    return go(said, f"/calendar?year={day.date.year}&day={day.date.isoformat()}", " ".join(look), **more)


def legend() -> html.Ul:
    """What the colours and marks say."""
    shown = (
        ("is-work is-workday", "", _("Workday")),
        ("is-off is-weekend", "", _("Weekend")),
        ("is-off is-holiday", MARKS["holiday"], _("Public holiday")),
        ("is-work is-shifted", MARKS["shifted"], _("Workday in exchange")),
        ("is-work is-workday is-edited", EDITED, _("Changed here")),
    )
    return html.Ul(
        [html.Li([html.Span(_(mark) if mark else "7", className=f"gh-day {look}",
                            **attributes(aria_hidden="true")), word]) for look, mark, word in shown],
        className="gh-day-legend",
    )  # fmt: skip

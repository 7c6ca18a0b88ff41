"""What stands around a year of the calendar: its head, the chosen day with its form, the changes on record."""

from collections.abc import Sequence
from typing import Protocol
from zoneinfo import ZoneInfo

from dash import dcc, html

from components.attributes import attributes
from components.caselines import moment_text
from components.facets import go
from components.words import _
from components.year_calendar import Day, day_words, legend, work_word
from domain.periods import date_of


class Noted(Day, Protocol):
    """A day with what people said of it (views.workdays.Day)."""

    @property
    def note(self) -> str: ...
    @property
    def by(self) -> str: ...


class Change(Protocol):
    """A change on record (views.workdays.Change)."""

    @property
    def at(self) -> int: ...
    @property
    def by(self) -> str: ...
    @property
    def day(self) -> int | None: ...
    @property
    def year(self) -> int: ...
    @property
    def now(self) -> bool | None: ...
    @property
    def note(self) -> str: ...


class Following(Protocol):
    """How far open deadlines follow the calendar (views.workdays.Following)."""

    @property
    def seen(self) -> int: ...
    @property
    def total(self) -> int: ...
    @property
    def moved(self) -> int: ...
    @property
    def finished_at(self) -> int | None: ...


def calendar_head(year: int, workdays: int, following: Following | None, zone: ZoneInfo) -> html.Div:
    """The year with its neighbours, how many days of work it has, how far the deadlines are, the legend."""
    ways = html.Nav(
        [
            go("‹", f"/calendar?year={year - 1}", "gh-button", **attributes(aria_label=_("The year before"))),
            go("›", f"/calendar?year={year + 1}", "gh-button", **attributes(aria_label=_("The year after"))),
        ],
        className="gh-years", **attributes(aria_label=_("Years")),
    )  # fmt: skip
    told = [_("{n} workdays", n=workdays), *([followed(following, zone)] if following else [])]
    title = html.Div(
        [html.H1(_("Workday calendar {year}", year=year)), html.P(" · ".join(told), className="gh-subtitle")]
    )
    return html.Div([title, html.Div([ways, legend()], className="gh-actions")], className="gh-head")


def followed(going: Following, zone: ZoneInfo) -> str:
    """How far the deadlines of open cases follow the last change."""
    if going.finished_at is None:
        return _("deadlines are being worked out anew: {seen} of {total}", seen=going.seen, total=going.total)
    at = moment_text(going.finished_at, zone, "%m-%d %H:%M")
    return _("deadlines follow since {at}, {moved} moved", at=at, moved=going.moved)


def unknown_year(year: int, *, may_change: bool) -> html.Div:
    """Said over a year whose holidays are not known; the button ends it."""
    text = _(
        "The holidays of {year} are not known to this program. Deadlines count every weekday as a day of work until they are entered here.",
        year=year,
    )
    button = html.Button(_("All holidays of {year} are entered", year=year), id={"type": "calendar-confirm", "year": year},
                         type="button", className="gh-button")  # fmt: skip
    mark = html.Span("▲", **attributes(aria_hidden="true"))
    return html.Div(
        [mark, html.P(text), *([button] if may_change else [])], className="gh-unknown-years", role="status"
    )


def chosen_day(day: Noted | None, *, may_change: bool) -> html.Section:
    """The chosen day; with a form for whoever may change it."""
    head = html.Div(html.H2(_("Chosen day")), className="gh-card-head")
    if day is None:
        return html.Section([head, html.P(_("Choose a day of the year."), className="gh-quiet")], className="gh-card")
    told = [html.P(day_words(day), className="gh-strong")]
    if day.edited:
        told.append(html.P(f"{day.note} · {day.by}", className="gh-quiet"))
    form = (
        [_form(day)]
        if may_change
        else [html.P(_("Only the system administrator changes the calendar."), className="gh-quiet")]
    )
    return html.Section([head, *told, *form], className="gh-card")


def _form(day: Noted) -> html.Div:
    other = work_word(is_workday=not day.is_workday)
    return html.Div(
        [
            html.Label([html.Span(_("Up to and with (empty: this day only)")),
                        dcc.Input(id={"type": "calendar-field", "name": "last"}, type="text", placeholder="2027-02-11", autoComplete="off")]),
            html.Label([html.Span(_("Note: why, by which notice")),
                        dcc.Input(id={"type": "calendar-field", "name": "note"}, type="text", maxLength=200, autoComplete="off")]),
            html.Button(_("Make it: {what}", what=other), id={"type": "calendar-save", "day": day.day, "work": not day.is_workday},
                        type="button", className="gh-button is-main"),
        ],
        className="gh-calendar-form",
    )  # fmt: skip


def changes_list(changes: Sequence[Change], zone: ZoneInfo) -> html.Section:
    """The last changes, newest first."""
    rows = [
        html.Li([
            html.Span(_what(change)),
            html.Span(" · ".join(x for x in (change.note, change.by, moment_text(change.at, zone, "%Y-%m-%d %H:%M")) if x),
                      className="gh-quiet"),
        ])
        for change in changes
    ]  # fmt: skip
    body = (
        html.Ol(rows, className="gh-changes") if rows else html.P(_("Nothing was changed yet."), className="gh-quiet")
    )
    head = html.Div(html.H2(_("Changes")), className="gh-card-head")
    return html.Section([head, body], className="gh-card")


def _what(change: Change) -> str:
    if change.day is None:
        return _("{year}: holidays entered in full", year=change.year)
    return f"{date_of(change.day).isoformat()} → {work_word(is_workday=bool(change.now))}"

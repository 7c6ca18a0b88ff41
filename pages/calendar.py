"""/calendar : the days of work that deadlines run on; the system administrator changes them."""

from datetime import date
from typing import Any
from urllib.parse import parse_qsl

import dash
from dash import ALL, Input, Output, State, callback, ctx, dcc, html, no_update

from actions.change_workdays import MAY, YEARS, change_workdays, confirm_year
from components.calendar_parts import calendar_head, changes_list, chosen_day, unknown_year
from components.calendar_warning import calendar_warning
from components.words import _
from components.year_calendar import work_word, year_calendar
from domain.daywords import days_of
from domain.periods import date_of, day_of
from domain.refusal import Refused
from pages.access import actor
from pages.asked import asked
from pages.unchanged import version_of
from views.workdays import Year, unknown_soon, year_of
from wiring import house

dash.register_page(__name__, path="/calendar", title=lambda: _("Workday calendar"))

SEARCH, LIVE, SAVED = Input("frame-url", "search"), Input("live", "data"), Input("calendar-saved", "data")


def layout(**_query: Any) -> html.Div:
    """The page without its year; that comes by callback."""
    side = [html.Div(id="calendar-day"), html.P(id="calendar-said", className="gh-said-line", role="status")]
    parts = [html.Div(side, className="gh-column"), html.Div(id="calendar-year"), html.Div(id="calendar-changes")]
    stores = [dcc.Store(id="calendar-shown"), dcc.Store(id="calendar-saved")]
    return html.Div(
        [
            *stores,
            html.Div(id="calendar-head"),
            html.Div(parts, className="gh-calendar"),
        ],
        className="gh-page gh-page-calendar",
    )


def _chosen(search: str | None, today: int) -> tuple[int, int | None]:
    """Year and chosen day of an address; this year and no day where it names none."""
    given = dict(parse_qsl((search or "").removeprefix("?")))
    year = given.get("year", "")
    wanted = int(year) if year.isdecimal() and YEARS[0] <= int(year[:5]) <= YEARS[1] else date_of(today).year
    try:
        day = day_of(date.fromisoformat(given.get("day", "")))
    except ValueError:
        return wanted, None
    return wanted, day if date_of(day).year == wanted else None


@callback(
    Output("calendar-head", "children"), Output("calendar-year", "children"), Output("calendar-changes", "children"),
    Output("calendar-shown", "data"), SEARCH, LIVE, SAVED, State("calendar-shown", "data"),
)  # fmt: skip
def show_year(search: str | None, _live: object, _saved: object, shown: str | None) -> Any:
    """The year of the address, again when somebody changed it."""
    now, opened = asked(""), house()
    today = now.moment.today
    wanted, day = _chosen(search, today)
    year = year_of(opened.engine, opened.calendar(), wanted)
    version = version_of(year, today, day)
    if version == shown:
        return no_update, no_update, no_update, no_update
    head: list[Any] = [calendar_head(year.year, year.workdays, year.following, now.zone)]
    if not year.known:
        head.append(unknown_year(year.year, may_change=_may()))
    elif soon := calendar_warning(unknown_soon(opened.calendar(), now.moment.now)):
        head.append(soon)
    return head, year_calendar(year.days, chosen=day or 0, today=today), changes_list(year.changes, now.zone), version


@callback(Output("calendar-day", "children"), SEARCH, SAVED)
def show_day(search: str | None, _saved: object) -> html.Section:
    """The chosen day with its form."""
    opened = house()
    wanted, day = _chosen(search, opened.zone.day(opened.clock()))
    year: Year = year_of(opened.engine, opened.calendar(), wanted)
    found = next((each for each in year.days if each.day == day), None)
    return chosen_day(found, may_change=_may())


@callback(
    Output("calendar-saved", "data"), Output("calendar-said", "children"),
    Input({"type": "calendar-save", "day": ALL, "work": ALL}, "n_clicks"),
    Input({"type": "calendar-confirm", "year": ALL}, "n_clicks"),
    State({"type": "calendar-field", "name": ALL}, "value"), prevent_initial_call=True,
)  # fmt: skip
def save(_saves: list[int | None], _confirms: list[int | None], fields: list[str | None]) -> Any:
    """Change days, or confirm a year; what came of it. fields: the last day and the note of the form."""
    pressed, opened = ctx.triggered_id, house()
    if not pressed or not ctx.triggered or not ctx.triggered[0]["value"]:
        return no_update, no_update
    now = opened.clock()
    try:
        if pressed["type"] == "calendar-confirm":
            confirm_year(opened.site, actor(), pressed["year"], now=now)
            said = _("{year}: holidays entered in full", year=pressed["year"])
        else:
            last, note = fields
            days = days_of(f"{date_of(pressed['day'])}..{last or date_of(pressed['day'])}")
            done = change_workdays(opened.site, actor(), days, note or "", is_workday=pressed["work"], now=now)
            said = _("{n} days changed to: {what}", n=len(done), what=work_word(is_workday=pressed["work"]))
    except Refused as refused:
        return no_update, _(refused.message, **refused.values)
    opened.hints.ring()
    return now, said


def _may() -> bool:
    return actor().role in MAY

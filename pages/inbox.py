"""/inbox : what waits for me, what I have handled, what falls due. Tab, area, search and page live in the address."""

from typing import Any

import dash
from dash import Input, Output, State, callback, dcc, html, no_update

from components.calendar_warning import calendar_warning
from components.facets import facet, opened
from components.words import _
from components.worklist import Tab, nothing, pager, search_box, tabs, waiting, work_list
from domain.measures import N_
from domain.workclock import unknown_years
from pages.access import actor
from pages.area_menu import area_menu
from pages.asked import Asked, asked
from pages.unchanged import version_of
from views.area_names import full_name
from views.inbox import TABS, WorkPage, WorkQuery, inbox, parse_work, worker
from wiring import house

dash.register_page(__name__, path="/inbox", title=lambda: _("To do"))

TAB_WORDS = {"todo": N_("To do"), "mine": N_("Handled by me"), "due": N_("Due soon or overdue"), "done": N_("Done")}
EMPTY = {
    "todo": N_("Nothing waits for you."), "mine": N_("You have handled no open case."),
    "due": N_("Nothing falls due soon."), "done": N_("Nothing that you handled has ended yet."),
}  # fmt: skip
SEARCH, WORK = Input("frame-url", "search"), Input("live-work", "data")
MINUTE_MS = 60_000


def layout(**_query: Any) -> html.Div:
    """The list without its rows; they come by callback."""
    who = actor()
    said = " · ".join(text for text in (who.department, who.name or who.login) if text)
    return html.Div(
        [
            dcc.Store(id="inbox-shown"),
            dcc.Interval(id="inbox-minute", interval=MINUTE_MS),
            html.Div(
                [
                    html.Div([html.H1(_("To do")), html.Span(said, className="gh-subtitle")], className="gh-title"),
                    html.Div(id="inbox-choices", className="gh-actions"),
                ],
                className="gh-head",
            ),
            html.Div(id="inbox-tabs"),
            html.Div(waiting(), id="inbox-body"),
        ],
        className="gh-page gh-page-inbox",
    )


@callback(
    Output("inbox-tabs", "children"), Output("inbox-body", "children"), Output("inbox-shown", "data"),
    SEARCH, WORK, Input("inbox-minute", "n_intervals"), State("inbox-shown", "data"),
)  # fmt: skip
def show(search: str | None, _work: object, _minute: object, shown: str | None) -> Any:
    """Tabs with their counts and the rows of one, again when either has changed."""
    now, query = asked(search), parse_work(search or "")
    page = inbox(now.reader, worker(actor(), house().work.rules.most_returns), now.scope, query, now.moment.now)
    version = version_of(query, page, now.moment.now // 60)
    if version == shown:
        return no_update, no_update, no_update
    return _tabs(query, page), _body(now, query, page), version


def _tabs(query: WorkQuery, page: WorkPage) -> html.Nav:
    return tabs([Tab(_(TAB_WORDS[t]), page.counts[t], f"/inbox{query.text(tab=t)}", t == query.tab) for t in TABS])


def _body(now: Asked, query: WorkQuery, page: WorkPage) -> list[Any]:
    if not page.rows:
        return [nothing(_("No case fits these choices.") if query.words or query.area else _(EMPTY[query.tab]))]
    areas = now.moment.areas
    rows = [(row, full_name(areas, row["area_code"])) for row in page.rows]
    ways = pager(page.page, page.pages, lambda n: f"/inbox{query.text(page=n)}")
    keys = html.P(_("Keys: j and k go down and up, Enter opens, / searches"), className="gh-keys")
    warning = calendar_warning(_unknown(now, page))
    return [
        *([warning] if warning else []),
        work_list(rows, now.moment.now),
        html.Div([*([ways] if ways else []), keys], className="gh-pages"),
    ]


def _unknown(now: Asked, page: WorkPage) -> tuple[int, ...]:
    """The years that a deadline of these rows reaches and whose holidays are not known."""
    latest = max((row["due_at"] or 0 for row in page.rows), default=0)
    return unknown_years(house().calendar(), now.moment.now, max(latest, now.moment.now))


@callback(Output("inbox-choices", "children"), SEARCH)
def show_choices(search: str | None) -> list[Any]:
    """The choice of an area and the search."""
    now, query = asked(search), parse_work(search or "")
    menu = area_menu(now.moment, now.scope, query.area, lambda code: f"/inbox{query.text(area=code)}")
    return [facet("inbox", menu), search_box(query.text(q="").removeprefix("?"), query.words, "/inbox")]


@callback(
    Output({"type": "inbox-options", "name": "area"}, "children"),
    Input({"type": "inbox-facet", "name": "area"}, "n_clicks"), State("frame-url", "search"), prevent_initial_call=True,
)  # fmt: skip
def open_menu(_clicks: int, search: str | None) -> list[Any]:
    """The areas when their menu is opened."""
    now, query = asked(search), parse_work(search or "")
    return opened(area_menu(now.moment, now.scope, query.area, lambda code: f"/inbox{query.text(area=code)}"))

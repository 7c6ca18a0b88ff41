"""/cases : the rows behind a figure, page by page. Figure, filters, search and order live in the address."""

from typing import Any
from urllib.parse import urlencode

import dash
from dash import MATCH, ClientsideFunction, Input, Output, State, callback, clientside_callback, dcc, html, no_update

from components.casegrid import PAGE, SCRIPT, case_grid, case_row
from components.caselist_head import choices, empty, exports, list_head, title
from components.datatimes import data_line
from components.facets import facet, opened
from components.words import _
from domain.measures import KPIS
from pages.asked import asked
from pages.list_choices import menus, taken
from pages.unchanged import version_of
from views.area_names import full_name
from views.caselist import case_page, case_total
from views.query import parse_list

dash.register_page(__name__, path="/cases", title=lambda: _("Cases"))

SEARCH, FIGURES = Input("frame-url", "search"), Input("live-figures", "data")


def layout(**query: Any) -> html.Div:
    """The list without its numbers and rows; they come by callback, the grid when its script is here."""
    search = urlencode(query)
    order = parse_list(search, asked(search).moment)
    grid = {"script": SCRIPT, "tree": case_grid(order.sort, descending=order.descending).to_plotly_json()}
    return html.Div(
        [
            dcc.Store(id="cases-grid-tree", data=grid),
            dcc.Store(id="cases-shown"),
            list_head(),
            html.Div(id="cases-choices"),
            html.Div([html.Div(id="cases-box"), html.Div(id="cases-empty")], className="gh-list gh-surface"),
        ],
        id="cases", className="gh-page gh-page-list",
    )  # fmt: skip


@callback(
    Output("cases-title", "children"), Output("cases-empty", "children"), Output("cases-shown", "data"),
    SEARCH, FIGURES, State("cases-shown", "data"),
)  # fmt: skip
def show_title(search: str | None, _figures: object, shown: str | None) -> Any:
    """Which list it is and how many there are; and what stands over an empty list."""
    now = asked(search)
    listed = parse_list(search or "", now.moment)
    kpi, total = KPIS[listed.figure], case_total(now.reader, listed.wanted(now.moment, now.scope))
    version = version_of(kpi.name, total)
    if version == shown:
        return no_update, no_update, no_update
    return title(kpi, total), [] if total else empty(kpi), version


@callback(Output("cases-age", "children"), SEARCH, FIGURES)
def show_age(search: str | None, _figures: object) -> html.Div:
    """How old the figures are."""
    return data_line(asked(search).age())


@callback(Output("cases-choices", "children"), Output("cases-exports", "children"), SEARCH)
def show_choices(search: str | None) -> tuple[list[Any], list[html.A]]:
    """What can be chosen, what is, and the files of exactly this list."""
    now = asked(search)
    listed = parse_list(search or "", now.moment)
    found = [facet("cases", menu) for menu in menus(listed, now.moment, now.scope)]
    query, chips = listed.text(), taken(listed, now.moment)
    return choices(found, chips, query=query, search=listed.text_search), exports(query)


@callback(
    Output({"type": "cases-options", "name": MATCH}, "children"),
    Input({"type": "cases-facet", "name": MATCH}, "n_clicks"),
    State({"type": "cases-facet", "name": MATCH}, "id"), State("frame-url", "search"), prevent_initial_call=True,
)  # fmt: skip
def open_menu(_clicks: int, pressed: dict[str, str], search: str | None) -> list[Any]:
    """The options of a menu when it is opened."""
    now = asked(search)
    found = {menu.name: menu for menu in menus(parse_list(search or "", now.moment), now.moment, now.scope)}
    return opened(found[pressed["name"]])


@callback(
    Output("cases-grid", "getRowsResponse"), Input("cases-grid", "getRowsRequest"), State("frame-url", "search"),
    prevent_initial_call=True,
)  # fmt: skip
def show_rows(request: dict[str, Any], search: str | None) -> dict[str, Any]:
    """One page of rows in the order the grid asks for."""
    now = asked(search)
    listed = parse_list(search or "", now.moment)
    order = [(each["colId"], each["sort"] == "desc") for each in request["sortModel"]]
    column, descending = order[0] if order else (listed.sort, listed.descending)
    page = case_page(
        now.reader, listed.wanted(now.moment, now.scope), sort=column, descending=descending,
        offset=request["startRow"], limit=PAGE,
    )  # fmt: skip
    areas, moment = now.moment.areas, now.moment.now
    rows = [case_row(row, now.zone, moment, full_name(areas, row["area_code"])) for row in page.rows]
    return {"rowData": rows, "rowCount": page.total}


clientside_callback(
    ClientsideFunction("screens", "open_grid"), Output("cases-box", "children"), Input("cases-grid-tree", "data")
)
clientside_callback(ClientsideFunction("screens", "turn_cases"), SEARCH, prevent_initial_call=True)
clientside_callback(ClientsideFunction("screens", "refresh_cases"), FIGURES, prevent_initial_call=True)

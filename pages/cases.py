"""/cases : the rows behind a figure, page by page. Figure, filters, search and order live in the address."""

from typing import Any
from urllib.parse import urlencode

import dash
from dash import ClientsideFunction, Input, Output, State, callback, clientside_callback, html

from components.casegrid import PAGE, case_grid, case_row
from components.caselist_head import empty, head, waiting_head
from components.words import _
from domain.measures import KPIS
from pages.asked import asked
from pages.list_choices import menus, taken
from views.area_names import full_name
from views.caselist import case_page, case_total
from views.query import parse_list

dash.register_page(__name__, path="/cases", title=lambda: _("Cases"))

SEARCH, FIGURES = Input("frame-url", "search"), Input("live-figures", "data")


def layout(**query: Any) -> html.Div:
    """The list without its numbers and rows; they come by callback."""
    search = urlencode(query)
    order = parse_list(search, asked(search).moment)
    return html.Div(
        [
            html.Div(waiting_head(), id="cases-head"),
            html.Div(
                [case_grid(order.sort, descending=order.descending), html.Div(id="cases-empty")],
                className="gh-list gh-surface",
            ),
        ],
        id="cases", className="gh-page gh-page-list",
    )  # fmt: skip


@callback(Output("cases-head", "children"), Output("cases-empty", "children"), SEARCH, FIGURES)
def show_head(search: str | None, _figures: object) -> tuple[list[Any], list[Any]]:
    """Which list it is, how many there are, what is chosen; and what stands over an empty list."""
    now = asked(search)
    listed = parse_list(search or "", now.moment)
    kpi, total = KPIS[listed.figure], case_total(now.reader, listed.wanted(now.moment, now.scope))
    drawn = head(
        kpi, total, query=listed.text(), menus=menus(listed, now.moment, now.scope), chips=taken(listed, now.moment),
        search=listed.text_search, age=now.age(),
    )  # fmt: skip
    return drawn, [] if total else empty(kpi)


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


clientside_callback(ClientsideFunction("screens", "turn_cases"), SEARCH, prevent_initial_call=True)
clientside_callback(ClientsideFunction("screens", "refresh_cases"), FIGURES, prevent_initial_call=True)

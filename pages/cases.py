"""/cases : the rows behind a figure, page by page. Figure, filters, search and order live in the address."""

from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import dash
from dash import ClientsideFunction, Input, Output, State, callback, clientside_callback, html

from components.casegrid import PAGE, case_grid, case_row
from components.caselist_head import empty, head
from domain.measures import KPIS
from pages.access import access
from pages.list_choices import menus, taken
from views.caselist import case_page, case_total
from views.feeds import data_time
from views.area_names import full_name
from views.query import ListQuery, parse_list
from views.reader import Moment
from wiring import house

dash.register_page(__name__, path="/cases", title="GridHall")


def layout(**query: Any) -> html.Div:
    """The list that the address asks for: its head and an empty grid, which asks for its rows."""
    search = f"?{urlencode(query, doseq=True)}"
    moment = house().reader.moment()
    asked = parse_list(search, moment)
    top, nothing = _head(asked, moment)
    return html.Div(
        [
            html.Div(top, id="cases-head"),
            html.Div(
                [case_grid(asked.sort, descending=asked.descending), html.Div(nothing, id="cases-empty")],
                className="gh-list gh-surface",
            ),
        ],
        id="cases", className="gh-page gh-page-list",
    )  # fmt: skip


def _head(asked: ListQuery, moment: Moment) -> tuple[list[Any], list[Any]]:
    """The head of the list and what stands over an empty one."""
    opened, scope = house(), access()
    total = case_total(opened.reader, asked.wanted(moment, scope))
    fresh = data_time(opened.reader, asked.query.chosen.sources)
    chosen = taken(asked, moment)
    drawn = head(
        KPIS[asked.figure], total, query=asked.text(), menus=menus(asked, moment, scope), chips=chosen,
        search=asked.text_search, at=fresh.at, state=fresh.state, zone=ZoneInfo(opened.zone.name),
    )  # fmt: skip
    return drawn, [] if total else empty(KPIS[asked.figure])


@callback(
    Output("cases-head", "children"), Output("cases-empty", "children"),
    Input("live", "data"), State("frame-url", "search"), prevent_initial_call=True,
)  # fmt: skip
def follow(_live: object, search: str | None) -> tuple[list[Any], list[Any]]:
    """The head again when the bell has rung."""
    moment = house().reader.moment()
    return _head(parse_list(search or "", moment), moment)


@callback(
    Output("cases-grid", "getRowsResponse"), Input("cases-grid", "getRowsRequest"), State("frame-url", "search"),
    prevent_initial_call=True,
)  # fmt: skip
def rows(request: dict[str, Any], search: str | None) -> dict[str, Any]:
    """One page of rows in the order the grid asks for."""
    opened, moment = house(), house().reader.moment()
    asked = parse_list(search or "", moment)
    (order, *_more) = request["sortModel"] or [{"colId": asked.sort, "sort": "desc" if asked.descending else "asc"}]
    page = case_page(
        opened.reader, asked.wanted(moment, access()), sort=order["colId"], descending=order["sort"] == "desc",
        offset=request["startRow"], limit=PAGE,
    )  # fmt: skip
    zone, now = ZoneInfo(opened.zone.name), opened.clock()
    drawn = [case_row(row, zone, now, full_name(moment.areas, row["area_code"])) for row in page.rows]
    return {"rowData": drawn, "rowCount": page.total}


clientside_callback(ClientsideFunction("screens", "refresh_cases"), Input("live", "data"), prevent_initial_call=True)

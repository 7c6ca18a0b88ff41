"""/board : cases by stage, or one stage whole. Area, department and stage live in the address."""

from typing import Any

import dash
from dash import MATCH, Input, Output, State, callback, dcc, html, no_update

from components.board import Column, board
from components.facets import Menu, Option, facet, go, opened
from components.words import _
from components.worklist import nothing, pager, waiting, work_list
from pages.area_menu import area_menu
from pages.asked import Asked, asked
from pages.unchanged import version_of
from views.area_names import full_name
from views.inbox import END_DAYS, WorkQuery, open_departments, parse_work, stage_page, stages

dash.register_page(__name__, path="/board", title=lambda: _("Board"))

SEARCH, WORK = Input("frame-url", "search"), Input("live-work", "data")
MINUTE_MS = 60_000


def layout(**_query: Any) -> html.Div:
    """The board without its cards; they come by callback."""
    return html.Div(
        [
            dcc.Store(id="board-shown"),
            dcc.Interval(id="board-minute", interval=MINUTE_MS),
            html.Div(
                [html.Div(html.H1(_("Board")), className="gh-title"), html.Div(id="board-choices", className="gh-actions")],
                className="gh-head",
            ),
            html.Div(waiting(), id="board-body"),
        ],
        className="gh-page gh-page-board",
    )  # fmt: skip


@callback(
    Output("board-body", "children"), Output("board-shown", "data"), SEARCH, WORK,
    Input("board-minute", "n_intervals"), State("board-shown", "data"),
)  # fmt: skip
def show(search: str | None, _work: object, _minute: object, shown: str | None) -> Any:
    """The columns, or the rows of one stage, again when they have changed."""
    now, query = asked(search), parse_work(search or "")
    found = (stage_page if query.stage else stages)(now.reader, now.scope, query, now.moment.now)
    version = version_of(query, found, now.moment.now // 60)
    if version == shown:
        return no_update, no_update
    return (_one if query.stage else _every)(now, query, found), version


def _every(now: Asked, query: WorkQuery, found: Any) -> Any:
    note = _("last {n} days", n=END_DAYS)
    columns = [
        Column(
            s.label, s.total, s.overdue, [(row, full_name(now.moment.areas, row["area_code"])) for row in s.rows],
            f"/board{query.text(stage=s.label)}", note if s is found[-1] else "",
        )
        for s in found
    ]  # fmt: skip
    return board(columns, now.moment.now)


def _one(now: Asked, query: WorkQuery, found: Any) -> list[Any]:
    total = found.counts[query.stage]
    path = [
        go(_("Board"), f"/board{query.text(stage='')}"),
        html.Span("/"),
        html.B(_(query.stage)),
        html.Span(f"{total:,}"),
    ]
    head = html.Nav(path, className="gh-path")
    if not found.rows:
        return [head, nothing(_("No case fits these choices."))]
    rows = [(row, full_name(now.moment.areas, row["area_code"])) for row in found.rows]
    ways = pager(found.page, found.pages, lambda n: f"/board{query.text(page=n)}")
    return [head, work_list(rows, now.moment.now), *([ways] if ways else [])]


def _menus(now: Asked, query: WorkQuery) -> dict[str, Menu]:
    def names() -> list[Option]:
        every = [("", _("All departments")), *((name, name) for name in open_departments(now.reader, now.scope))]
        return [Option(text, f"/board{query.text(department=name)}", name == query.department) for name, text in every]

    return {
        "area": area_menu(now.moment, now.scope, query.area, lambda code: f"/board{query.text(area=code)}"),
        "department": Menu("department", _("Department"), query.department or _("All departments"), names),
    }


@callback(Output("board-choices", "children"), SEARCH)
def show_choices(search: str | None) -> list[Any]:
    """The choices of area and department."""
    return [facet("board", menu) for menu in _menus(asked(search), parse_work(search or "")).values()]


@callback(
    Output({"type": "board-options", "name": MATCH}, "children"),
    Input({"type": "board-facet", "name": MATCH}, "n_clicks"), State({"type": "board-facet", "name": MATCH}, "id"),
    State("frame-url", "search"), prevent_initial_call=True,
)  # fmt: skip
def open_menu(_clicks: int, pressed: dict[str, str], search: str | None) -> list[Any]:
    """The options of a menu when it is opened."""
    return opened(_menus(asked(search), parse_work(search or ""))[pressed["name"]])

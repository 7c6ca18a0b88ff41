"""/cases/<id> : one case, its deadline, its course, its place and what lies near."""

from typing import Any

import dash
from dash import ClientsideFunction, Input, Output, State, callback, clientside_callback, dcc, html, no_update

from components.case_facts import facts, neighbours, said
from components.case_head import case_head, no_case
from components.case_map import case_map, off_map
from components.deadline_block import deadline_block
from components.timeline import timeline
from components.words import _
from domain.cases import HERE
from pages.asked import Asked, asked
from views.area_names import way
from views.caselist import NEIGHBOUR_DAYS, NEIGHBOUR_M, OneCase, one_case

dash.register_page(__name__, path_template="/cases/<case_id>", title=lambda **_address: _("Case"))

MINUTE_MS = 60_000
METRES = round(NEIGHBOUR_M)


def _found(now: Asked, case_id: str | None) -> OneCase | None:
    """The case of an address that the reader may see."""
    if not (case_id or "").isdecimal() or len(str(case_id)) > 18:
        return None
    return one_case(now.reader, now.scope, int(str(case_id)))


def layout(case_id: str | None = None, **_query: Any) -> html.Div:
    """A case, or that there is none."""
    now = asked("")
    one = _found(now, case_id)
    if one is None:
        return no_case()
    head, course, known = _parts(now, one)
    return html.Div(
        [
            dcc.Interval(id="case-minute", interval=MINUTE_MS),
            html.Header(head, id="case-head"),
            html.Div(
                [
                    html.Div(course, id="case-course", className="gh-column"),
                    html.Div([_place(now, one), said(one.case)], className="gh-column"),
                    html.Div(known, id="case-known", className="gh-column"),
                ],
                className="gh-columns",
            ),
        ],
        className="gh-page gh-page-case",
    )


def _parts(now: Asked, one: OneCase) -> tuple[list[Any], list[Any], list[Any]]:
    """What changes while a case is open: head, course, facts."""
    zone, clock, case = now.zone, now.moment.now, one.case
    return (
        case_head(case, way(now.moment, case["area_code"]), clock),
        [deadline_block(case, clock, zone), timeline(case, one.steps, clock, zone)],
        [facts(case, zone), neighbours(case, one.neighbours, METRES, NEIGHBOUR_DAYS)],
    )


def _place(now: Asked, one: OneCase) -> html.Section:
    areas = now.moment.areas
    if one.case["placing"] != HERE:
        return off_map(one.case)
    return case_map(one.case, one.neighbours, areas.level[areas.position[one.case["area_code"]]], METRES)


@callback(
    Output("case-head", "children"), Output("case-course", "children"), Output("case-known", "children"),
    Input("live-figures", "data"), Input("case-minute", "n_intervals"), State("frame-url", "pathname"), prevent_initial_call=True,
)  # fmt: skip
def follow(_live: object, _minute: object, pathname: str | None) -> Any:
    """The case again when the bell has rung, and every minute for its clock."""
    now = asked("")
    one = _found(now, (pathname or "").rpartition("/")[2])
    return _parts(now, one) if one else no_update


clientside_callback(ClientsideFunction("screens", "tiles"), Output("case-base", "url"), Input("frame-scheme", "data"))

"""/ : the one map."""

import dash
from dash import Input, Output, callback, html

from components.words import _
from domain.measures import CARDS
from pages.access import access
from views.figures import figure
from views.query import parse_query
from wiring import house

dash.register_page(__name__, path="/", title="GridHall")


def layout(**_query: str) -> html.Div:
    """The frame of the page; numbers come by callback."""
    return html.Div([html.Div(id="overview-cards")])


@callback(Output("overview-cards", "children"), Input("frame-url", "search"), Input("live", "data"))
def show_cards(search: str, _live: object) -> list[html.Div]:
    """Six key figures of the chosen period."""
    reader, scope = house().reader, access()
    moment = reader.moment()
    query = parse_query(search or "", moment)
    found = [figure(reader, moment, scope, query.chosen, name) for name in CARDS]
    return [html.Div(f"{_(f.kpi.label)}: {f.value} ({f.rows})") for f in found]

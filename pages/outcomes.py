"""/outcomes : four figures by month around a launch, their table and what they mean. All choices live in the address."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import dash
from dash import Input, Output, State, callback, html

from components.outcome_card import outcome_card
from components.outcome_csv import outcome_csv
from components.outcome_definitions import outcome_definitions
from components.outcome_head import outcome_head
from components.outcome_table import outcome_table
from pages.access import access
from pages.outcome_choices import menus
from views.area_names import full_name
from views.before_after import Outcome, before_after
from views.feeds import data_time
from views.outcome_query import parse_outcomes, span
from views.query import query_text
from wiring import house

dash.register_page(__name__, path="/outcomes", title="GridHall")


def layout(**query: Any) -> html.Div:
    """The page that the address asks for."""
    return html.Div(_page(f"?{urlencode(query, doseq=True)}"), id="outcomes", className="gh-page gh-page-outcomes")


def _page(search: str) -> list[Any]:
    opened, scope = house(), access()
    moment = opened.reader.moment()
    asked = parse_outcomes(search, moment, paper=opened.is_demo)
    outcome = before_after(opened.reader, moment, scope, asked)
    fresh = data_time(opened.reader, ())
    head = outcome_head(
        asked, full_name(moment.areas, asked.area), menus=menus(asked, moment, scope),
        file=outcome_csv(outcome.figures, outcome.medians), at=fresh.at, state=fresh.state, zone=ZoneInfo(opened.zone.name),
    )  # fmt: skip
    return [head, html.Div(_drawn(outcome), className="gh-outcomes")]


def _drawn(outcome: Outcome) -> list[Any]:
    """Cards, table, definitions."""
    asked = outcome.asked

    def address(figure: str, months: Sequence[str]) -> str:
        return f"/cases{query_text({'figure': figure, 'period': span(months), 'area': asked.area})}"

    cards = [outcome_card(each, asked.launch, address) for each in outcome.figures if each.kpi.name != "online_rate"]
    return [
        html.Div([*cards, outcome_table(outcome.figures, outcome.medians, asked.launch, address)], className="gh-outcome-main"),
        outcome_definitions(outcome.figures, outcome.medians, outcome.pooled, address, folded=outcome.folded),
    ]


@callback(
    Output("outcomes", "children"), Input("live", "data"), State("frame-url", "search"), prevent_initial_call=True
)
def follow(_live: object, search: str | None) -> list[Any]:
    """The page again when the bell has rung."""
    return _page(search or "")



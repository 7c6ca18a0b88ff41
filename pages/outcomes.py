"""/outcomes : four figures by month around a launch, their table and what they mean. All choices live in the address."""

from collections.abc import Sequence
from typing import Any

import dash
from dash import Input, Output, callback, html

from components.outcome_card import outcome_card
from components.outcome_csv import outcome_csv
from components.outcome_definitions import outcome_definitions
from components.outcome_head import outcome_head, waiting_outcomes
from components.outcome_table import outcome_table
from components.words import _
from pages.area_menu import area_name
from pages.asked import Asked, asked
from pages.outcome_choices import menus
from views.before_after import Outcome, before_after
from views.outcome_query import parse_outcomes, span
from views.query import query_text
from wiring import house

dash.register_page(__name__, path="/outcomes", title=lambda: _("Outcomes"))


def layout(**_query: Any) -> html.Div:
    """The page without its numbers; they come by callback."""
    return html.Div(waiting_outcomes(), id="outcomes", className="gh-page gh-page-outcomes")


@callback(Output("outcomes", "children"), Input("frame-url", "search"), Input("live-figures", "data"))
def show_outcomes(search: str | None, _figures: object) -> list[Any]:
    """What the address asks for."""
    now = asked("")
    wanted = parse_outcomes(search or "", now.moment, paper=house().is_demo)
    outcome = before_after(now.reader, now.moment, now.scope, wanted)
    return [_head(now, outcome), html.Div(_drawn(outcome), className="gh-outcomes")]


def _head(now: Asked, outcome: Outcome) -> html.Div:
    wanted, file = outcome.asked, outcome_csv(outcome.figures, outcome.medians)
    name = area_name(now.moment, wanted.area)
    return outcome_head(wanted, name, menus=menus(wanted, now.moment, now.scope), file=file, age=now.age())


def _drawn(outcome: Outcome) -> list[Any]:
    """Cards, table, definitions."""
    wanted, figures = outcome.asked, outcome.figures

    def address(figure: str, months: Sequence[str]) -> str:
        return f"/cases{query_text({'figure': figure, 'period': span(months), 'area': wanted.area})}"

    cards = [outcome_card(each, wanted.launch, address) for each in figures if each.kpi.name != "online_rate"]
    table = outcome_table(figures, outcome.medians, wanted.launch, address)
    panel = outcome_definitions(figures, outcome.medians, outcome.pooled, address, folded=outcome.folded)
    return [html.Div([*cards, table], className="gh-outcome-main"), panel]

"""/outcomes : four figures by month around a launch, their table and what they mean. Choices live in the address."""

from collections.abc import Sequence
from typing import Any

import dash
from dash import MATCH, Input, Output, State, callback, dcc, html, no_update

from components.datatimes import data_line
from components.facets import facet, opened
from components.outcome_card import outcome_card
from components.outcome_csv import outcome_csv
from components.outcome_definitions import outcome_definitions
from components.outcome_head import compared, outcome_head, waiting_outcomes
from components.outcome_table import outcome_table
from components.three_rates import three_rates_line
from components.words import _
from domain.periods import Period, month
from domain.threerates import Rate, three_rates
from pages.area_menu import area_name
from pages.asked import Asked, asked
from pages.outcome_choices import menus
from pages.unchanged import version_of
from views.before_after import Outcome, before_after
from views.outcome_query import OutcomeQuery, parse_outcomes, span
from views.query import query_text
from views.threerates import answers
from wiring import house

dash.register_page(__name__, path="/outcomes", title=lambda: _("Outcomes"))

SEARCH, FIGURES = Input("frame-url", "search"), Input("live-figures", "data")


def layout(**_query: Any) -> html.Div:
    """The page without its numbers; they come by callback."""
    return html.Div(
        [
            dcc.Store(id="outcomes-shown"),
            outcome_head(),
            html.Div(waiting_outcomes(), id="outcomes", className="gh-outcomes"),
        ],
        className="gh-page gh-page-outcomes",
    )


def _wanted(search: str | None, now: Asked) -> OutcomeQuery:
    return parse_outcomes(search or "", now.moment, paper=house().is_demo)


@callback(Output("outcomes-asked", "children"), Output("outcomes-menus", "children"), SEARCH)
def show_asked(search: str | None) -> tuple[str, list[Any]]:
    """What is compared, and what else can be."""
    now = asked("")
    wanted = _wanted(search, now)
    drawn = [facet("outcomes", menu) for menu in menus(wanted, now.moment, now.scope)]
    return compared(wanted, area_name(now.moment, wanted.area)), drawn


@callback(
    Output({"type": "outcomes-options", "name": MATCH}, "children"),
    Input({"type": "outcomes-facet", "name": MATCH}, "n_clicks"),
    State({"type": "outcomes-facet", "name": MATCH}, "id"), State("frame-url", "search"), prevent_initial_call=True,
)  # fmt: skip
def open_menu(_clicks: int, pressed: dict[str, str], search: str | None) -> list[Any]:
    """The options of a menu when it is opened."""
    now = asked("")
    found = {menu.name: menu for menu in menus(_wanted(search, now), now.moment, now.scope)}
    return opened(found[pressed["name"]])


@callback(Output("outcomes-age", "children"), SEARCH, FIGURES)
def show_age(_search: str | None, _figures: object) -> html.Div:
    """How old the figures are."""
    return data_line(asked("").age())


@callback(
    Output("outcomes", "children"), Output("outcomes-export", "href"), Output("outcomes-shown", "data"),
    SEARCH, FIGURES, State("outcomes-shown", "data"),
)  # fmt: skip
def show_outcomes(search: str | None, _figures: object, shown: str | None) -> Any:
    """The figures; what is on the screen already is not sent again."""
    now = asked("")
    wanted = _wanted(search, now)
    outcome = before_after(now.reader, now.moment, now.scope, wanted)
    three = _rates(now, wanted, wanted.before), _rates(now, wanted, wanted.after)
    version = version_of(outcome, three)
    if version == shown:
        return no_update, no_update, no_update
    return _drawn(outcome, three), outcome_csv(outcome.figures, outcome.medians), version


def _rates(now: Asked, wanted: OutcomeQuery, months: Sequence[str]) -> tuple[Rate, ...]:
    """The three rates of some months."""
    period = Period(month(months[0]).first, month(months[-1]).last)
    known = answers(now.reader, now.moment, now.scope, period, wanted.area)
    return three_rates(known, house().settings.figures.basically_weight)


def _drawn(outcome: Outcome, three: tuple[tuple[Rate, ...], tuple[Rate, ...]]) -> list[Any]:
    """Cards, the three rates, table, definitions."""
    wanted, figures = outcome.asked, outcome.figures

    def address(figure: str, months: Sequence[str]) -> str:
        return f"/cases{query_text({'figure': figure, 'period': span(months), 'area': wanted.area})}"

    cards = [outcome_card(each, wanted.launch, address) for each in figures if each.kpi.name != "online_rate"]
    rates = three_rates_line(*three, house().settings.figures.basically_weight)
    table = outcome_table(figures, outcome.medians, wanted.launch, address)
    panel = outcome_definitions(figures, outcome.medians, outcome.pooled, address, folded=outcome.folded)
    return [html.Div([*cards, rates, table], className="gh-outcome-main"), panel]

"""What stands above a list of cases: which figure's list it is, how many, its choices, search and exports."""

from collections.abc import Sequence
from typing import Any

from dash import dcc, html

from components.amounts import number
from components.attributes import attributes
from components.definition import definition_button
from components.words import _
from domain.measures import Kpi


def list_head() -> html.Div:
    """The frame of the head: title, data time and exports are filled in."""
    return html.Div(
        [
            html.Div(html.Span(className="gh-block gh-block-title"), id="cases-title", className="gh-title"),
            html.Div(
                [html.Div(id="cases-age"), html.Div(id="cases-exports", className="gh-actions")], className="gh-actions"
            ),
        ],
        className="gh-head",
    )


def title(kpi: Kpi, total: int) -> list[Any]:
    """Which figure's list it is, how many there are, and what that means on demand."""
    count = [html.B(number(total), id="cases-total"), html.Span(_("cases"), className="gh-unit")]
    return [html.H1([html.Span(_(kpi.label)), " · ", *count]), definition_button(kpi)]


def choices(menus: Sequence[Any], chips: Any, *, query: str, search: str) -> list[Any]:
    """Menus and search in a row, what is chosen below."""
    return [html.Div([*menus, search_form(query, search)], className="gh-facets"), chips]


def exports(query: str) -> list[html.A]:
    """Files of exactly the rows at an address."""
    return [
        html.A(_("Export {form}", form=name), href=f"/export/cases.{end}{query}", className="gh-button", download="")
        for name, end in (("CSV", "csv"), ("Excel", "xlsx"))
    ]


def search_form(query: str, search: str) -> html.Form:
    """A search that keeps every other choice of the address (query)."""
    box = dcc.Input(
        type="search", name="q", value=search, className="gh-search", autoComplete="off",
        placeholder=_("Case no., order no., words"),
    )  # fmt: skip
    return html.Form(box, action="/cases", className="gh-form", **attributes(data_keep=query))


def empty(kpi: Kpi) -> list[Any]:
    """What is said where no case fits."""
    return [
        html.Div(
            [
                html.B("0"),
                html.P(_("No case fits these choices.")),
                html.P(_(kpi.scope), className="gh-quiet"),
            ],
            className="gh-nothing",
        )
    ]

"""What stands above a list of cases: which figure's list it is, how many, its choices, search and exports."""

from collections.abc import Sequence
from typing import Any

from dash import dcc, html

from components.amounts import number
from components.datatimes import Age, data_line
from components.definition import definition_button
from components.words import _
from domain.measures import Kpi


def head(
    kpi: Kpi,
    total: int,
    *,
    query: str,
    menus: Sequence[Any],
    chips: Any,
    search: str,
    age: Age,
) -> list[Any]:
    """Title with the number of cases, menus, search, exports of exactly these rows (query: their address), chips."""
    title = html.H1(
        [
            html.Span(_(kpi.label)),
            " · ",
            html.B(number(total), id="cases-total"),
            html.Span(_("cases"), className="gh-unit"),
        ]
    )
    return [
        html.Div(
            [
                html.Div([title, definition_button(kpi)], className="gh-title"),
                html.Div([data_line(age), *_exports(query)], className="gh-actions"),
            ],
            className="gh-head",
        ),
        html.Div([*menus, search_form(query, search)], className="gh-facets"),
        chips,
    ]


def waiting_head() -> list[Any]:
    """The head before its first number: still blocks."""
    return [
        html.Div(html.Span(className="gh-block gh-block-title"), className="gh-head"),
        html.Div(html.Span(className="gh-block"), className="gh-facets"),
    ]


def _exports(query: str) -> list[html.A]:
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
    return html.Form(box, action="/cases", className="gh-form", **{"data-keep": query})


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

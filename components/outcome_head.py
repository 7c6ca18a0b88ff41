"""The head of the outcome page: what is compared, with its choices, its data time and its file."""

from typing import Any

from dash import html

from components.words import _

AskedLike = Any
"""Months, the two sides, the launch (views.outcome_query.OutcomeQuery)."""


def outcome_head() -> html.Div:
    """The frame of the head; title, data time, menus and file are filled in."""
    title = html.H1(_("Before and after the launch"))
    file = html.A(_("Export"), id="outcomes-export", download="gridhall-outcomes.csv", className="gh-button")
    return html.Div(
        [
            html.Div([title, html.P(id="outcomes-asked", className="gh-subtitle")]),
            html.Div(
                [html.Div(id="outcomes-age"), html.Div(id="outcomes-menus", className="gh-actions"), file],
                className="gh-actions",
            ),
        ],
        className="gh-head",
    )


def waiting_outcomes() -> list[Any]:
    """The figures before the first number: still blocks."""
    blocks = [html.Div(html.Span(className="gh-block"), className="gh-card gh-outcome gh-waiting") for _i in range(4)]
    return [html.Div(blocks, className="gh-outcome-main"), html.Aside(className="gh-card")]


def compared(asked: AskedLike, area: str) -> str:
    """What is compared, in one line."""
    before, after = len(asked.before), len(asked.after)
    first = _("{area}, {first} to {last}", area=area, first=asked.months[0], last=asked.months[-1])
    sides = _("{n} months each", n=before) if before == after else _("{a} months before, {b} after", a=before, b=after)
    chosen = (
        ""
        if asked.launch_given
        else _("; no launch was chosen, so the months are halved at {month}", month=asked.launch)
    )
    return _("{period}, {sides}", period=first, sides=sides) + chosen

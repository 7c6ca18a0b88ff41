"""The watch room's head, its groups, its last changes, and what stands there before there is a service."""

from collections import Counter
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from dash import html

from components.attributes import attributes
from components.caselines import moment_text
from components.facets import go
from components.feed_row import href_of
from components.feed_state import STATES, mark, state_word
from components.sentences import sentence
from components.words import _
from domain.measures import N_

GROUPS = {"data": N_("Data fusion"), "video": N_("Video fusion"), "visuals": N_("Visualization fusion")}
TURNS = {
    "ok": ("live", N_("well again")), "down": ("failing", N_("failing")), "refused": ("refused", N_("refused")),
    "bad": ("bad", N_("to be mended")), "paused": ("paused", N_("paused")), "resumed": ("running", N_("goes on")),
}  # fmt: skip
"""What is on record of a change → the shape and the word for it."""


def sources_head(states: Sequence[str]) -> html.Div:
    """Title, how many services, how many in each state."""
    title = html.Div([html.H1(_("Watch room")), html.P(_("{n} services", n=len(states)), className="gh-subtitle")])
    return html.Div([title, html.Div(_counted(states), className="gh-actions")], className="gh-head")


def _counted(states: Sequence[str]) -> list[html.Span]:
    counted = Counter(states)
    return [
        html.Span([mark(state), f"{state_word(state)} {counted[state]}"], className=f"gh-data gh-state-{state}")
        for state in STATES
        if counted[state]
    ]


def group_head(group: str, states: Sequence[str]) -> html.Div:
    """The name of a fusion service and how its parts are."""
    return html.Div(
        [html.H2(_(GROUPS[group])), html.Div(_counted(states), className="gh-group-states")], className="gh-group-head"
    )


def turns_card(turns: Sequence[Any], zone: ZoneInfo) -> html.Section:
    """The last changes of all services (views.watch_past.Turn), newest first."""
    rows = [
        html.Li(
            [
                html.Time(moment_text(turn.at, zone, "%m-%d %H:%M")),
                html.Span([mark(TURNS[turn.state][0]), _(TURNS[turn.state][1])], className=f"gh-data gh-state-{TURNS[turn.state][0]}"),
                go(turn.name, href_of(turn.name)),
                *([html.Small(sentence(turn.error))] if turn.error else []),
            ]
        )
        for turn in turns
    ]  # fmt: skip
    body = html.Ol(rows, className="gh-turns") if rows else html.P(_("No change on record yet."), className="gh-quiet")
    return html.Section([html.Div(html.H2(_("Last changes")), className="gh-card-head"), body], className="gh-card")


def no_feed() -> html.Section:
    """There is no source in the configuration."""
    return html.Section(
        [
            html.P(_("No feed is configured.")),
            html.P(
                _("Add a [[sources]] table to the configuration file; examples/ has ones to start from."),
                className="gh-quiet",
            ),
        ],
        className="gh-card gh-no-feed",
    )


def still_blocks() -> html.Div:
    """What stands there while the services are read for the first time."""
    blocks = [html.Div(className="gh-still") for _i in range(6)]
    return html.Div(
        [html.P(_("Reading"), className="sr-only"), *blocks], className="gh-stills", **attributes(aria_busy="true")
    )

"""The head of the page of feeds, and what stands there before there is one."""

from collections import Counter
from collections.abc import Sequence

from dash import html

from components.feed_state import STATES, mark, state_word
from components.words import _


def sources_head(states: Sequence[str]) -> html.Div:
    """Title, how many feeds, how many in each state."""
    counted = Counter(states)
    said = [
        html.Span([mark(state), f"{state_word(state)} {counted[state]}"], className=f"gh-data gh-state-{state}")
        for state in STATES
        if counted[state]
    ]
    title = html.Div([html.H1(_("Feeds")), html.P(_("{n} feeds", n=len(states)), className="gh-subtitle")])
    return html.Div([title, html.Div(said, className="gh-actions")], className="gh-head")


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

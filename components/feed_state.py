"""The state of a feed by shape, word and colour."""

from dash import html

from components.words import _
from domain.feeds import DOWN, LIVE, STALE, WAITING
from domain.measures import N_

STATES: dict[str, tuple[str, str]] = {
    LIVE: ("dot", N_("live")),
    "running": ("half", N_("Reading")),
    STALE: ("ring", N_("no updates")),
    DOWN: ("cross", N_("disconnected")),
    "refused": ("bar", N_("refused")),
    "bad": ("square", N_("to be mended")),
    WAITING: ("ring", N_("not read yet")),
    "removed": ("ring", N_("removed")),
}
"""State → shape and word, in the order in which they are counted."""


def mark(state: str) -> html.I:
    """The shape of a state; the word beside it says the same."""
    return html.I(className=f"gh-mark gh-mark-{STATES[state][0]}", **{"aria-hidden": "true"})


def state_word(state: str) -> str:
    """The word of a state."""
    return _(STATES[state][1])

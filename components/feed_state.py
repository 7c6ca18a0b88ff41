"""The state of a feed by shape, word and colour, and what it means."""

from dash import html

from components.attributes import attributes
from components.words import _
from domain.feeds import DOWN, LIVE, STALE, WAITING
from domain.feedtime import BAD, FAILING, PAUSED, REFUSED
from domain.measures import N_

STATES: dict[str, tuple[str, str]] = {
    LIVE: ("dot", N_("live")),
    "running": ("half", N_("Reading")),
    FAILING: ("triangle", N_("failing")),
    STALE: ("ring", N_("no updates")),
    DOWN: ("cross", N_("disconnected")),
    REFUSED: ("bar", N_("refused")),
    BAD: ("square", N_("to be mended")),
    PAUSED: ("pause", N_("paused")),
    WAITING: ("ring", N_("not read yet")),
    "removed": ("ring", N_("removed")),
}
"""State → shape and word, in the order in which they are counted."""

MEANINGS = {
    LIVE: N_("The data is as fresh as promised."),
    FAILING: N_("The last attempt failed, but the data is still as fresh as promised. It is tried again by itself."),
    STALE: N_(
        "Nothing has come for three intervals: figures made of it are shown as old. It is tried again by itself."
    ),
    DOWN: N_(
        "Nothing has come for ten intervals: figures made of it are not shown as current. It is tried again by itself."
    ),
    REFUSED: N_("The other side turns us away. Somebody has to change a key, a password or a permission."),
    BAD: N_("The source answers, but not as its configuration says. Somebody has to mend one of the two."),
    PAUSED: N_("Somebody paused it. Nothing is read; what the source holds stays there until it goes on."),
    WAITING: N_("It was never read. The worker reads it as soon as it runs."),
    "removed": N_("It is no longer in the configuration. Its rows stay."),
}
"""State → what it means, and who has to do something."""


def mark(state: str) -> html.I:
    """The shape of a state; the word beside it says the same."""
    return html.I(className=f"gh-mark gh-mark-{STATES[state][0]}", **attributes(aria_hidden="true"))


def state_word(state: str) -> str:
    """The word of a state."""
    return _(STATES[state][1])

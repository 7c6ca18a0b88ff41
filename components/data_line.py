"""The line under a figure: the time of its data and its state, by shape, word and colour."""

from zoneinfo import ZoneInfo

from dash import html

from components.caselines import moment_text
from components.words import _
from domain.feeds import DOWN, LIVE, STALE, WAITING
from domain.measures import N_

STATES: dict[str, tuple[str, str]] = {
    LIVE: ("dot", N_("Live")),
    STALE: ("ring", N_("Stale")),
    DOWN: ("cross", N_("Down")),
    WAITING: ("ring", N_("Waiting")),
    "refused": ("cross", N_("Refused")),
    "bad": ("square", N_("Needs mending")),
    "running": ("ring", N_("Reading")),
    "removed": ("ring", N_("Removed")),
}
"""State → shape and word."""


def mark(state: str) -> html.I:
    """The shape of a state; the word beside it says the same."""
    return html.I(className=f"gh-mark gh-mark-{STATES[state][0]}", **{"aria-hidden": "true"})


def state_word(state: str) -> str:
    """The word of a state."""
    return _(STATES[state][1])


def data_line(at: int | None, state: str, zone: ZoneInfo) -> html.Div:
    """● Data 14:05:32 · Live. at: the time up to which the slowest feed was read (epoch seconds), None = never."""
    time = [] if at is None else [_("Data {time}", time=moment_text(at, zone, "%m-%d %H:%M:%S")), " · "]
    return html.Div([mark(state), html.Span([*time, state_word(state)])], className=f"gh-data gh-state-{state}")

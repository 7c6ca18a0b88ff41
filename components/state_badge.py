"""The fine state of a case that is worked here, as a badge."""

from dash import html

from components.words import _
from domain.lifecycle import OPEN, PENDING, STATES


def state_badge(state: str) -> html.Span:
    """The word of a state of domain.lifecycle.STATES, framed."""
    tone = "moving" if state in OPEN | PENDING else "out" if state in {"void", "merged"} else "ended"
    return html.Span(_(STATES[state]), className=f"gh-badge gh-badge-{tone}")

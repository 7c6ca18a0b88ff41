"""The state of a case as a badge."""

from dash import html

from components.caselines import STATUS_WORDS
from components.words import _
from domain.cases import ENDED, TAKEN_OUT


def tone(status: str) -> str:
    """Ended | out (void, merged) | moving: how much a state asks for attention."""
    return "ended" if status in ENDED else "out" if status in TAKEN_OUT else "moving"


def case_badge(status: str) -> html.Span:
    """The word of a state (domain.cases.STATUSES), framed."""
    return html.Span(_(STATUS_WORDS[status]), className=f"gh-badge gh-badge-{tone(status)}")

"""The shape of a deadline: colour is not the only cue."""

from dash import html

from components.attributes import attributes
from components.deadline import LATE, NEAR
from components.words import _
from domain.measures import N_

MARKS = {LATE: N_("Overdue"), NEAR: N_("Due soon")}


def due_mark(tone: str) -> html.I:
    """The shape of a deadline: octagon over, diamond soon, nothing else; its word for those who do not see it."""
    if tone not in MARKS:
        return html.I(className="gh-due-mark", **attributes(aria_hidden="true"))
    return html.I(html.Span(_(MARKS[tone]), className="sr-only"), className=f"gh-due-mark gh-due-mark-{tone}")

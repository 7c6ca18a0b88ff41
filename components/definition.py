"""What a key figure means: formula, scope, what is left out. Shown on demand beside every number."""

from dash import html

from components.facets import disclosure
from components.words import _
from domain.measures import Kpi


def definition(kpi: Kpi, *, notes: tuple[str, ...] = (), titled: bool = True) -> html.Div:
    """The definition of a figure; notes: sentences that belong to this place, already translated."""
    title = [html.H3(_(kpi.label))] if titled else []
    return html.Div(
        [
            *title,
            html.P(_(kpi.formula, **kpi.given)),
            html.P(_(kpi.scope), className="gh-quiet"),
            html.P(_("Left out: {what}", what=_(kpi.excluded)), className="gh-quiet"),
            *(html.P(note, className="gh-quiet") for note in notes),
        ],
        className="gh-definition",
    )


def definition_button(kpi: Kpi) -> html.Details:
    """A question mark that opens the definition."""
    return disclosure(["?"], [definition(kpi)], "gh-ask", aria_label=_("What does this figure mean?"))

"""What a key figure means: formula, scope, what is left out. Shown on demand beside every number."""

import dash_mantine_components as dmc
from dash import html

from components.words import _
from domain.measures import Kpi


def definition(kpi: Kpi, *, notes: tuple[str, ...] = (), titled: bool = True) -> html.Div:
    """The definition of a figure; notes: sentences that belong to this place, already translated."""
    title = [html.H3(_(kpi.label))] if titled else []
    return html.Div(
        [
            *title,
            html.P(_(kpi.formula)),
            html.P(_(kpi.scope), className="gh-quiet"),
            html.P(_("Left out: {what}", what=_(kpi.excluded)), className="gh-quiet"),
            *(html.P(note, className="gh-quiet") for note in notes),
        ],
        className="gh-definition",
    )


def definition_button(kpi: Kpi) -> dmc.Popover:
    """A question mark that opens the definition."""
    button = html.Button("?", type="button", className="gh-ask", **{"aria-label": _("What does this figure mean?")})
    return dmc.Popover(
        [dmc.PopoverTarget(button), dmc.PopoverDropdown(definition(kpi), className="gh-popover")],
        width=300, position="bottom-start", shadow="md", withinPortal=True, returnFocus=True,
    )  # fmt: skip

"""Deadlines that reach a year whose holidays nobody has entered yet are shown with this."""

from collections.abc import Sequence

from dash import html

from components.attributes import attributes
from components.facets import go
from components.words import _


def calendar_warning(years: Sequence[int]) -> html.P | None:
    """A line that names the years (views or domain.workclock.unknown_years); nothing where all are known."""
    if not years:
        return None
    named = _(", ").join(str(year) for year in years)
    said = _(
        "The holidays of {years} are not entered yet: deadlines there count every weekday as a day of work.",
        years=named,
    )
    return html.P(
        [
            html.Span("▲", **attributes(aria_hidden="true")),
            html.Span(said),
            go(_("Calendar ›"), f"/calendar?year={years[0]}"),
        ],
        className="gh-unknown-years",
        role="status",
    )

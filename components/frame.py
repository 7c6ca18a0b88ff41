"""What stands around every page."""

from dash import dcc, html

from components.words import _
from domain.measures import N_

LINKS = (("/", N_("Overview")), ("/cases", N_("Cases")), ("/outcomes", N_("Outcomes")), ("/sources", N_("Feeds")))


def header(site_name: str) -> html.Header:
    """Name of the site and the ways to the pages."""
    return html.Header(
        [
            html.Strong(site_name),
            html.Nav([dcc.Link(_(label), href=href) for href, label in LINKS]),
        ],
        className="frame-header",
    )

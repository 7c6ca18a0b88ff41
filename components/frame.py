"""What stands around every page: name, ways, search, theme."""

from dash import dcc, html

from components.words import _
from domain.measures import N_
from domain.ways import may_open

LINKS = (
    ("/", N_("Overview")), ("/inbox", N_("To do")), ("/board", N_("Board")), ("/new", N_("New case")),
    ("/cases", N_("Cases")), ("/outcomes", N_("Outcomes")), ("/sources", N_("Feeds")),
)  # fmt: skip
"""Ways with their words; a reader is shown those that domain.ways lets their role go."""
SEARCHED = "3650d"
"""A search goes through ten years, not through the last seven days."""


def is_current(href: str, pathname: str) -> bool:
    """Whether a page belongs to an entry of the navigation: /cases/12 to /cases, and only / to /."""
    return pathname == href or (href != "/" and pathname.startswith(f"{href}/"))


def ways(pathname: str, role: str) -> list[html.A]:
    """The navigation of a role with the current page marked (assets/address.js opens it without loading anew)."""
    return [
        html.A(
            _(label), href=href, className=f"way{' is-here' if is_current(href, pathname) else ''}",
            **({"aria-current": "page"} if is_current(href, pathname) else {}),
        )
        for href, label in LINKS
        if may_open(role, href)
    ]  # fmt: skip


def header(site_name: str, role: str) -> html.Header:
    """The bar at the top of every page, for a role."""
    logo = html.Span([html.Span() for _i in range(4)], className="frame-logo", **{"aria-hidden": "true"})
    words = _("Search case number or place")
    field = dcc.Input(
        id="frame-search", name="q", type="search", placeholder=words, className="frame-search", autoComplete="off"
    )
    search = html.Form(
        html.Label([html.Span(words, className="sr-only"), field]),
        action="/cases", method="GET", className="frame-search-form", role="search", **{"data-period": SEARCHED},
    )  # fmt: skip
    theme = html.Button(
        "", type="button", id="frame-scheme-switch", className="frame-scheme", title=_("Light or dark"),
        **{"aria-label": _("Light or dark")},
    )  # fmt: skip
    return html.Header(
        [
            dcc.Link([logo, html.Strong(site_name)], href="/", className="frame-name"),
            html.Nav(ways("/", role), id="frame-ways", className="frame-ways", **{"aria-label": _("Pages")}),
            search,
            theme,
        ],
        className="frame-header",
    )


def lost_banner() -> html.Div:
    """Said while the server does not answer (assets/live.js shows and hides it)."""
    return html.Div(
        [html.Span("✕", **{"aria-hidden": "true"}), html.Span(_("Connection lost. The figures stand still; trying again."))],
        id="frame-lost", className="frame-lost", hidden=True, role="status",
    )  # fmt: skip

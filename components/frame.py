"""What stands around every page: name, ways, search, theme."""

from dash import dcc, html

from components.roles import ROLE_NAMES
from components.words import _
from domain.actor import ADMINISTRATORS, Actor
from domain.lifecycle import MOVES
from domain.measures import N_
from domain.ways import EVERYONE, WORKERS, asks_for

SEE_CASES = EVERYONE - ADMINISTRATORS
MOVERS = frozenset(MOVES["report"].roles) & WORKERS
LINKS = (
    ("/", N_("Overview"), SEE_CASES), ("/inbox", N_("To do"), WORKERS), ("/board", N_("Board"), WORKERS),
    ("/new", N_("New case"), MOVERS), ("/cases", N_("Cases"), SEE_CASES), ("/outcomes", N_("Outcomes"), SEE_CASES),
    ("/video", N_("Video"), SEE_CASES), ("/sources", N_("Service watch"), EVERYONE), ("/accounts", N_("Accounts"), asks_for("/accounts") or EVERYONE),
    ("/places", N_("QR codes"), asks_for("/places") or EVERYONE),
    ("/calendar", N_("Calendar"), asks_for("/calendar", "POST") or EVERYONE),
    ("/audit", N_("Audit"), asks_for("/audit") or EVERYONE),
)  # fmt: skip
"""Address, name, and the roles that are shown the way."""
PLAIN = frozenset({"/accounts", "/places"})
"""Ways to plain documents: the browser loads them."""
SEARCHED = "3650d"
"""A search goes through ten years, not through the last seven days."""


def is_current(href: str, pathname: str) -> bool:
    """Whether a page belongs to an entry of the navigation: /cases/12 to /cases, and only / to /."""
    return pathname == href or (href != "/" and pathname.startswith(f"{href}/"))


def ways(pathname: str, role: str) -> list[html.A]:
    """The ways of a role with the current page marked (assets/address.js opens it without loading anew)."""
    return [
        html.A(
            _(label), href=href, className=f"way{' is-here' if is_current(href, pathname) else ''}",
            **({"aria-current": "page"} if is_current(href, pathname) else {}),
            **({"data-plain": "yes"} if href in PLAIN else {}),
        )
        for href, label, roles in LINKS
        if role in roles
    ]  # fmt: skip


def who(actor: Actor) -> html.Div:
    """Who is signed in: the way to their account, and out."""
    out = html.Button("", type="submit", className="frame-out", title=_("Sign out"), **{"aria-label": _("Sign out")})
    return html.Div(
        [
            html.A(
                actor.name, href="/account", className="frame-person", title=_(ROLE_NAMES.get(actor.role, actor.role))
            ),
            html.Form(out, action="/logout", method="POST"),
        ],
        className="frame-who",
    )


def header(site_name: str, actor: Actor) -> html.Header:
    """The bar at the top of every page."""
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
            html.Nav(ways("/", actor.role), id="frame-ways", className="frame-ways", **{"aria-label": _("Pages")}),
            search,
            theme,
            who(actor),
        ],
        className="frame-header",
    )


def lost_banner() -> html.Div:
    """Said while the server does not answer (assets/live.js shows and hides it)."""
    return html.Div(
        [html.Span("✕", **{"aria-hidden": "true"}), html.Span(_("Connection lost. The figures stand still; trying again."))],
        id="frame-lost", className="frame-lost", hidden=True, role="status",
    )  # fmt: skip

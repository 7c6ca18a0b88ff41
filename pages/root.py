"""The frame around every page: Dash on Flask, the header, the doorbell's stores."""

from pathlib import Path

import dash
import dash_mantine_components as dmc
from dash import ClientsideFunction, Input, Output, State, callback, clientside_callback, dcc, html
from dash.development.base_component import Component
from flask import Flask, Response

from components.datatimes import RETRY_SECONDS
from components.document import document
from components.frame import header, lost_banner, ways
from components.theme import FONT_STACK
from components.words import set_language
from pages.access import actor
from pages.held_back import hold_back, scripts_needed
from pages.router import open_page
from views.versions import versions
from wiring import House, house

HERE = Path(__file__).parent
ASSETS = HERE.parent / "assets"


def build_pages(opened: House) -> Flask:
    """The WSGI application of the screens for an opened house."""
    set_language(opened.settings.site.language)
    server = Flask("gridhall")
    app = dash.Dash(
        "gridhall",
        server=server,
        use_pages=True,
        pages_folder=str(HERE),
        assets_folder=str(ASSETS),
        assets_ignore=r"^(scheme\.js|plain.*)$",
        title=opened.settings.site.name,
        update_title=None,  # type: ignore[arg-type]
        suppress_callback_exceptions=True,
        eager_loading=False,
        serve_locally=True,
    )
    hold_back()
    app.index_string = document(f"/assets/scheme.js?m={(ASSETS / 'scheme.js').stat().st_mtime_ns}")
    app.layout = lambda: _frame(opened)
    server.after_request(lambda answer: _guarded(app, answer))
    return server


def _guarded(app: dash.Dash, answer: Response) -> Response:
    """A page runs our own scripts and asks nobody else. Inline styles are Mantine's and Leaflet's way."""
    if answer.mimetype == "text/html":
        scripts = " ".join(f"'{digest}'" if not digest.startswith("'") else digest for digest in app.csp_hashes())
        answer.headers["Content-Security-Policy"] = (
            f"default-src 'self'; script-src 'self' {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
            "media-src 'self' blob:; font-src 'self' data:; worker-src blob:; object-src 'none'; base-uri 'self'; frame-ancestors 'self'"
        )
    return answer


def _frame(opened: House) -> dmc.MantineProvider:
    """The root layout. `live` holds the versions that the doorbell rang with; pages read again when theirs changes."""
    return dmc.MantineProvider(
        id="frame-theme",
        theme={
            "fontFamily": FONT_STACK,
            "fontFamilyMonospace": FONT_STACK,
            "defaultRadius": 6,
            "respectReducedMotion": True,
        },
        children=html.Div(
            [
                dcc.Location(id="frame-url", refresh="callback-nav"),
                dcc.Store(id="frame-title"),
                dcc.Store(id="frame-path"),
                dcc.Store(id="frame-scripts", data=scripts_needed()),
                dcc.Store(id="live", data={}),
                dcc.Store(id="live-figures"),
                dcc.Store(id="live-work"),
                dcc.Store(id="frame-scheme", data="light"),
                dcc.Interval(id="frame-slow", interval=RETRY_SECONDS * 1000),
                header(opened.settings.site.name, actor()),
                lost_banner(),
                html.Main(id="frame-page"),
            ],
            id="frame",
            **{"data-build": opened.build},
        ),
    )


@callback(
    Output("frame-page", "children"),
    Output("frame-ways", "children"),
    Output("frame-title", "data"),
    Input("frame-path", "data"),
    State("frame-url", "search"),
    prevent_initial_call=True,
)
def show_page(pathname: str | None, search: str | None) -> tuple[Component, list[html.A], str]:
    """The page of a path, and the navigation with it marked."""
    role = actor().role
    layout, title = open_page(pathname or "/", search or "", role)
    return layout, ways(pathname or "/", role), f"{title} · {house().settings.site.name}"


@callback(Output("live", "data"), Input("frame-slow", "n_intervals"), prevent_initial_call=True)
def slow_path(_ticks: int) -> dict[str, str]:
    """The second way of the versions, for when the stream is held up between here and the browser."""
    opened = house()
    return {**versions(opened.reader), "build": opened.build, "at": str(opened.clock() // RETRY_SECONDS)}


clientside_callback(
    ClientsideFunction("address", "arrive"), Output("frame-path", "data"), Input("frame-url", "pathname"),
    State("frame-scripts", "data"),
)  # fmt: skip
clientside_callback(ClientsideFunction("address", "title"), Input("frame-title", "data"))
clientside_callback(ClientsideFunction("live", "figures"), Output("live-figures", "data"), Input("live", "data"))
clientside_callback(ClientsideFunction("live", "work"), Output("live-work", "data"), Input("live", "data"))

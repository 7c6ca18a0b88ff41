"""The frame around every page: Dash on Flask, the header, the doorbell's store."""

from pathlib import Path

import dash
import dash_mantine_components as dmc
from dash import dcc, html
from flask import Flask

from components.frame import header
from components.words import _, set_language
from wiring import House

HERE = Path(__file__).parent
SLOW_PATH_MS = 60_000


def build_pages(opened: House) -> Flask:
    """The WSGI application of the screens for an opened house."""
    set_language(opened.settings.site.language)
    server = Flask("gridhall")
    app = dash.Dash(
        "gridhall",
        server=server,
        use_pages=True,
        pages_folder=str(HERE),
        assets_folder=str(HERE.parent / "assets"),
        title=opened.settings.site.name,
        update_title=None,  # type: ignore[arg-type]
        suppress_callback_exceptions=True,
        eager_loading=False,
        serve_locally=True,
    )
    app.layout = lambda: _frame(opened)
    return server


def _frame(opened: House) -> dmc.MantineProvider:
    """The root layout. `live` holds the versions that the doorbell rang with; pages read again when theirs changes."""
    return dmc.MantineProvider(
        id="frame-theme",
        children=html.Div(
            [
                dcc.Location(id="frame-url", refresh="callback-nav"),
                dcc.Store(id="live", data={}),
                dcc.Interval(id="frame-slow", interval=SLOW_PATH_MS),
                header(opened.settings.site.name),
                html.Div(_("Connection lost. Trying again."), id="frame-lost", hidden=True, role="status"),
                html.Main(dash.page_container, id="frame-page"),
            ],
            id="frame",
        ),
    )

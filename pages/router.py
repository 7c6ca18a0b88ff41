"""Which page an address opens. The path alone decides: a changed filter is an address of the same page, and rebuilds nothing.

(Dash's own router builds a page anew whenever anything of its address changes; a map would start over at every click.)
"""

import re
from typing import Any
from urllib.parse import parse_qsl, unquote

import dash
from dash import html
from dash.development.base_component import Component

from components.words import _
from domain.ways import asks_for


def page_of(pathname: str) -> tuple[dict[str, Any], dict[str, str]] | None:
    """The registered page of a path with the values of its template (/cases/<case>), or None."""
    for page in dash.page_registry.values():
        template = page["path_template"]
        if template:
            pattern = re.sub(r"<(\w+)>", r"(?P<\1>[^/]+)", template)
            if match := re.fullmatch(pattern, pathname):
                return page, {name: unquote(value) for name, value in match.groupdict().items()}
        elif page["path"] == pathname:
            return page, {}
    return None


def open_page(pathname: str, search: str, role: str) -> tuple[Component, str]:
    """(layout, title) of a path; a page that is not there, or not for this role, says so."""
    asked = asks_for(pathname.rstrip("/") or "/")
    if asked is not None and role not in asked:
        return html.Div(html.H1(_("Your role has no way to this page.")), className="no-page"), _("Not possible")
    found = page_of(pathname.rstrip("/") or "/")
    if found is None:
        return html.Div([html.H1(_("There is no such page")), html.P(pathname)], className="no-page"), _("Not found")
    page, values = found
    query = {k: v for k, v in parse_qsl(search.removeprefix("?")) if k.isidentifier()}
    layout, title = page["layout"], page["title"]
    return layout(**{**query, **values}) if callable(layout) else layout, title(**values) if callable(title) else title

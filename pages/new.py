"""/new : a new case from a desk (telephone, visit) or from a grid, also one that was put right on the spot."""

from typing import Any

import dash
import numpy as np
from dash import ClientsideFunction, Input, Output, callback, clientside_callback, dcc, html

from components.new_case import mark, new_case
from components.words import _
from domain.cases import HERE
from domain.lifecycle import MOVES
from domain.measures import N_
from pages.access import access, actor
from pages.asked import asked, scheme
from views.area_names import full_name, tree
from views.places import ground
from wiring import house

dash.register_page(__name__, path="/new", title=lambda: _("New case"))

EM_SPACE = "\u2003"
CHANNELS = {
    "officer": (N_("Grid officer"), N_("Patrol")),
    "intake": (N_("Telephone"), N_("12345 hotline"), N_("Visit in person"), N_("Other channel")),
}


def layout(**query: Any) -> html.Div:
    """The form; self=1 is that of what was handled on the spot."""
    who, now = actor(), asked("")
    if who.role not in MOVES["report"].roles:
        return html.Div(
            [html.H1(_("New case")), html.P(_("This is for another role."))], className="gh-page gh-missing"
        )
    may_handle = who.role in MOVES["self_handle"].roles
    self_handled = may_handle and query.get("self") == "1"
    channels = [(_(word), _(word)) for word in CHANNELS.get(who.role, CHANNELS["intake"])]
    categories = [(c.name, c.name) for c in house().work.catalogue.categories]
    if not categories:
        said = html.P(_("No categories are set up: add [[categories]] to the settings."))
        return html.Div([html.H1(_("New case")), said], className="gh-page gh-missing")
    areas = [(code, f"{EM_SPACE * (depth - 1)}{name}") for code, name, depth in tree(now.moment, now.scope)]
    return html.Div(
        [
            html.Div(html.Div(html.H1(_("New case")), className="gh-title"), className="gh-head"),
            dcc.Store(id="new-point"),
            dcc.Store(id="new-chosen"),
            *new_case(categories, areas, channels, _center(now), self_handled=self_handled, may_handle=may_handle,
                      scheme=scheme()),
        ],
        className="gh-page gh-page-new",
    )  # fmt: skip


def _center(now: Any) -> tuple[float, float]:
    """(latitude, longitude) of the middle of what the reader may see."""
    west, south, east, north = ground(now.reader, now.scope, "").extent or (0.0, 0.0, 0.0, 0.0)
    return (south + north) / 2, (west + east) / 2


@callback(
    Output("new-mark", "children"), Output("new-where", "children"), Input("new-point", "data"), Input("new-chosen", "data"),
    prevent_initial_call=True,
)  # fmt: skip
def show_place(point: dict[str, float] | None, area: str | None) -> tuple[list[Any], str]:
    """The mark on the map and the name of the area it lies in; whether that is one of the reader's."""
    areas = asked("").moment.areas
    if not point:
        return [], full_name(areas, area) if area in areas.position else _("No place yet.")
    east, north = np.array([float(point["longitude"])]), np.array([float(point["latitude"])])
    ids, placing, _known = house().site.place(east, north, np.array([None], dtype=object), np.zeros(1, dtype=bool))
    position = int(areas.position_of_id[ids[0]])
    inside = placing[0] == HERE and areas.sees(access(), position)
    words = full_name(areas, areas.code[position]) if placing[0] == HERE else _("Outside all areas")
    return [mark(east[0], north[0])], words if inside else f"{words} · {_('outside your areas')}"


clientside_callback(
    ClientsideFunction("work", "pick"),
    Output("new-point", "data"),
    Input("new-map", "clickData"),
    prevent_initial_call=True,
)
clientside_callback(
    ClientsideFunction("work", "place"),
    Output("new-form", "title"),
    Input("new-point", "data"),
    Input("new-chosen", "data"),
)
clientside_callback(ClientsideFunction("screens", "tiles"), Output("new-base", "url"), Input("frame-scheme", "data"))

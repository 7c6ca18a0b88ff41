"""The panel of layers on the map. Its rows are drawn in the browser (assets/layers.js) from /layers; here are frame and words."""

import json

from dash import html
from dash.development.base_component import Component

from components.words import _


def layer_button() -> html.Div:
    """Opens the panel."""
    word = _("Layers of other services")
    said = {"aria-label": word, "title": word, "aria-expanded": "false", "aria-controls": "layers-panel"}
    return html.Div(
        html.Button(type="button", id="layers-button", className="map-layers", **said),
        className="map-buttons is-layers",
    )


def layer_panel() -> list[Component]:
    """The panel (closed at first), whose data it is, and the line that parts two pictures."""
    head = html.Div(
        [
            html.H2(_("Layers")),
            html.Button(type="button", className="layers-close", **{"aria-label": _("Close"), "data-layers": "close"}),
        ],
        className="layers-head",
    )
    return [
        html.Section(
            [head, html.Div(id="layers-list", **{"data-words": json.dumps(_words())}), html.P(id="layers-said", role="status")],
            id="layers-panel", className="layers-panel", hidden=True, **{"aria-label": _("Layers")},
        ),
        html.Div(id="layers-credit", className="layers-credit"),
        html.Div(
            id="layers-swipe", className="layers-swipe", hidden=True, role="slider", tabIndex="0",
            **{"aria-label": _("Where the layer ends"), "aria-valuemin": "0", "aria-valuemax": "100", "aria-valuenow": "50"},
        ),
    ]  # fmt: skip


def _words() -> dict[str, str]:
    return {
        "none": _('No service offers a layer. Add one to the configuration: connector = "visuals.…".'),
        "away": _("The list of layers cannot be read now"),
        "opacity": _("Opacity of {title}"),
        "up": _("Move {title} up"),
        "down": _("Move {title} down"),
        "swipe": _("Compare"),
        "swipe_of": _("Compare {title} with the map by a line"),
        "look": _("Show all"),
        "look_of": _("Show all of {title}"),
        "more": _("{n} features here are not shown: zoom in"),
        "some": _("More features are here than are shown: zoom in"),
        "far": _("Drawn from zoom level {z}: zoom in"),
    }

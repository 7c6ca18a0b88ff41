"""Where a case is: our own tiles, the outline of its area, its point, its neighbours. Or why it is not on the map."""

from collections.abc import Mapping, Sequence
from typing import Any

import dash_leaflet as dl
from dash import html

from components.camera_marks import camera_marks
from components.words import _
from domain.cameras import Near
from domain.cases import NO_PLACE, OUTSIDE, PINNED
from domain.measures import N_

Case = Mapping[str, Any]

TILES = "/tiles/base/{theme}/{{z}}/{{x}}/{{y}}.png"
ZOOM, MIN_ZOOM, MAX_ZOOM = 17, 12, 18

WHY_NOT = {
    NO_PLACE: N_("The source gave no place. The case counts in its area and is on no map."),
    OUTSIDE: N_("Its point lies outside every area. The case counts for the whole site and is on no map."),
    PINNED: N_("Its point is one that its source gives when nobody knows the place. The case counts and is on no map."),
}


def case_map(
    case: Case, neighbours: Sequence[Case], level: str, metres: int, cameras: Sequence[Near] = ()
) -> html.Section:
    """The map of a case on the map; level: that of its area, whose shapes are at /geometry/<level>. cameras: lettered."""
    at = [case["latitude"], case["longitude"]]
    near = [_dot([n["latitude"], n["longitude"]], str(i), "near") for i, n in enumerate(neighbours, start=1)]
    drawn = dl.Map(
        [
            dl.TileLayer(id="case-base", url=TILES.format(theme="light"), minZoom=MIN_ZOOM, maxZoom=MAX_ZOOM),
            dl.GeoJSON(
                url=f"/geometry/{level}", interactive=False, hideout={"code": case["area_code"]},
                filter={"variable": "gridhall.screens.isArea"}, style={"variable": "gridhall.screens.areaStyle"},
            ),
            dl.Circle(center=at, radius=metres, interactive=False, className="gh-ring", fill=False),
            *camera_marks(cameras),
            *near,
            _dot(at, "", "late" if case["overdue"] and case["ended_at"] is None else "here"),
            dl.ScaleControl(imperial=False, position="bottomleft"),
        ],
        id="case-map", center=at, zoom=ZOOM, attributionControl=False, scrollWheelZoom=False, className="gh-map",
        minZoom=MIN_ZOOM, maxZoom=MAX_ZOOM,
    )  # fmt: skip
    return _block(_("The {n} nearest within {m} m", n=len(neighbours), m=metres), drawn)


def _dot(at: list[float], sign: str, look: str) -> dl.DivMarker:
    return dl.DivMarker(
        position=at, interactive=False, keyboard=False,
        iconOptions={"html": sign, "className": f"gh-dot gh-dot-{look}", "iconSize": [20, 20]},
    )  # fmt: skip


def off_map(case: Case) -> html.Section:
    """What stands there for a case that is not on the map."""
    return _block("", html.Div(html.P(_(WHY_NOT[case["placing"]])), className="gh-off-map"))


def _block(note: str, child: Any) -> html.Section:
    head = html.Div([html.H2(_("Place")), html.Span(note, className="gh-card-note")], className="gh-card-head")
    return html.Section([head, child], className="gh-card gh-place")

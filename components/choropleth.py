"""The one map: our own tiles below and above, cells coloured in the browser, outlines and names on top.

Shapes come once from /geometry, colours from /values (assets/map.js); no value is in this tree.
"""

import html as text
from collections.abc import Sequence
from typing import Protocol

import dash_leaflet as dl
from dash import dcc, html
from dash.development.base_component import Component

from components.words import _

MIN_ZOOM, MAX_ZOOM = 10, 18
NOWHERE = (-60.0, -120.0, 60.0, 120.0)
TILES = "/tiles/{layer}/{theme}/{{z}}/{{x}}/{{y}}{{r}}.png"


class Named(Protocol):
    """A name and where it is written (views.places.Named)."""

    @property
    def name(self) -> str: ...
    @property
    def longitude(self) -> float: ...
    @property
    def latitude(self) -> float: ...
    @property
    def size(self) -> float: ...


def _browser(name: str) -> dict[str, str]:
    """A function of assets/map.js."""
    return {"variable": f"gridhall.map.{name}"}


def tiles_url(layer: str, theme: str) -> str:
    """The address of a layer of our own tiles (base | over)."""
    return TILES.format(layer=layer, theme=theme)


def the_map(
    *,
    extent: tuple[float, float, float, float] | None,
    names: Sequence[Named],
    level: str,
    outlines: Sequence[str],
    theme: str,
) -> dl.Map:
    """The map of a site. level: what is coloured first. outlines: levels whose borders are always drawn, fine to coarse.
    theme: of the first tiles.
    """
    west, south, east, north = extent or NOWHERE
    return dl.Map(
        [
            dl.TileLayer(id="overview-base", url=tiles_url("base", theme), **_TILE),
            dl.Pane(_cells(level), name="cells", style={"zIndex": 410}),
            dl.Pane(dl.LayerGroup([], id="overview-heat"), name="heat", style={"zIndex": 420, "pointerEvents": "none"}),
            dl.Pane(
                dl.TileLayer(id="overview-over", url=tiles_url("over", theme), **_TILE),
                name="over", style={"zIndex": 430, "pointerEvents": "none"},
            ),
            dl.Pane([_outline(level, i) for i, level in enumerate(outlines)], name="outlines", style={"zIndex": 440}),
            dl.Pane(_chosen(), name="chosen", style={"zIndex": 445}),
            dl.Pane(dl.LayerGroup([], id="overview-near-marks"), name="near", style={"zIndex": 460, "pointerEvents": "none"}),
            dl.Pane([_name(each) for each in names], name="names", style={"zIndex": 450, "pointerEvents": "none"}),
        ],
        id="overview-map", className="the-map", bounds=[[south, west], [north, east]],
        boundsOptions={"paddingTopLeft": [8, 8], "paddingBottomRight": [8, 24]},
        attributionControl=False, zoomControl=False, trackViewport=False, minZoom=MIN_ZOOM, maxZoom=MAX_ZOOM, zoomSnap=0.1,
        zoomDelta=0.5, wheelPxPerZoomLevel=120,
    )  # fmt: skip


_TILE = {"minZoom": MIN_ZOOM, "maxZoom": MAX_ZOOM, "attribution": "", "keepBuffer": 1}


def _cells(level: str) -> dl.GeoJSON:
    return dl.GeoJSON(
        id="overview-cells", url=f"/geometry/{level}", style=_browser("style"), onEachFeature=_browser("each"),
        filter=_browser("kept"),
    )  # fmt: skip


def _outline(level: str, index: int) -> dl.GeoJSON:
    """Borders: the finest of the given levels thin, the coarser ones heavier."""
    return dl.GeoJSON(
        url=f"/geometry/{level}", interactive=False, style=_browser("outline" if index else "border"),
        id=f"overview-outline-{index}",
    )  # fmt: skip


def _chosen() -> dl.GeoJSON:
    return dl.GeoJSON(id="overview-chosen", data=NO_FEATURES, interactive=False, style=_browser("chosen"))


NO_FEATURES = {"type": "FeatureCollection", "features": []}


def _name(named: Named) -> dl.DivMarker:
    label = f'<span data-size="{named.size:.3g}">{text.escape(named.name)}</span>'
    return dl.DivMarker(
        position=[named.latitude, named.longitude], interactive=False, keyboard=False,
        iconOptions={"html": label, "className": "map-name", "iconSize": [0, 0]},
    )  # fmt: skip


def heat_layer(url: str) -> list[Component]:
    """The heat tiles of an address, or nothing."""
    return [dl.TileLayer(url=url, id="overview-heat-tiles", **_TILE)] if url else []


def buttons() -> html.Div:
    """Nearer, farther, all."""
    words = (("in", "+", _("Zoom in")), ("out", "−", _("Zoom out")), ("all", "", _("Show the whole area")))
    return html.Div(
        [
            html.Button(
                sign, type="button", className=f"map-{name}", **{"data-zoom": name, "aria-label": word, "title": word}
            )
            for name, sign, word in words
        ],
        className="map-buttons",
    )


def words_store(words: dict[str, object]) -> dcc.Store:
    """What tooltips say: labels, units and digits of the measures in the reader's language; and the level drawn first."""
    return dcc.Store(id="overview-words", data=words)

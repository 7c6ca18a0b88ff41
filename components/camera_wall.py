"""The wall of cameras: its head, its tiles, and what stands there where there is none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dash import html

from components.attributes import attributes
from components.camera_tile import camera_tile, tiles
from components.camera_words import Camera
from components.datatimes import Age, data_line
from components.facets import go
from components.words import _
from domain.feeds import LIVE


@dataclass(frozen=True)
class WallHead:
    """What stands above a wall: where, how many are online of how many, and the addresses of its other forms.

    sizes: (tiles, address, chosen). pages: (page, of how many, address before or "", address after or ""). cleared: the
    address without cameras chosen by hand, "" where none are. sources: (name, age) of those whose data is not current.
    """

    place: str
    online: int
    total: int
    sizes: Sequence[tuple[int, str, bool]]
    pages: tuple[int, int, str, str]
    cleared: str
    sources: Sequence[tuple[str, Age]]


def wall_head(head: WallHead) -> list[Any]:
    """Title, counts, sizes, pages; a line for each source that is not live."""
    counts = html.Span(
        [html.B(f"{head.online:,}"), f" / {head.total:,} ", _("cameras online")], className="gh-subtitle"
    )
    sizes = [
        go(
            str(n),
            href,
            "gh-wall-size",
            **attributes(aria_label=_("{n} tiles", n=n), **({"aria_current": "true"} if chosen else {})),
        )
        for n, href, chosen in head.sizes
    ]
    clear = [go(_("Back to the area's cameras"), head.cleared, "gh-button")] if head.cleared else []
    actions = [
        *clear,
        *_pager(head.pages),
        html.Nav(sizes, className="gh-wall-sizes", **attributes(aria_label=_("Tiles"))),
    ]
    title = html.Div([html.H1(head.place), counts], className="gh-title gh-wall-title")
    said = [
        html.Div([html.B(name), data_line(age)], className="gh-wall-source")
        for name, age in head.sources
        if age.state != LIVE
    ]
    return [html.Div([title, html.Div(actions, className="gh-actions")], className="gh-head gh-wall-head"), *said]


def _pager(pages: tuple[int, int, str, str]) -> list[Any]:
    page, of, before, after = pages
    if of < 2:
        return []

    def step(sign: str, word: str, href: str) -> Any:
        if not href:
            return html.Span(sign, className="gh-button is-off", **attributes(aria_hidden="true"))
        return go(sign, href, "gh-button", **attributes(aria_label=word))

    middle = html.Span(
        f"{page} / {of}", className="gh-wall-page", **attributes(aria_label=_("Page {page} of {of}", page=page, of=of))
    )
    return [
        html.Nav(
            [step("‹", _("Page before"), before), middle, step("›", _("Next page"), after)], className="gh-wall-pager"
        )
    ]


def wall(cameras: Sequence[tuple[Camera, Sequence[str]]], size: int, zone: str) -> html.Div:
    """Size tiles of (camera, names of its areas); places that nobody takes stay empty."""
    side = round(size**0.5)
    drawn: list[Any] = [camera_tile(camera, above, on_dark=True) for camera, above in cameras]
    drawn += [html.Div(className="gh-cam-free") for _i in range(min(size - len(drawn), -len(drawn) % side))]
    return tiles(drawn, zone, "wall", **{"--n": side})


def no_camera(*, configured: bool, searched: Mapping[str, str] | None = None) -> html.Div:
    """What stands there instead of a wall. searched: {"place": name, "href": the whole} where an area has none."""
    if not configured:
        words = [
            html.H2(_("No camera is connected")),
            html.P(_("Add a source of cameras to the settings, for instance video.links or video.rtsp.")),
        ]
    elif searched:
        words = [
            html.H2(_("No camera in {place}", place=searched["place"])),
            html.P(go(_("All cameras"), searched["href"])),
        ]
    else:
        words = [html.H2(_("No camera in your areas"))]
    return html.Div(words, className="gh-card gh-no-camera")

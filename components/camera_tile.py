"""A camera's tile: what stands there before its first picture comes (assets/video.js fetches it)."""

from collections.abc import Sequence
from typing import Any

from dash import html

from components.attributes import attributes
from components.camera_words import ONLINE_MARKS, Camera, about, short_name, spoken
from components.words import _

DARK = attributes(data_mantine_color_scheme="dark")
"""Takes the tokens of the dark theme below an element."""


def camera_tile(
    camera: Camera, above: Sequence[str], *, mark: str = "", more: Sequence[Any] = (), on_dark: bool = False
) -> html.Figure:
    """A tile. above: names of the areas it hangs in. mark: its letter on a map. more: what stands below it.
    on_dark: its words stand on dark ground, as pictures do in both themes.
    """
    name = short_name(camera, above)
    letter = [html.B(mark, className="gh-cam-letter", **attributes(aria_hidden="true"))] if mark else []
    frame = html.Div(
        [
            html.Div(className="gh-cam-view"),
            html.Div(className="gh-cam-over"),
            html.Button(
                "", type="button", className="gh-cam-open", title=about(camera),
                **attributes(aria_label=_("{name}: watch live", name=name), aria_pressed="false"),
            ),
            html.Span(className="gh-cam-badge", role="status"),
            html.Button(
                "", type="button", className="gh-cam-full", title=_("Full screen"),
                **attributes(aria_label=_("{name}: full screen", name=name)),
            ),
        ],
        className="gh-cam-frame", **DARK,
    )  # fmt: skip
    words = html.Figcaption(
        [*letter, html.Span(name, className="gh-cam-name", title=about(camera)), html.Span(className="gh-cam-state")],
        **(DARK if on_dark else {}),
    )
    return html.Figure(
        [frame, words, *more], className="gh-cam",
        **attributes(data_camera=str(camera["id"]), data_online=ONLINE_MARKS[camera["online"]], data_state="waiting"),
    )  # fmt: skip


def tiles(children: Sequence[Any], zone: str, look: str, **style: Any) -> html.Div:
    """What holds tiles; look: how they lie (wall | pair)."""
    return html.Div(
        list(children), className=f"gh-cams gh-cams-{look}", **({"style": style} if style else {}), **spoken(zone)
    )

"""The cameras beside a place: distance and direction in words, pictures, and a picture as evidence of a case."""

from collections.abc import Sequence
from string import ascii_uppercase
from typing import Any

from dash import html

from components.attributes import attributes
from components.camera_tile import camera_tile, tiles
from components.camera_words import wind
from components.words import _
from domain.cameras import FACING, NEAREST_M, UNKNOWN, Near

LETTERS = ascii_uppercase
"""Cameras of a place are lettered on its map; the cases near it are numbered."""

Beside = Sequence[tuple[Near, Sequence[str]]]
"""Cameras with the names of the areas they hang in, best first."""


def cameras_card(near: Beside, zone: str, *, case_id: int | None = None) -> html.Section:
    """The block of a case's page. case_id: the case to which the reader may add a picture."""
    note = _("within {m} m, online first", m=round(NEAREST_M))
    head = html.Div(
        [html.H2(_("Nearest cameras")), html.Span(note, className="gh-card-note")], className="gh-card-head"
    )
    drawn = [_tile(each, above, letter, case_id) for letter, (each, above) in zip(LETTERS, near, strict=False)]
    body = (
        tiles(drawn, zone, "pair")
        if drawn
        else html.P(_("No camera within {m} m.", m=round(NEAREST_M)), className="gh-quiet")
    )
    return html.Section([head, body], className="gh-card gh-cameras")


def cameras_panel(near: Beside, zone: str) -> list[Any]:
    """What a click on the map opens: the cameras that see that point."""
    close = html.Button(
        "", type="button", className="trail-close", **attributes(data_set="near=", aria_label=_("Close the cameras"))
    )
    title = _("Cameras at this point") if near else _("No camera within {m} m.", m=round(NEAREST_M))
    head = html.Div([html.H2(title), close], className="gh-near-head")
    drawn = [_tile(each, above, letter, None) for letter, (each, above) in zip(LETTERS, near, strict=False)]
    return [head, *([tiles(drawn, zone, "pair")] if drawn else [])]


def where(near: Near) -> str:
    """Metres and direction from the place, and that a camera looks elsewhere where that is known."""
    said = f"{near.metres:.0f} m · {wind(near.bearing)}"
    return said if near.facing in {FACING, UNKNOWN} else f"{said} · {_('looks elsewhere')}"


def _tile(near: Near, above: Sequence[str], letter: str, case_id: int | None) -> html.Figure:
    more = [
        html.Div([html.Span(where(near), className="gh-cam-where"), *_evidence(near, case_id)], className="gh-cam-foot")
    ]
    return camera_tile(near.camera, above, mark=letter, more=more)


def _evidence(near: Near, case_id: int | None) -> list[Any]:
    if case_id is None:
        return []
    words = attributes(
        data_camera=str(near.camera["id"]), data_case=str(case_id), data_sure=_("It stays with the case. Attach?"),
        data_sending=_("Attaching …"), data_done=_("Attached to the case"), data_failed=_("Not attached. Try again."),
    )  # fmt: skip
    return [
        html.Button(_("Attach as evidence"), type="button", className="gh-evidence", **words),
        html.Span(className="gh-evidence-said", role="status"),
    ]

"""Photos of a case: before and after side by side."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from dash import html

from components.caselines import moment_text
from components.words import _
from domain.measures import N_

Photo = Mapping[str, Any]

KIND_WORDS = {"before": N_("Before handling"), "after": N_("After handling"), "evidence": N_("On site")}


def photos_card(photos: Sequence[Photo], zone: ZoneInfo) -> html.Section:
    """photos: rows with id, kind (before | after | evidence), made_at (epoch seconds), width and height in pixels."""
    kinds = {kind: [p for p in photos if p["kind"] == kind] for kind in KIND_WORDS}
    note = _("before {before}, after {after}", before=len(kinds["before"]), after=len(kinds["after"]))
    head = html.Div([html.H2(_("Photos")), html.Span(note, className="gh-card-note")], className="gh-card-head")
    pair = [_row(kinds["before"], zone), _row(kinds["after"], zone, empty=_("No photo after handling yet"))]
    shown: list[Any] = [html.Div(pair, className="gh-photo-pair")] if kinds["before"] or kinds["after"] else []
    shown += [_row(kinds["evidence"], zone)] if kinds["evidence"] else []
    return html.Section([head, *(shown or [html.P(_("None."), className="gh-quiet")])], className="gh-card gh-photos")


def _row(photos: Sequence[Photo], zone: ZoneInfo, empty: str = "") -> html.Div:
    figures = [_figure(photo, zone) for photo in photos]
    return html.Div(figures or html.Div(empty, className="gh-no-photo"), className="gh-photo-row")


def _figure(photo: Photo, zone: ZoneInfo) -> html.Figure:
    said = f"{_(KIND_WORDS[photo['kind']])} {moment_text(photo['made_at'], zone, '%m-%d %H:%M')}"
    address = f"/photos/{photo['id']}"
    return html.Figure(
        [html.A(html.Img(src=address, alt=said), href=address, target="_blank"), html.Figcaption(said)],
        className="gh-photo",
    )

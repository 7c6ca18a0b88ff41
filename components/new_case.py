"""The form of a new case: what, where, photos, who said so. The map is beside it; on a phone below one another."""

from collections.abc import Sequence
from typing import Any

import dash_leaflet as dl
from dash import html

from components.attributes import attributes
from components.case_map import MAX_ZOOM, MIN_ZOOM, TILES
from components.movefields import Option, made_input, photos_input, select_input
from components.words import _
from domain.fields import MOST_TEXT


def new_case(
    categories: Sequence[Option], areas: Sequence[Option], channels: Sequence[Option], center: tuple[float, float], *,
    self_handled: bool, may_handle: bool, scheme: str,
) -> list[Any]:  # fmt: skip
    """center: (latitude, longitude). self_handled: the form of what was put right on the spot, with photos before and after."""
    return [
        *([_switch(self_handled=self_handled)] if may_handle else []),
        html.Div(
            [
                html.Section(_form(categories, channels, self_handled=self_handled), className="gh-card"),
                html.Section(_place(areas, center, scheme), className="gh-card"),
            ],
            className="gh-new",
        ),
    ]


def _switch(*, self_handled: bool) -> html.Nav:
    rows = ((_("Report"), "", not self_handled), (_("Handled on the spot"), "1", self_handled))
    links = [
        html.A(text, href=f"/new{'?self=1' if value else ''}", className="gh-tab",
               **(attributes(aria_current="page") if chosen else {}))
        for text, value, chosen in rows
    ]  # fmt: skip
    return html.Nav(links, className="gh-tabs", **attributes(aria_label=_("Kind of report")))


def _form(categories: Sequence[Option], channels: Sequence[Option], *, self_handled: bool) -> html.Form:
    photos = (
        [_field(_("Photos before"), photos_input("before", _("Photos before"), required=True)),
         _field(_("Photos after"), photos_input("after", _("Photos after"), required=True))]
        if self_handled
        else [_field(_("Photos"), photos_input("photos", _("Photos")))]
    )  # fmt: skip
    who = [] if self_handled else [
        html.Div([
            _field(_("Reporter"), made_input("name", "text"), optional=True),
            _field(_("Telephone of the reporter"), made_input("phone", "tel", data_mode="tel"), optional=True),
        ], className="gh-pair"),
        html.Div([
            _field(_("Channel"), select_input("channel", channels)),
            _field(_("12345 order number"), made_input("order_no", "text"), optional=True),
        ], className="gh-pair"),
    ]  # fmt: skip
    marks = {
        "data_self": "true" if self_handled else "false", "data_sending": _("Sending …"),
        "data_lost": _("The server does not answer. What you wrote is still here; send it again."),
    }  # fmt: skip
    return html.Form(
        [
            _field(_("Category"), _category(categories)),
            _field(_("Description"), html.Textarea(name="text", rows=4, maxLength=MOST_TEXT, required="required")),
            _field(_("Place in words"), made_input("title", "text", data_placeholder=_("Street, number, landmark")), optional=True),
            *photos,
            *who,
            _similar(),
            html.Div(className="gh-form-said", role="alert", hidden=True),
            html.Button(_("Handled on the spot") if self_handled else _("Register the report"), type="submit",
                        className="gh-button gh-primary gh-wide"),
        ],
        className="gh-new-form", id="new-form", **attributes(**marks),
    )  # fmt: skip


def _category(categories: Sequence[Option]) -> list[Any]:
    """A line that suggests while one types; the list is the browser's own."""
    known = html.Datalist([html.Option(value=value) for value, _text in categories], id="new-categories")
    return [made_input("category", "text", required=True, data_list="new-categories",
                       data_placeholder=_("Type a part of its name")), known]  # fmt: skip


def _field(label: str, child: Any, *, optional: bool = False) -> html.Div:
    mark = [html.Small(_("optional"), className="gh-quiet")] if optional else []
    words = html.Span([label, *mark], className="gh-field-label")
    holder = html.Div if getattr(child, "className", "") == "gh-photos-input" else html.Label
    return html.Div(holder([words, *(child if isinstance(child, list) else [child])]), className="gh-field")


def _similar() -> html.Div:
    return html.Div(
        [html.B(_("Perhaps this is known already:")), html.Ul()], id="new-similar", className="gh-similar", hidden=True,
        role="status",
    )  # fmt: skip


def _place(areas: Sequence[Option], center: tuple[float, float], scheme: str) -> list[Any]:
    here = html.Button(
        _("Where I am"), type="button", id="new-here", className="gh-button",
        **attributes(data_asking=_("Asking the device …"), data_failed=_("The device does not say where it is; press on the map.")),
    )  # fmt: skip
    every = [html.Option(_("or choose its area"), value=""), *(html.Option(text, value=code) for code, text in areas)]
    area = html.Select(every, id="new-area")
    drawn = dl.Map(
        [dl.TileLayer(id="new-base", url=TILES.format(theme=scheme), minZoom=MIN_ZOOM, maxZoom=MAX_ZOOM),
         dl.LayerGroup(id="new-mark")],
        id="new-map", center=list(center), zoom=15, minZoom=MIN_ZOOM, maxZoom=MAX_ZOOM, attributionControl=False,
        className="gh-map",
    )  # fmt: skip
    return [
        html.Div(
            [html.H2(_("Place")), html.Span(_("Press on the map"), className="gh-card-note")], className="gh-card-head"
        ),
        html.Div([here, html.Span(id="new-here-said", className="gh-quiet", role="status")], className="gh-new-place"),
        html.Div(html.Label([html.Span(_("Area"), className="gh-field-label"), area]), className="gh-field"),
        html.P(_("No place yet."), id="new-where", className="gh-new-where", role="status"),
        drawn,
    ]


def mark(longitude: float, latitude: float) -> dl.DivMarker:
    """Where a new case is."""
    return dl.DivMarker(
        position=[latitude, longitude], interactive=False, keyboard=False,
        iconOptions={"html": "", "className": "gh-dot gh-dot-here", "iconSize": [20, 20]},
    )  # fmt: skip

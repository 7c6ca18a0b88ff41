"""/ : the one map, six key figures, a series, and what is newest."""

from typing import Any
from urllib.parse import urlencode

import dash
import structlog
from dash import ClientsideFunction, Input, Output, State, callback, clientside_callback, html
from dash.development.base_component import Component

from components import area, choropleth, filters, kpi, legend, trend
from components.areawords import whole_word
from components.camera_card import cameras_panel
from components.camera_marks import point_marks
from components.charts import graph
from components.periodtext import before_name, dates, period_name
from components.words import _
from domain.measures import CARDS, KPIS
from domain.periods import date_of
from pages.asked import Asked, asked
from pages.overview_layout import overview
from pages.unchanged import version_of
from views.area_names import names_above
from views.cameras import any_camera, nearest, parse_point
from views.caselist import case_page
from views.figures import figure, map_values, top_categories
from views.figures import trend as series
from views.places import trail, whole
from views.query import period_text
from wiring import house

dash.register_page(__name__, path="/", title=lambda: _("Overview"))

log = structlog.get_logger()
NEWEST, TOP = 15, 5
SEARCH, FIGURES = Input("frame-url", "search"), Input("live-figures", "data")
CHOICE = Input("overview-choice", "data")
"""The address without what only the map depends on."""


def layout(**query: str) -> html.Div:
    """The page without its numbers; they come by callback."""
    return overview(asked(urlencode(query)))


@callback(Output("overview-cards", "children"), SEARCH, Input("live", "data"))
def show_cards(search: str | None, _live: object) -> list[Component]:
    """Six key figures; one that fails leaves the others alive."""
    now = asked(search)
    age, chosen = now.age(), now.query.measure
    words = dates(now.query.chosen.period, now.moment.today)

    def one(name: str) -> Component:
        try:
            found = figure(now.reader, now.moment, now.scope, now.query.chosen, name)
            return kpi.card(found, kpi.CardLook(age, name == chosen, now.list_href(name), words))
        except Exception:
            log.exception("a key figure failed", figure=name)
            return kpi.error_card(name, age, chosen=name == chosen)

    return [one(name) for name in CARDS]


@callback(
    *(Output(f"overview-{name}-text", "children") for name in ("period", "area", "kind", "category", "source")),
    Output("overview-ends", "children"),
    Output("overview-export", "href"),
    CHOICE,
    FIGURES,
)
def show_filters(search: str | None, _figures: object) -> tuple[object, ...]:
    """What is chosen, in words; rolling windows with their days."""
    now = asked(search)
    chosen = now.query.chosen
    period = [html.B(period_name(now.query.period, now.today)), html.Span(dates(chosen.period, now.moment.today))]
    ends = _("Data ends {day}", day=date_of(now.today).isoformat()) if now.today < now.moment.today else ""
    return (
        period, trail_names(now)[-1][1], filters.kind_text(chosen.kinds), filters.chosen_text(chosen.categories),
        filters.chosen_text(chosen.sources), ends, now.list_href("cases").replace("/cases", "/export/cases.csv", 1),
    )  # fmt: skip


@callback(Output("overview-legend", "children"), Output("overview-off-map", "children"), SEARCH, FIGURES)
def show_legend(search: str | None, _figures: object) -> tuple[Component, Component | None]:
    """What the colours mean, and how many cases are not on the map."""
    now = asked(search)
    query = now.query
    found = map_values(now.reader, now.moment, now.scope, query.chosen, query.measure, query.level)
    shown = legend.heat() if query.heat else legend.choropleth(found.breaks, found.kpi)
    hrefs = {name: now.list_href(query.measure, placing=name) for name in found.off_map}
    hrefs[""] = now.list_href(query.measure, placing=[name for name, n in found.off_map.items() if n])
    return shown, legend.off_map(found.off_map, hrefs)


@callback(Output("overview-heat", "children"), SEARCH, FIGURES, Input("frame-scheme", "data"))
def show_heat(search: str | None, _figures: object, scheme: str) -> list[Component]:
    """The heat tiles of this filter, of every area as the cells are; nothing while cells are coloured."""
    now = asked(search)
    if not now.query.heat:
        return []
    text = now.query.text(area="", level="", layer="", v=now.moment.snapshot.version)
    return choropleth.heat_layer(f"{choropleth.tiles_url('heat', scheme)}{text}")


@callback(Output("overview-rail", "children"), CHOICE, FIGURES)
def show_rail(search: str | None, _figures: object) -> list[Component]:
    """The chosen area, or all of the site: count, categories, newest open cases."""
    now = asked(search)
    cases, overdue = (
        figure(now.reader, now.moment, now.scope, now.query.chosen, name) for name in ("cases", "overdue")
    )
    rows = top_categories(now.reader, now.moment, now.scope, now.query.chosen, TOP)
    found = case_page(now.reader, now.moment.wanted(now.scope, now.query.chosen, KPIS["open"]), limit=NEWEST)
    hrefs = [now.list_href("cases", category=row.name) if row.name else "" for row in rows]
    return [
        area.trail(trail_names(now)),
        area.summary(cases, overdue, now.list_href("cases"), now.list_href("overdue")),
        area.categories(zip(rows, hrefs, strict=True)),
        *area.newest(found.rows, found.total, now.end, now.list_href("open")),
    ]


@callback(
    Output("overview-near", "children"), Output("overview-near-marks", "children"), Output("overview-near-shown", "data"),
    SEARCH, State("overview-near-shown", "data"),
)  # fmt: skip
def show_cameras(search: str | None, shown: str | None) -> Any:
    """The cameras that see the point which the address names; nothing without one, or where nobody has a camera."""
    point, now = parse_point(search or ""), asked("")
    version = version_of(point)
    if version == shown:
        return dash.no_update, dash.no_update, dash.no_update
    if point is None or not any_camera(now.reader, now.scope):
        return [], [], version
    found = nearest(now.reader, now.scope, *point, house().site.area_at(*point))
    near = [(each, names_above(now.moment.areas, each.camera["position"])) for each in found]
    return cameras_panel(near, now.zone.key), point_marks(point, found), version


@callback(
    Output("overview-trend", "children"), SEARCH, FIGURES, Input("overview-painted", "data"), prevent_initial_call=True
)
def show_trend(search: str | None, _figures: object, painted: object) -> list[Component] | dash.NoUpdate:
    """The figure of the map over time; drawn after the map, because its library is the heaviest thing here."""
    if not painted:
        return dash.no_update
    now = asked(search)
    points = series(now.reader, now.moment, now.scope, now.query.chosen, now.query.measure)
    shown = KPIS[now.query.measure]
    hrefs = [now.list_href(shown.name, period=period_text(point.period)) for point in points]
    drawn = trend.chart(shown, points, hrefs, now.moment.today)
    head = trend.head(shown, points, before_name(now.query.chosen.period), now.age())
    return [head, graph(drawn, graph_id="overview-trend-graph", label=trend.told(shown, points), height_px=None)]


def trail_names(now: Asked) -> list[tuple[str, str]]:
    """(code, name) from the whole site to the chosen area."""
    return [
        ("", whole_word(whole(now.moment).level)),
        *((p.code, p.name) for p in trail(now.moment, now.query.chosen.area)),
    ]


PICKED = ("period", "dates", "area", "kind", "category", "source", "measure", "layer")
CONTROLS = tuple((f"overview-{name}", "value") for name in PICKED)

clientside_callback(
    ClientsideFunction("filters", "fill"), *(Output(*control) for control in CONTROLS), Input("frame-url", "search")
)
clientside_callback(
    ClientsideFunction("filters", "push"), *(Input(*control) for control in CONTROLS), prevent_initial_call=True
)
clientside_callback(
    ClientsideFunction("overview", "choice"),
    Output("overview-choice", "data"),
    SEARCH,
    State("overview-choice", "data"),
)
clientside_callback(ClientsideFunction("overview", "values"), Output("overview-values", "data"), SEARCH, FIGURES)
clientside_callback(
    ClientsideFunction("overview", "paint"), Output("overview-painted", "data"), Input("overview-values", "data"),
    Input("frame-scheme", "data"), SEARCH, Input("overview-words", "data"),
)  # fmt: skip
clientside_callback(
    ClientsideFunction("overview", "tiles"), Output("overview-base", "url"), Output("overview-over", "url"),
    Input("frame-scheme", "data"),
)  # fmt: skip
clientside_callback(ClientsideFunction("layers", "arrive"), SEARCH)
clientside_callback(ClientsideFunction("overview", "radius"), Input("overview-legend", "children"))
clientside_callback(
    ClientsideFunction("overview", "openPoint"), Input("overview-trend-graph", "clickData"), prevent_initial_call=True
)
